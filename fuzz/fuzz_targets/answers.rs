#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| storage_minio::fuzz::answers::run(data));
