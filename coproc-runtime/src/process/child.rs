//! A worker's process: its exit, waited for and reaped.

use std::io;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Pid;

use crate::messenger::{Exit, OtherSide, Signal, time_left};
use crate::pipe::{self, Awaited, ExitWatch};
use crate::sync::{Mutex, lock};

/// A worker's process.
#[derive(Debug)]
pub(super) struct Process {
    child: Mutex<Child>,
    pid: u32,
    watch: Option<ExitWatch>,
}

/// Where the kernel can't watch an exit, it is asked for this often.
const ASK_AGAIN: Duration = Duration::from_millis(1);

impl Process {
    /// Starts a worker in a process group of its own, so that Ctrl-C in a terminal reaches its host alone.
    pub(super) fn start(
        command: &mut Command,
        stdin: impl Into<Stdio>,
        stdout: impl Into<Stdio>,
    ) -> io::Result<Self> {
        use std::os::unix::process::CommandExt;

        let spawned = command.stdin(stdin).stdout(stdout).process_group(0).spawn();
        // A `Command` keeps its descriptors, and with them this process would hold the worker's ends of the pipes.
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = spawned?;
        let pid = child.id();
        Ok(Process { child: Mutex::new(child), pid, watch: ExitWatch::new(pid) })
    }

    fn try_exit(&self) -> Option<Exit> {
        // An error is `ECHILD`: someone else has reaped it, or SIGCHLD is ignored (`wait(2)`).
        lock(&self.child).try_wait().map_or(Some(Exit::Unknown), |status| status.map(Exit::from))
    }
}

impl OtherSide for Process {
    fn pid(&self) -> Option<u32> {
        Some(self.pid)
    }

    fn exit_watch(&self) -> Option<&ExitWatch> {
        self.watch.as_ref()
    }

    fn exit(&self, patience: Option<Duration>) -> Option<Exit> {
        let until = patience.and_then(|patience| Instant::now().checked_add(patience));
        loop {
            if let Some(exit) = self.try_exit() {
                return Some(exit);
            }
            let left = time_left(until);
            if left == Some(Duration::ZERO) {
                return None;
            }
            match &self.watch {
                Some(watch) => {
                    pipe::wait(Awaited { exit: Some(watch), ..Awaited::default() }, left).ok()?;
                }
                None => std::thread::sleep(left.map_or(ASK_AGAIN, |left| left.min(ASK_AGAIN))),
            }
        }
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        // Under the lock nobody reaps the child, so its id can't have become another's.
        let mut child = lock(&self.child);
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidInput)?;
        match signal {
            Signal::Terminate => rustix::process::kill_process(pid, rustix::process::Signal::TERM)?,
            Signal::Kill => {
                // The group is the child's from before its first instruction; a failure leaves the child to be killed.
                let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
                child.kill()?;
            }
        }
        Ok(())
    }

    fn put_away(&self, patience: Duration) {
        if self.exit(Some(patience)).is_none() && self.signal(Signal::Kill).is_ok() {
            self.exit(None);
        }
    }
}
