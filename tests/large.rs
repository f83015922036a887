//! Large values there and back.

mod support;

use coproc::Entry;
use support::in_time;

#[coproc::worker]
trait Bulk {
    fn numbers(&self, numbers: &[f64]) -> Vec<f64>;
    /// Pages that the worker was given so far.
    fn faults(&self) -> u64;
}

struct Store;

impl Bulk for Store {
    fn numbers(&self, numbers: &[f64]) -> Vec<f64> {
        numbers.to_vec()
    }

    fn faults(&self) -> u64 {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        // The tenth field, `minflt` (`proc_pid_stat(5)`); the second is a name in parentheses.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        fields.split_whitespace().nth(7).and_then(|field| field.parse().ok()).unwrap_or_default()
    }
}

fn entry() -> Entry<BulkHost, ()> {
    coproc::test_entry("worker", |()| BulkWorker(Store))
}

#[test]
fn worker() {
    let _ = entry();
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn what_methods_take_and_return_has_pages_that_the_worker_has_had_before() {
    in_time(|| {
        let bulk = entry().start(()).unwrap();
        let numbers = vec![0.5; 128 << 10];
        let echo = || assert_eq!(bulk.numbers(&numbers).unwrap().len(), numbers.len());
        (0..5).for_each(|_| echo());
        let before = bulk.faults().unwrap();
        (0..20).for_each(|_| echo());
        // A MiB has 256 pages, and there are two of them in the worker at each call.
        assert!(bulk.faults().unwrap() - before < 256);
    });
}
