//! How panics of a worker reach its host, one test for each way to panic.

mod support;

use coproc::{ErrorKind, Limits};
use support::{entry, in_time};

#[test]
fn worker() {
    let _ = entry();
}

#[test]
fn a_failure_that_is_too_long_for_the_host_is_told_all_the_same() {
    in_time(|| {
        for (most, kind) in [(1 << 10, ErrorKind::Refused), (8, ErrorKind::Codec)] {
            let mut limits = Limits::HOST;
            limits.message = most;
            let lab = entry().spawn().limits(limits).start(String::new()).unwrap();
            assert_eq!(lab.panic(&"at length ".repeat(1 << 10)).unwrap_err().kind(), kind);
        }
    });
}
