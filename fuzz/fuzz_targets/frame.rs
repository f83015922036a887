//! A header is refused, or written as it was read.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| coproc_runtime::proto::fuzz::frame(bytes));
