//! What can be read as a generated message can be written, and read as the same.

#![no_main]

#[path = "../../tests/fuzz/service.rs"]
mod service;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| service::codec(bytes));
