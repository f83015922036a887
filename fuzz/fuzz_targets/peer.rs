//! One side survives whatever comes and whatever is called.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| coproc_runtime::proto::fuzz::peer(bytes));
