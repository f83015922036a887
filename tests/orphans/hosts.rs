//! Hosts that end without a word, and what becomes of their workers.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use coproc::{Pending, Stub};
use rustix::process::Signal;
use rustix::thread::gettid;

use crate::process::{self, behind_a_shell, send, wait_for_end, wait_until_stopped};
use crate::support::{WAITS, in_time};
use crate::victim::{self, VictimHost};

/// Workers, and what they are busy with.
type Workers = Vec<(VictimHost, Option<Pending<()>>)>;

/// Starts workers of all kinds, and says who they are and whom they have started themselves.
pub(crate) fn start_workers() -> Workers {
    let mut workers = Workers::new();
    // On one core the test harness has begun a line.
    println!();
    for wait in WAITS {
        let spawn = || victim::entry().spawn().wait(wait);
        let (idle, busy) = (spawn().start(()).unwrap(), spawn().start(()).unwrap());
        let behind = behind_a_shell(spawn(), "\"$0\" \"$@\"; true").start(()).unwrap();
        println!("worker {}", idle.pid().unwrap());
        for parent in [busy, behind] {
            println!("worker {}", parent.pid().unwrap());
            println!("process {}", parent.process().unwrap());
            println!("process {}", parent.start_child().unwrap());
            println!("process {}", parent.start_worker().unwrap());
            let call = parent.start().hang();
            workers.push((parent, Some(call)));
        }
        workers.push((idle, None));
    }
    println!("ready");
    workers
}

/// A host that a test ends.
pub(crate) fn wait_to_be_ended() {
    let _workers = start_workers();
    loop {
        thread::park();
    }
}

pub(crate) fn become_another() {
    let _workers = start_workers();
    panic!("{}", Command::new("sleep").arg("1000").exec());
}

/// A host that has started workers.
pub(crate) struct Host {
    pub(crate) child: Child,
    /// Its own workers.
    pub(crate) workers: Vec<u32>,
    /// Whom those have started.
    pub(crate) others: Vec<u32>,
}

impl Host {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut host = Host { child, workers: Vec::new(), others: Vec::new() };
        for line in lines.take_while(|line| line != "ready") {
            match line.split_once(' ') {
                Some(("worker", number)) => host.workers.push(number.parse().unwrap()),
                Some(("process", number)) => host.others.push(number.parse().unwrap()),
                // The test harness prints too.
                _ => {}
            }
        }
        assert_eq!((host.workers.len(), host.others.len()), (9, 18), "all of them run");
        host
    }

    /// Waits until nothing is left of it.
    pub(crate) fn wait_for_ends(&self) {
        for number in self.workers.iter().chain(&self.others) {
            wait_for_end(*number);
        }
    }
}

#[test]
fn a_killed_host_leaves_nothing() {
    in_time(|| {
        let mut host = Host::start(process::host("wait"));
        host.child.kill().unwrap();
        host.wait_for_ends();
        host.child.wait().unwrap();
    });
}

/// The host lives on as another program, and whoever it was is gone.
#[test]
fn a_host_that_becomes_another_program_leaves_nothing() {
    in_time(|| {
        let mut host = Host::start(process::host("exec"));
        host.wait_for_ends();
        host.child.kill().unwrap();
        host.child.wait().unwrap();
    });
}

/// The kernel wakes a process group that stands still when nobody of its session is left to care for it, and tells it to hang
/// up (`setpgid(2)`, on orphaned process groups). In a session of the host's own that is so once the host is gone.
#[test]
fn stopped_workers_of_a_killed_host_end_too() {
    in_time(|| {
        let command = process::within("setsid", &[], &process::host("wait"));
        let mut host = Host::start(command);
        for worker in &host.workers {
            send(*worker, Signal::STOP);
            wait_until_stopped(*worker);
        }
        host.child.kill().unwrap();
        host.wait_for_ends();
        host.child.wait().unwrap();
    });
}

/// `PR_SET_PDEATHSIG` would kill it: the signal comes when the thread ends that has started a process (`prctl(2)`).
#[test]
fn a_worker_outlives_the_thread_that_has_started_it() {
    in_time(|| {
        let start = || (victim::entry().start(()).unwrap(), gettid());
        let (victim, thread) = thread::spawn(start).join().unwrap();
        let number = victim.process().unwrap();
        while Path::new("/proc/self/task").join(thread.as_raw_nonzero().to_string()).exists() {
            thread::yield_now();
        }
        assert_eq!(victim.process().unwrap(), number);
        assert!(victim.is_alive());
    });
}
