//! Calls that are given up: by a deadline, by a cancellation, with the worker or without it.

mod support;

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use coproc::{ErrorKind, Exit, Stub};
use support::{Gate, in_time};

/// A service whose methods look after their callers.
#[coproc::worker]
trait Patience {
    /// Gives the number back.
    fn echo(&self, number: u32) -> u32;
    /// Says at a gate that it has come there, and returns when the gate is opened.
    fn wait_for(&self, gate: &Path);
    /// Counts how often it was called; how often, before this call.
    fn count(&mut self) -> u32;
    /// Says at a gate that it has come there, and works until nobody waits any more.
    fn work(&mut self, gate: &Path);
    /// The same in threads of its own.
    fn work_in_threads(&mut self, gate: &Path);
    /// How often `work` and its like saw that nobody waits any more.
    fn stopped(&self) -> u32;
    /// Whether it was called off, and the milliseconds that its caller still waits.
    fn time_left(&self) -> (bool, Option<u128>);
    /// Asks a token of the call before this one, and of this one.
    fn tokens(&mut self) -> (Option<bool>, bool);
    /// Asks whether it is cancelled for some time; how many reads that took, and how many milliseconds.
    fn looks(&self) -> (u64, u128);
    /// Says at a gate that it has come there, and never returns.
    fn hang(&self, gate: &Path);
}

#[derive(Default)]
struct Watchful {
    counted: u32,
    stopped: u32,
    token: Option<coproc::CancellationToken>,
}

impl Patience for Watchful {
    fn echo(&self, number: u32) -> u32 {
        number
    }

    fn wait_for(&self, gate: &Path) {
        reach(gate);
        std::fs::read_to_string(gate).unwrap();
    }

    fn count(&mut self) -> u32 {
        self.counted += 1;
        self.counted - 1
    }

    fn work(&mut self, gate: &Path) {
        assert!(!coproc::cancelled());
        reach(gate);
        while !coproc::cancelled() {
            std::hint::spin_loop();
        }
        assert!(coproc::cancelled(), "once cancelled, it stays so");
        self.stopped += 1;
    }

    fn work_in_threads(&mut self, gate: &Path) {
        let token = coproc::cancellation_token();
        let stopped = AtomicU32::new(0);
        reach(gate);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    assert!(!coproc::cancelled(), "this thread answers nobody");
                    while !token.is_cancelled() {
                        thread::yield_now();
                    }
                    stopped.fetch_add(1, Ordering::Relaxed)
                });
            }
        });
        self.stopped += stopped.into_inner();
    }

    fn stopped(&self) -> u32 {
        self.stopped
    }

    fn time_left(&self) -> (bool, Option<u128>) {
        let left = coproc::cancellation_token().time_left();
        (coproc::cancelled(), left.map(|left| left.as_millis()))
    }

    fn tokens(&mut self) -> (Option<bool>, bool) {
        let token = coproc::cancellation_token();
        let now = token.is_cancelled();
        (self.token.replace(token).map(|token| token.is_cancelled()), now)
    }

    fn looks(&self) -> (u64, u128) {
        let (before, begin) = (reads(), Instant::now());
        while begin.elapsed() < Duration::from_millis(50) {
            assert!(!coproc::cancelled());
        }
        (reads() - before, begin.elapsed().as_millis())
    }

    fn hang(&self, gate: &Path) {
        reach(gate);
        loop {
            thread::park();
        }
    }
}

/// How many reads this process has made (`proc_pid_io(5)`, `syscr`).
fn reads() -> u64 {
    let text = std::fs::read_to_string("/proc/self/io").unwrap();
    text.lines().find_map(|line| line.strip_prefix("syscr: ")).unwrap().parse().unwrap()
}

fn reach(gate: &Path) {
    std::fs::write(gate.with_extension("reached"), "").unwrap();
}

fn entry() -> coproc::Entry<PatienceHost, ()> {
    coproc::test_entry("worker", |()| PatienceWorker(Watchful::default()))
}

#[test]
fn worker() {
    let _ = entry();
}

/// A worker, and a time that its clock is behind this process's at most.
fn start() -> (PatienceHost, Duration) {
    let begin = Instant::now();
    let host = entry().start(()).unwrap();
    assert_eq!(host.echo(7).unwrap(), 7);
    (host, begin.elapsed())
}

/// Lets this time pass, by a call that nobody answers in it.
fn pass(host: &PatienceHost, time: Duration) {
    assert_eq!(host.timeout(time).echo(0).unwrap_err().kind(), ErrorKind::TimedOut);
}

#[test]
fn what_expires_while_it_waits_in_the_worker_is_never_begun() {
    in_time(|| {
        let (host, behind) = start();
        let gate = Gate::new("expire");
        let busy = host.start().wait_for(gate.path());
        gate.reached();
        let limit = Duration::from_millis(5);
        // Nobody waits for this one, so nobody cancels it: only its deadline can stop it.
        let late = host.timeout(limit).start().count();
        pass(&host, behind + 10 * limit);
        gate.open();
        busy.wait().unwrap();
        assert_eq!(host.count().unwrap(), 0, "the call before this one was not begun");
        assert_eq!(late.wait().unwrap_err().kind(), ErrorKind::TimedOut);
    });
}

#[test]
fn what_is_in_time_is_served() {
    in_time(|| {
        let (host, _) = start();
        let calls: Vec<_> = (0..10).map(|_| host.timeout(Duration::from_secs(50)).start().count()).collect();
        for (number, call) in calls.into_iter().enumerate() {
            assert_eq!(call.wait().unwrap() as usize, number);
        }
        assert_eq!(host.timeout(Duration::MAX).count().unwrap(), 10);
        assert_eq!(host.timeout(Duration::from_secs(100 * 24 * 3600)).count().unwrap(), 11);
    });
}

