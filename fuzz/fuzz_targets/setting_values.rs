#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| storage_suite::fuzz::setting_values::run(data));
