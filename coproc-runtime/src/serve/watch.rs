//! The second thread of a worker's process: it ends the process with its host, and writes what was gathered for too long.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use std::{io, thread};

use rustix::process::{Signal, getpgrp, getpid, kill_current_process_group, kill_process};

use crate::messenger::Core;
use crate::pipe::{HangUp, Waker, wait_for_hang_up};
use crate::proto::handshake::Group;

/// How long an answer waits for others, while the next method runs; and how long the pipe may be unseen, about.
const LONGEST_GATHER: Duration = Duration::from_micros(200);

/// How often is tried again what found no room in the pipe, while the next method runs.
const NEXT_TRY: Duration = Duration::from_millis(10);

/// Bytes of the thread's stack: it calls little, and what is said here the standard library need not ask the environment for.
const STACK: usize = 256 << 10;

/// What the worker's loop and its second thread share.
#[derive(Debug)]
pub(super) struct Watch {
    core: Weak<Core>,
    waker: Waker,
    /// The thread will look at what is gathered within [`LONGEST_GATHER`].
    is_armed: AtomicBool,
    /// It has looked since the loop asked.
    took_long: AtomicBool,
}

impl Watch {
    /// Ends this process when nobody writes to its host's pipe any more, however busy a method is.
    pub(super) fn start(pipe: OwnedFd, group: Group, core: &Arc<Core>) -> io::Result<Arc<Self>> {
        let (is_armed, took_long) = (AtomicBool::new(false), AtomicBool::new(false));
        let watch = Arc::new(Watch { core: Arc::downgrade(core), waker: Waker::new()?, is_armed, took_long });
        let shared = Arc::clone(&watch);
        let thread = thread::Builder::new().name("coproc watches its host".into()).stack_size(STACK);
        thread.spawn(move || {
            if shared.run(&pipe).is_ok() {
                leave(group);
            }
        })?;
        Ok(watch)
    }

    /// Something was gathered, or what comes is: neither must wait longer than that.
    pub(super) fn arm(&self) {
        // The messenger's lock lies between this and what was gathered, as between that and the store in `run`.
        if !self.is_armed.load(Ordering::Relaxed) && !self.is_armed.swap(true, Ordering::Relaxed) {
            self.waker.wake();
        }
    }

    /// Whether that was so long ago that the thread has looked since; once for each time.
    pub(super) fn took_long(&self) -> bool {
        self.took_long.load(Ordering::Relaxed) && self.took_long.swap(false, Ordering::Relaxed)
    }

    /// Returns when the host is gone.
    fn run(&self, pipe: &OwnedFd) -> io::Result<()> {
        let mut limit = None;
        loop {
            match wait_for_hang_up(pipe.as_fd(), &self.waker, limit)? {
                HangUp::Hung => return Ok(()),
                HangUp::Woken => {
                    self.waker.reset();
                    limit = Some(LONGEST_GATHER);
                }
                HangUp::TimedOut => {
                    self.is_armed.store(false, Ordering::Relaxed);
                    self.took_long.store(true, Ordering::Relaxed);
                    let is_left = self.core.upgrade().is_some_and(|core| {
                        core.post(|_| ());
                        core.with(|peer| peer.has_output())
                    });
                    limit = is_left.then_some(NEXT_TRY);
                }
            }
        }
    }
}

/// Kills this process, with all of its group where that is its own: it leads it, or its host has made it for the command
/// that this process was started by, as a shell.
fn leave(group: Group) {
    if getpgrp() == getpid() || group == Group::Own {
        let _ = kill_current_process_group(Signal::KILL);
    }
    let _ = kill_process(getpid(), Signal::KILL);
}
