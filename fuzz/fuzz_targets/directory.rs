#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spro_fuzz::directory(data));
