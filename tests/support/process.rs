//! Processes of the test program in other parts, and waiting for processes that are nobody's child here.
#![allow(dead_code, unreachable_pub, reason = "each test crate uses a part")]

use std::process::Command;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// The variable that has the part's name.
const PART: &str = "COPROC_TEST_HOST";

/// A host process, which plays a part in the test program's test `host`.
pub fn host(part: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "host", "--nocapture"]).env(PART, part);
    command
}

/// The part that this process was started to play, if it was.
pub fn part() -> Option<String> {
    std::env::var(PART).ok()
}

pub fn pid(number: u32) -> Pid {
    Pid::from_raw(number.cast_signed()).unwrap()
}

/// Waits until a process has ended, be it that a zombie of it is left.
pub fn wait_for_end(number: u32) {
    let Ok(watch) = pidfd_open(pid(number), PidfdFlags::empty()) else { return };
    poll(&mut [PollFd::new(&watch, PollFlags::IN)], None).unwrap();
}
