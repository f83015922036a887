//! A stream gives the same messages, or the same error, at any split.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| coproc_runtime::proto::fuzz::inbox(bytes));
