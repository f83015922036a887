//! A greeting is the same at any split, and no byte around it is lost.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| coproc_runtime::proto::fuzz::handshake(bytes));
