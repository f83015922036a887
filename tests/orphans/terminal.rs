//! A host in a terminal, and what is left when somebody ends it there.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;

use rustix::fs::{Mode, OFlags};
use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::hosts::Host;
use crate::process;
use crate::support::in_time;

/// Starts a host in a terminal of its own; the terminal's other end, as a terminal emulator has it.
fn start() -> (File, Host) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let terminal: File = rustix::fs::open(&name, flags, Mode::empty()).unwrap().into();

    // The tests may have been started by what ignores these signals, as `nohup` does, and so would all they start.
    let defaults = ["--default-signal=HUP,INT", "setsid", "--ctty"];
    let mut command = process::within("env", &defaults, &process::host("wait"));
    command.stdin(terminal.try_clone().unwrap()).stderr(terminal);
    (master.into(), Host::start(command))
}

#[test]
fn ctrl_c_ends_host_and_workers() {
    in_time(|| {
        let (mut terminal, mut host) = start();
        terminal.write_all(b"\x03").unwrap();
        assert_eq!(host.child.wait().unwrap().signal(), Some(Signal::INT.as_raw()));
        host.wait_for_ends();
        // Fails once nobody has the terminal open any more.
        while terminal.read(&mut [0; 64]).is_ok() {}
    });
}

#[test]
fn a_terminal_that_is_closed_ends_host_and_workers() {
    in_time(|| {
        let (terminal, mut host) = start();
        drop(terminal);
        assert_eq!(host.child.wait().unwrap().signal(), Some(Signal::HUP.as_raw()));
        host.wait_for_ends();
    });
}
