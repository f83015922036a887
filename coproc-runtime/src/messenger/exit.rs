//! How a worker ended.

use std::fmt;
use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use crate::pipe::ExitWatch;

/// How a worker ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Exit {
    /// Its process exited with this code.
    Code(i32),
    /// Its process was ended by this signal, `signal(7)`.
    Signal(i32),
    /// Its thread returned.
    Returned,
    /// Its thread panicked.
    Panicked,
    /// It has ended, and the system gave its status to somebody else, as where this process ignores SIGCHLD.
    Unknown,
}

impl Exit {
    /// Whether it left as it should: exit code 0, or its thread returned.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self, Exit::Code(0) | Exit::Returned)
    }
}

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        use std::os::unix::process::ExitStatusExt;

        match (status.code(), status.signal()) {
            (Some(code), _) => Exit::Code(code),
            (None, Some(signal)) => Exit::Signal(signal),
            (None, None) => Exit::Code(status.into_raw()),
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Exit::Code(code) => write!(f, "it exited with code {code}"),
            Exit::Signal(signal) => match signal_name(signal) {
                Some(name) => write!(f, "it was ended by {name}"),
                None => write!(f, "it was ended by signal {signal}"),
            },
            Exit::Returned => f.write_str("its thread returned"),
            Exit::Panicked => f.write_str("its thread panicked"),
            Exit::Unknown => f.write_str("it ended, nobody knows how"),
        }
    }
}

/// The most memory that a worker's process, or a child that it has waited for, has had in use at once: its resident set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Memory {
    /// This many bytes at the peak, as the kernel counts them (`getrusage(2)`, `ru_maxrss`).
    Peak(u64),
    /// At most this many bytes: the kernel's count begins with what the host itself had in use when it started the
    /// worker, and the worker never had more.
    AtMost(u64),
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        match *self {
            Memory::Peak(bytes) => write!(f, "its memory peaked at {:.1} MiB", mebibytes(bytes)),
            Memory::AtMost(bytes) => write!(f, "its memory stayed below {:.1} MiB", mebibytes(bytes)),
        }
    }
}

/// How long a killed process may take to be gone: with a large memory, or a device that it waits for, not at once.
pub(crate) const PATIENCE_TO_DIE: Duration = Duration::from_secs(10);

/// The side that a messenger talks to, where this process has started it.
pub(crate) trait OtherSide: fmt::Debug + Send + Sync {
    /// The process id, if it is a process.
    fn pid(&self) -> Option<u32>;

    /// What becomes readable when it has ended.
    fn exit_watch(&self) -> Option<&ExitWatch>;

    /// How it ended, waited for up to `patience`, or for as long as it takes.
    fn exit(&self, patience: Option<Duration>) -> Option<Exit>;

    /// What is known of it beside its exit.
    fn remains(&self) -> Remains;

    /// Takes what it has printed where its messages were awaited.
    fn note_printed(&self, text: &[u8]);

    /// Sends it a signal, if it is a process; `why` is for the errors of calls that this ends.
    fn signal(&self, signal: Signal, why: &str) -> io::Result<()>;

    /// Ends it for good and leaves nothing of it, once it had its time to leave by itself.
    fn put_away(&self, patience: Duration);
}

/// What is left of a worker.
#[derive(Debug, Default)]
pub(crate) struct Remains {
    pub(crate) memory: Option<Memory>,
    /// The last of what it printed.
    pub(crate) stderr: String,
    /// Why this process sent the signal that it ended by.
    pub(crate) sent_because: Option<String>,
}

/// What a worker's process can be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Signal {
    /// SIGTERM, to the process.
    Terminate,
    /// SIGKILL, to its process group.
    Kill,
}

impl Signal {
    /// How a process has ended that it has ended.
    pub(crate) fn exit(self) -> Exit {
        Exit::Signal(match self {
            Signal::Terminate => rustix::process::Signal::TERM.as_raw(),
            Signal::Kill => rustix::process::Signal::KILL.as_raw(),
        })
    }
}

/// The signals that end processes, by name.
fn signal_name(signal: i32) -> Option<&'static str> {
    use rustix::process::Signal;

    const NAMES: [(Signal, &str); 16] = [
        (Signal::HUP, "SIGHUP"),
        (Signal::INT, "SIGINT"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::ILL, "SIGILL"),
        (Signal::TRAP, "SIGTRAP"),
        (Signal::ABORT, "SIGABRT"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::KILL, "SIGKILL"),
        (Signal::USR1, "SIGUSR1"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::PIPE, "SIGPIPE"),
        (Signal::ALARM, "SIGALRM"),
        (Signal::TERM, "SIGTERM"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::SYS, "SIGSYS"),
    ];
    NAMES.iter().find(|(known, _)| known.as_raw() == signal).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exit_says_what_happened() {
        assert_eq!(Exit::Signal(9).to_string(), "it was ended by SIGKILL");
        assert_eq!(Exit::Signal(63).to_string(), "it was ended by signal 63");
        assert_eq!(Exit::Code(3).to_string(), "it exited with code 3");
        assert!(Exit::Code(0).is_success() && !Exit::Signal(9).is_success());
    }
}
