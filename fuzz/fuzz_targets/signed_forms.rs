#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| storage_local::fuzz::signed_forms::run(data));
