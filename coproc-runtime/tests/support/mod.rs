//! A deadline for tests that could hang.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Runs a test in a thread of its own, and fails if it isn't done within four minutes: some take half a minute where ten
/// programs share a core.
pub fn in_time<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, outcome) = mpsc::channel();
    let thread = thread::spawn(move || done.send(test()).unwrap());
    match outcome.recv_timeout(Duration::from_secs(240)) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) => std::panic::resume_unwind(thread.join().unwrap_err()),
    }
}
