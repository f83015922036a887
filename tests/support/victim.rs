//! A service whose worker ends in every way there is.
#![allow(dead_code, unreachable_pub, reason = "each test crate uses a part")]

use std::hint::black_box;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use coproc::Entry;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Signal, getpid, kill_process};
use serde::{Deserialize, Serialize};

/// How a worker ends in the middle of a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Way {
    Exit(i32),
    /// A signal that it sends itself.
    Raise(i32),
    Abort,
    OverflowStack,
    /// More than there is of address space.
    FailToAllocate,
    /// More than its memory cgroup lets it; the path of the file that moves a process there.
    OutgrowCgroup(PathBuf),
    /// Another program takes its place, and lives on.
    Exec,
}

#[coproc::worker]
pub trait Victim {
    fn echo(&self, text: &str) -> String;
    /// Says at a gate that it has come there, and returns when the gate is opened.
    fn wait_for(&self, gate: &Path);
    fn die(&self, way: Way);
    #[norequest]
    fn note(&self);
    /// Writes these bytes to stderr so many times.
    fn print(&self, bytes: &[u8], times: u32);
    /// Prints so many lines, numbered.
    fn count(&self, lines: u32);
    /// Fills its stderr, made as large as a pipe can be, with empty lines.
    fn fill_stderr(&self);
    /// Has so many bytes of memory in use for a moment.
    fn touch(&self, bytes: usize);
    /// Starts a process that would live for long; its process id.
    fn start_child(&self) -> u32;
    /// Starts a worker of this worker, out of the test program's test `inner`; its process id.
    fn start_worker(&self) -> u32;
    fn process(&self) -> u32;
    fn hang(&self);
}

#[derive(Debug)]
pub struct Body;

/// A worker process out of the test program, which has a test called `worker` that calls this.
pub fn entry() -> Entry<VictimHost, ()> {
    coproc::test_entry("worker", |()| VictimWorker(Body))
}

/// The same out of its test `inner`, for workers of a worker.
pub fn inner_entry() -> Entry<VictimHost, ()> {
    coproc::test_entry("inner", |()| VictimWorker(Body))
}

impl Victim for Body {
    fn echo(&self, text: &str) -> String {
        text.into()
    }

    fn wait_for(&self, gate: &Path) {
        std::fs::write(gate.with_extension("reached"), "").unwrap();
        std::fs::read(gate).unwrap();
    }

    fn die(&self, way: Way) {
        match way {
            Way::Exit(code) => std::process::exit(code),
            // The first SIGSEGV or SIGBUS only has the standard library's handler leave (it looks for overflown stacks).
            Way::Raise(number) => loop {
                kill_process(getpid(), Signal::from_named_raw(number).unwrap()).unwrap();
            },
            Way::Abort => std::process::abort(),
            Way::OverflowStack => {
                overflow(0);
            }
            Way::FailToAllocate => drop(black_box(Vec::<u8>::with_capacity(isize::MAX as usize))),
            Way::OutgrowCgroup(processes) => outgrow(&processes),
            Way::Exec => drop(Command::new("sleep").arg("1000").exec()),
        }
    }

    fn note(&self) {}

    fn print(&self, bytes: &[u8], times: u32) {
        let mut stderr = std::io::stderr();
        for _ in 0..times {
            stderr.write_all(bytes).unwrap();
        }
    }

    fn count(&self, lines: u32) {
        for number in 0..lines {
            eprintln!("line {number}");
        }
    }

    fn fill_stderr(&self) {
        let stderr = std::io::stderr();
        rustix::pipe::fcntl_setpipe_size(&stderr, 1 << 20).unwrap();
        while poll(&mut [PollFd::new(&stderr, PollFlags::OUT)], Some(&Timespec::default())).unwrap() > 0 {
            (&stderr).write_all(&[b'\n'; 4096]).unwrap();
        }
    }

    fn touch(&self, bytes: usize) {
        black_box(vec![1_u8; bytes]);
    }

    fn start_child(&self) -> u32 {
        Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn().unwrap().id()
    }

    fn start_worker(&self) -> u32 {
        let worker = inner_entry().start(()).unwrap();
        let pid = worker.process().unwrap();
        // It is there as long as this process.
        std::mem::forget(worker);
        pid
    }

    fn process(&self) -> u32 {
        std::process::id()
    }

    fn hang(&self) {
        loop {
            thread::park();
        }
    }
}

fn overflow(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    if depth == u64::MAX { 0 } else { overflow(depth + 1) + frame[63] }
}

/// Stops at a GiB all the same: where the limit doesn't hold, the machine must not suffer.
fn outgrow(processes: &Path) {
    std::fs::write(processes, std::process::id().to_string()).unwrap();
    let mut hoard = Vec::new();
    for _ in 0..1024 {
        hoard.push(black_box(vec![1_u8; 1 << 20]));
    }
}
