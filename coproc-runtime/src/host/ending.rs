//! Bringing a worker to its end, step by step, and the account of it.

use std::fmt;
use std::time::{Duration, Instant};

use super::{Handle, Host};
use crate::error::Error;
use crate::messenger::{Exit, Fault, MessengerError, PATIENCE_TO_DIE, Signal, Stop, Unread, time_left};

/// How a worker was brought to its end; what [`Stub::join_timeout`](crate::Stub::join_timeout) gives.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use]
#[non_exhaustive]
pub struct Ending {
    /// How it ended.
    pub exit: Exit,
    /// What was done to end it, each with how long after the beginning; the last one did.
    pub steps: Vec<(Step, Duration)>,
}

/// What can be done to end a worker.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Step {
    /// It was asked to close: it serves what it was sent before, and leaves.
    CloseRequest,
    /// It was sent SIGTERM, which ends a process that does not handle it.
    Terminate,
    /// It and its process group were sent SIGKILL.
    Kill,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::CloseRequest => "asked to close",
            Step::Terminate => "sent SIGTERM",
            Step::Kill => "sent SIGKILL",
        })
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (step, after) in &self.steps {
            match after.as_millis() {
                0 => write!(f, "{step}, ")?,
                after => write!(f, "{step} after {after} ms, ")?,
            }
        }
        self.exit.fmt(f)
    }
}

impl Handle {
    /// Asks the worker to close and waits until it has left, for as long as that takes; it serves what it was sent before.
    ///
    /// # Errors
    /// When the conversation failed.
    pub fn join(&self) -> Result<Exit, Error> {
        self.close(None).map_err(|stop| self.unfinished(stop))
    }

    /// Asks the worker to close and waits this long; then it sends SIGTERM, and after the worker's patience
    /// ([`Spawn::patience`](crate::Spawn::patience)) SIGKILL.
    ///
    /// # Errors
    /// For a worker in a thread that has not left in time, with [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut).
    pub fn join_timeout(&self, timeout: Duration) -> Result<Ending, Error> {
        let begin = Instant::now();
        let mut steps = vec![(Step::CloseRequest, Duration::ZERO)];
        let exit = match self.close(begin.checked_add(timeout)) {
            Ok(exit) => exit,
            Err(stop) if self.pid().is_none() => return Err(self.unfinished(stop)),
            Err(_) => {
                steps.push((Step::Terminate, begin.elapsed()));
                match self
                    .host
                    .send(Signal::Terminate, "it had not left in the time given to `join_timeout`")?
                {
                    Some(exit) => exit,
                    None => {
                        steps.push((Step::Kill, begin.elapsed()));
                        self.host.kill("it had not left after SIGTERM")?
                    }
                }
            }
        };
        Ok(Ending { exit, steps })
    }

    /// Sends SIGTERM and waits for the worker's patience ([`Spawn::patience`](crate::Spawn::patience)), a second unless it
    /// was said; if the worker has not exited, kills it.
    ///
    /// # Errors
    /// For a worker in a thread.
    pub fn terminate(&self) -> Result<Exit, Error> {
        match self.host.send(Signal::Terminate, "`terminate` was called")? {
            Some(exit) => Ok(exit),
            None => self.host.kill("it had not left after SIGTERM"),
        }
    }

    /// Kills the worker and all of its process group with SIGKILL, and waits for its exit.
    ///
    /// # Errors
    /// For a worker in a thread; with [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut) if the kernel has not ended it in
    /// ten seconds, as where it waits for a device.
    pub fn kill(&self) -> Result<Exit, Error> {
        self.host.kill("`kill` was called")
    }

    /// Asks the worker to close, and waits for its exit.
    fn close(&self, until: Option<Instant>) -> Result<Exit, Stop> {
        let stop = self.core().close(until, Unread::Keep);
        // Only a worker that has closed its pipe can be expected to leave.
        let left = match stop {
            Stop::Fault(Fault::Ended { .. }) => time_left(until),
            // It may leave all the same: what it has sent lies here, unread.
            Stop::Full if until.is_some() => time_left(until),
            _ => Some(Duration::ZERO),
        };
        self.other().and_then(|other| other.exit(left)).ok_or(stop)
    }

    /// Why a worker that was asked to close has not left.
    fn unfinished(&self, stop: Stop) -> Error {
        Error::of_call(&self.host, None, self.core().explain(stop, Some(Instant::now())))
    }
}

impl Host {
    /// Kills the worker; `why` is for the errors of the calls that this ends.
    pub(super) fn kill(&self, why: &str) -> Result<Exit, Error> {
        let exit = self.send(Signal::Kill, why)?;
        exit.ok_or_else(|| Error::of_call(self, None, MessengerError::TimedOut))
    }

    /// Sends a signal and waits for the exit that it causes.
    fn send(&self, signal: Signal, why: &str) -> Result<Option<Exit>, Error> {
        let Some(other) = self.core.other().filter(|other| other.pid().is_some()) else {
            return Err(Error::unsupported(self, "a worker in a thread can't be signalled"));
        };
        other.signal(signal, why).map_err(|error| Error::of_call(self, None, error.into()))?;
        Ok(other.exit(Some(match signal {
            Signal::Terminate => self.core.patience(),
            Signal::Kill => PATIENCE_TO_DIE,
        })))
    }
}
