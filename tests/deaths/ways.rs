//! A test for each way to end: what a call that runs, those behind it, and later ones learn.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;

use coproc::{Error, ErrorKind, Exit, Memory, Status, Stderr, Stub, Wait};
use rustix::process::Signal;

use crate::support::{Gate, WAITS, in_time};
use crate::victim::{self, Way};

/// What is to be learned of a death.
struct Expected<'a> {
    exit: Exit,
    /// How the errors' text names it.
    named: &'a str,
    /// What the worker has printed in dying.
    printed: &'a str,
}

/// What all calls learn of a worker that dies in the middle of one; these errors.
fn die(wait: Wait, way: &Way, expected: &Expected<'_>) -> Vec<Error> {
    let victim = victim::entry().spawn().wait(wait).stderr(Stderr::quiet()).start(()).unwrap();
    let pid = victim.process().unwrap();
    let name = format!("{way:?}-{wait:?}").replace(['/', ' ', '"'], "");
    let gate = Gate::new(&name);
    let waiting = victim.start().wait_for(gate.path());
    gate.reached();
    let deadly = victim.start().die(way.clone());
    let behind: Vec<_> = (0..3)
        .map(|_| {
            let call = victim.start().echo("behind");
            thread::spawn(move || call.wait().unwrap_err())
        })
        .collect();
    gate.open();
    waiting.wait().unwrap();

    let mut errors = vec![("die", deadly.wait().unwrap_err())];
    errors.extend(behind.into_iter().map(|thread| ("echo", thread.join().unwrap())));
    errors.push(("echo", victim.echo("later").unwrap_err()));
    errors.push(("note", victim.note().unwrap_err()));
    for (method, error) in &errors {
        let text = error.to_string();
        assert_eq!((error.kind(), error.exit()), (ErrorKind::Died, Some(expected.exit)), "{text}");
        assert_eq!((error.service(), error.method(), error.pid()), ("Victim", Some(*method), Some(pid)));
        assert!(text.contains(expected.named) && text.contains(&pid.to_string()), "{text}");
        assert!(matches!(error.memory(), Some(Memory::Peak(bytes) | Memory::AtMost(bytes)) if bytes > 0));
        assert!(error.stderr().unwrap().contains(expected.printed), "{text}");
    }
    assert_eq!(victim.status(), Status::Exited(expected.exit));
    errors.into_iter().map(|(_, error)| error).collect()
}

fn die_in_every_wait(way: Way, exit: Exit, named: &'static str, printed: &'static str) {
    in_time(move || {
        for wait in WAITS {
            die(wait, &way, &Expected { exit, named, printed });
        }
    });
}

fn die_of(signal: Signal, named: &'static str) {
    let number = signal.as_raw();
    die_in_every_wait(Way::Raise(number), Exit::Signal(number), named, "");
}

#[test]
fn an_exit_code() {
    die_in_every_wait(Way::Exit(3), Exit::Code(3), "it exited with code 3", "");
}

#[test]
fn an_exit_as_if_all_were_well() {
    die_in_every_wait(Way::Exit(0), Exit::Code(0), "it exited with code 0", "");
}

#[test]
fn a_segmentation_fault() {
    die_of(Signal::SEGV, "SIGSEGV");
}

#[test]
fn a_bus_error() {
    die_of(Signal::BUS, "SIGBUS");
}

#[test]
fn an_illegal_instruction() {
    die_of(Signal::ILL, "SIGILL");
}

#[test]
fn a_floating_point_exception() {
    die_of(Signal::FPE, "SIGFPE");
}

#[test]
fn a_kill() {
    die_of(Signal::KILL, "SIGKILL");
}

#[test]
fn a_termination() {
    die_of(Signal::TERM, "SIGTERM");
}

#[test]
fn an_abort_by_signal() {
    die_of(Signal::ABORT, "SIGABRT");
}

#[test]
fn an_abort() {
    die_in_every_wait(Way::Abort, Exit::Signal(Signal::ABORT.as_raw()), "SIGABRT", "");
}

#[test]
fn a_stack_overflow() {
    let printed = "has overflowed its stack";
    die_in_every_wait(Way::OverflowStack, Exit::Signal(Signal::ABORT.as_raw()), "SIGABRT", printed);
}

#[test]
fn a_failed_allocation() {
    let printed = "memory allocation of 9223372036854775807 bytes failed";
    die_in_every_wait(Way::FailToAllocate, Exit::Signal(Signal::ABORT.as_raw()), "SIGABRT", printed);
}

/// A limit that a worker outgrows fast and that its start fits into.
const LIMIT: u64 = 64 << 20;

#[test]
fn a_kill_by_the_kernel_for_lack_of_memory() {
    in_time(|| {
        let Some(cgroup) = Cgroup::new() else {
            println!("skipped: no memory cgroup can be made here");
            return;
        };
        let exit = Exit::Signal(Signal::KILL.as_raw());
        let way = Way::OutgrowCgroup(cgroup.0.join("cgroup.procs"));
        let errors = die(Wait::Adaptive, &way, &Expected { exit, named: "SIGKILL", printed: "" });
        let Some(Memory::Peak(bytes) | Memory::AtMost(bytes)) = errors[0].memory() else {
            panic!("{errors:?}")
        };
        assert!(bytes > LIMIT / 2, "{bytes}");
    });
}

/// A memory cgroup with a limit.
struct Cgroup(PathBuf);

impl Cgroup {
    /// Makes one at the root of either version's hierarchy, if this process may.
    fn new() -> Option<Self> {
        let make = |root: &str, limit: &str| {
            // Elsewhere than in a hierarchy of cgroups a folder would only be a folder.
            fs::metadata(Path::new(root).join("cgroup.procs")).ok()?;
            let path = Path::new(root).join(format!("coproc-test-{}", std::process::id()));
            fs::create_dir(&path).ok()?;
            let cgroup = Cgroup(path);
            cgroup.set(limit, LIMIT)?;
            // So that it is killed for what it has instead of being swapped out; not there where nothing is swapped.
            let _ = cgroup.set("memory.swap.max", 0);
            Some(cgroup)
        };
        make("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            .or_else(|| make("/sys/fs/cgroup", "memory.max"))
    }

    fn set(&self, name: &str, value: u64) -> Option<()> {
        let mut file = File::options().write(true).open(self.0.join(name)).ok()?;
        file.write_all(value.to_string().as_bytes()).ok()
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}
