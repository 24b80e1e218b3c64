#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| storage_minio::fuzz::list_xml::run(data));