#[test]
fn what_waits_in_the_worker_and_is_cancelled_is_never_begun() {
    in_time(|| {
        let (host, _) = start();
        let gate = Gate::new("cancel");
        let busy = host.start().wait_for(gate.path());
        gate.reached();
        host.start().count().cancel();
        drop(host.start().count());
        gate.open();
        busy.wait().unwrap();
        assert_eq!(host.count().unwrap(), 0);
    });
}

#[test]
fn a_running_method_sees_that_its_call_was_cancelled() {
    in_time(|| {
        let (host, _) = start();
        let gate = Gate::new("running");
        let work = host.start().work(gate.path());
        gate.reached();
        work.cancel();
        assert_eq!(host.stopped().unwrap(), 1);
    });
}

#[test]
fn a_running_method_sees_that_its_time_is_over() {
    in_time(|| {
        let (host, _) = start();
        let gate = Gate::new("deadline");
        // It is never waited for, so it is not cancelled either.
        let work = host.timeout(Duration::from_millis(20)).start().work(gate.path());
        gate.reached();
        assert_eq!(host.stopped().unwrap(), 1);
        assert_eq!(work.wait().unwrap_err().kind(), ErrorKind::TimedOut);
    });
}

#[test]
fn asking_looks_at_the_pipe_once_a_millisecond_at_most() {
    in_time(|| {
        let (host, _) = start();
        let (looks, milliseconds) = host.looks().unwrap();
        // Some are the count's own. That it looks at all is seen where a call is cancelled.
        assert!(u128::from(looks) <= milliseconds + 10, "{looks} in {milliseconds} ms");
    });
}

#[test]
fn threads_of_a_method_see_it_too() {
    in_time(|| {
        let (host, _) = start();
        let gate = Gate::new("threads");
        let work = host.start().work_in_threads(gate.path());
        gate.reached();
        drop(work);
        assert_eq!(host.stopped().unwrap(), 3);
    });
}

#[test]
fn a_method_sees_how_long_its_caller_waits() {
    in_time(|| {
        let (host, behind) = start();
        assert_eq!(host.time_left().unwrap(), (false, None));
        let (cancelled, left) = host.timeout(Duration::from_secs(50)).time_left().unwrap();
        let left = left.unwrap();
        assert!(!cancelled && left <= 50_000 + behind.as_millis() + 1, "{left}");
    });
}

#[test]
fn a_token_outlives_its_call_and_says_so() {
    in_time(|| {
        let (host, _) = start();
        assert_eq!(host.tokens().unwrap(), (None, false));
        assert_eq!(host.tokens().unwrap(), (Some(true), false));
    });
}

#[test]
fn outside_of_a_method_nothing_is_cancelled() {
    assert!(!coproc::cancelled());
    let token = coproc::cancellation_token();
    assert!(!token.is_cancelled() && token.deadline().is_none());
}

#[test]
fn a_worker_in_a_thread_is_cancelled_too() {
    in_time(|| {
        let host = coproc::in_thread(|| PatienceWorker(Watchful::default())).unwrap();
        let gate = Gate::new("in-thread");
        let work = host.start().work(gate.path());
        gate.reached();
        drop(work);
        assert_eq!(host.stopped().unwrap(), 1);
    });
}

#[test]
fn a_worker_is_killed_that_does_not_answer_in_time() {
    in_time(|| {
        let (host, _) = start();
        let gate = Gate::new("overdue");
        let other = host.start().hang(gate.path());
        gate.reached();
        let hasty = host.timeout(Duration::from_millis(20)).kill_on_timeout();
        let error = hasty.echo(1).unwrap_err();
        assert_eq!((error.kind(), error.exit()), (ErrorKind::TimedOut, Some(Exit::Signal(9))));
        assert!(error.to_string().contains("Patience::echo"), "{error}");
        assert!(error.to_string().contains("so the worker was killed"), "{error}");
        let error = other.wait().unwrap_err();
        assert_eq!((error.kind(), error.exit()), (ErrorKind::Died, Some(Exit::Signal(9))));
        assert!(error.to_string().contains("because a call of `echo` took longer than 20ms"), "{error}");
        assert_eq!(host.restart().unwrap().echo(2).unwrap(), 2);
    });
}

#[test]
fn a_wait_that_is_shorter_than_the_call_kills_nobody() {
    in_time(|| {
        let (host, _) = start();
        let gate = Gate::new("short-wait");
        let call = host.timeout(Duration::from_secs(50)).kill_on_timeout().start().wait_for(gate.path());
        gate.reached();
        let call = call.wait_timeout(Duration::from_millis(5)).unwrap_err();
        gate.open();
        call.wait().unwrap();
    });
}

#[test]
fn a_thread_that_does_not_answer_in_time_is_left() {
    in_time(|| {
        let host = coproc::in_thread(|| PatienceWorker(Watchful::default())).unwrap();
        let gate = Gate::new("thread-overdue");
        let busy = host.start().wait_for(gate.path());
        gate.reached();
        let error = host.timeout(Duration::from_millis(5)).kill_on_timeout().echo(1).unwrap_err();
        assert_eq!((error.kind(), error.exit()), (ErrorKind::TimedOut, None));
        gate.open();
        busy.wait().unwrap();
    });
}
