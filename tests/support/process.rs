//! Processes of the test program in other parts, and waiting for processes that are nobody's child here.
#![allow(dead_code, unreachable_pub, reason = "each test crate uses a part")]

use std::process::Command;

use coproc::{Spawn, Stub};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, kill_process, pidfd_open,
    set_parent_process_death_signal, waitid,
};
use serde::Serialize;

/// The variable that has the part's name.
const PART: &str = "COPROC_TEST_HOST";

/// A host process, which plays a part in the test program's test `host`.
pub fn host(part: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "host", "--nocapture"]).env(PART, part);
    command
}

/// The test program as this command starts it, started by another program, with these arguments ahead.
pub fn within(program: &str, arguments: &[&str], command: &Command) -> Command {
    let mut outer = Command::new(program);
    // Not by `/proc/self/exe`, which is another file to another program.
    outer.args(arguments).arg(std::env::current_exe().unwrap()).args(command.get_args());
    outer.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    outer
}

/// The part that this process was started to play, if it was.
pub fn part() -> Option<String> {
    let part = std::env::var(PART).ok()?;
    die_with_parent();
    Some(part)
}

/// Whatever becomes of the test; the thread that has started this process waits for it.
pub fn die_with_parent() {
    set_parent_process_death_signal(Some(Signal::KILL)).unwrap();
}

/// The same worker, started by a shell's script, in which `"$0" "$@"` starts it.
pub fn behind_a_shell<H: Stub, A: Serialize>(worker: Spawn<H, A>, script: &str) -> Spawn<H, A> {
    worker.command(|command| *command = within("sh", &["-c", script], command))
}

pub fn pid(number: u32) -> Pid {
    Pid::from_raw(number.cast_signed()).unwrap()
}

/// Waits until a process has ended, be it that a zombie of it is left.
pub fn wait_for_end(number: u32) {
    let Ok(watch) = pidfd_open(pid(number), PidfdFlags::empty()) else { return };
    poll(&mut [PollFd::new(&watch, PollFlags::IN)], None).unwrap();
}

pub fn send(number: u32, signal: Signal) {
    kill_process(pid(number), signal).unwrap();
}

/// Waits until every thread of a process that is nobody's child here stands still; there is no other way to see it.
pub fn wait_until_stopped(number: u32) {
    let is_stopped = |stat: &str| stat.rsplit(')').next().unwrap().starts_with(" T");
    let stands_still = || {
        let mut threads = std::fs::read_dir(format!("/proc/{number}/task")).unwrap();
        threads
            .all(|thread| is_stopped(&std::fs::read_to_string(thread.unwrap().path().join("stat")).unwrap()))
    };
    while !stands_still() {
        std::thread::yield_now();
    }
}

/// Stops a child, and waits until it stands still.
pub fn stop(number: u32) {
    send(number, Signal::STOP);
    waitid(WaitId::Pid(pid(number)), WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT).unwrap();
}

/// The most memory that this process has had in use at once, in bytes.
pub fn memory_peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() << 10
}
