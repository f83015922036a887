//! Two honest sides never find a fault in each other.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| coproc_runtime::proto::fuzz::pair(bytes));
