#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| storage_policy::fuzz::policies::run(data));
