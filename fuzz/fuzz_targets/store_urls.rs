#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| storage_object_store::fuzz::store_urls::run(data));
