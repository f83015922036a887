//! What a call, or the start of a worker, can fail with.

mod told;

use std::borrow::Cow;
use std::fmt;
use std::io;

use crate::host::Host;
use crate::messenger::{Exit, Failure, Gone, Memory, MessengerError, with_sources};
use crate::service::{Method, Service};

/// What a call, or the start of a worker, can fail with: of which service and method, in which worker, and why.
///
/// [`Error::kind`] is for programs, the text for people. It can itself be what a method returns, and cross to another process:
/// its kind and all of its text do.
///
/// # Examples
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::{Error, ErrorKind};
///
/// fn is_worth_a_second_try(error: &Error) -> bool {
///     matches!(error.kind(), ErrorKind::Died | ErrorKind::TimedOut)
/// }
/// ```
pub struct Error(Box<Parts>);

struct Parts {
    service: Cow<'static, str>,
    method: Option<Cow<'static, str>>,
    pid: Option<u32>,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    /// The conversation failed.
    Messenger(MessengerError),
    /// The worker could not be started.
    Start { program: String, error: io::Error },
    /// This is itself a worker, and has not come to its entry yet.
    Unregistered { name: String },
    /// The entry is not one that a worker comes to.
    Entry(String),
    /// It can't be done with this kind of worker.
    Unsupported(&'static str),
    /// Another process had it.
    Told { kind: ErrorKind, why: String, backtrace: Option<String> },
}

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The worker could not be started, or ended before it came to its entry.
    Start,
    /// The worker is gone: it exited, was ended by a signal, or closed its pipe.
    Died,
    /// The method panicked; the worker has exited, unless its trait says `#[worker(panic = "continue")]`.
    Panicked,
    /// The time given to the call was over first.
    TimedOut,
    /// The call was cancelled before it began.
    Cancelled,
    /// Host and worker were built from different versions of the trait, or speak different services.
    Mismatch,
    /// The worker sent bytes that are no conversation.
    Protocol,
    /// A value can't be encoded, or did not decode.
    Codec,
    /// There is no room for the message: both directions are full and nobody takes what has come, or it was only to be tried.
    Full,
    /// The message can't be sent as it is: it is too long, or its channel's name.
    Refused,
    /// The worker closed the conversation, or answered with an error of its messenger.
    Closed,
    /// A pipe failed.
    Io,
    /// It can't be done with this kind of worker.
    Unsupported,
}

impl Error {
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &self.0.cause {
            Cause::Start { .. } | Cause::Unregistered { .. } | Cause::Entry(_) => ErrorKind::Start,
            Cause::Unsupported(_) => ErrorKind::Unsupported,
            Cause::Told { kind, .. } => *kind,
            Cause::Messenger(error) => match error {
                MessengerError::Gone(gone) if gone.never_began() => ErrorKind::Start,
                MessengerError::Gone(_) => ErrorKind::Died,
                MessengerError::Failed(Failure::Panicked { .. }) => ErrorKind::Panicked,
                MessengerError::Failed(Failure::Codec(_)) | MessengerError::Codec(_) => ErrorKind::Codec,
                MessengerError::TimedOut | MessengerError::Overdue(_) => ErrorKind::TimedOut,
                MessengerError::Cancelled => ErrorKind::Cancelled,
                MessengerError::Mismatch(_) => ErrorKind::Mismatch,
                MessengerError::Protocol { .. } => ErrorKind::Protocol,
                MessengerError::Full => ErrorKind::Full,
                MessengerError::Refused(_) | MessengerError::Failed(Failure::Unsendable(_)) => {
                    ErrorKind::Refused
                }
                MessengerError::CloseRequested | MessengerError::Remote(_) => ErrorKind::Closed,
                MessengerError::Io(_) => ErrorKind::Io,
            },
        }
    }

    /// The service's name.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.0.service
    }

    /// The method's name, where one was called.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.0.method.as_deref()
    }

    /// The worker's process id, where it is a process of its own.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.0.pid
    }

    /// How the worker ended, where it has.
    #[must_use]
    pub fn exit(&self) -> Option<Exit> {
        self.gone()?.exit
    }

    /// How much memory the worker has used, where it has ended and that is known.
    #[must_use]
    pub fn memory(&self) -> Option<Memory> {
        self.gone()?.memory
    }

    /// The last of what the worker has printed, where it has ended; up to 8 KiB, or what
    /// [`Stderr::keep_last`](crate::Stderr::keep_last) says.
    #[must_use]
    pub fn stderr(&self) -> Option<&str> {
        self.gone().map(|gone| gone.stderr.as_str())
    }

    /// How the worker's code came to its panic, where the worker's environment asks for backtraces by `RUST_BACKTRACE=1`.
    ///
    /// `Debug` shows it below the text, as a panic does; `Display` is without it.
    #[must_use]
    pub fn remote_backtrace(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Messenger(MessengerError::Failed(Failure::Panicked { backtrace, .. }))
            | Cause::Told { backtrace, .. } => backtrace.as_deref(),
            _ => None,
        }
    }

    /// The messenger's error, where it is one: with a panic's message and place, a protocol error's details, and so on.
    #[must_use]
    pub fn messenger_error(&self) -> Option<&MessengerError> {
        match &self.0.cause {
            Cause::Messenger(error) => Some(error),
            _ => None,
        }
    }

    pub(crate) fn of_call(host: &Host, method: Option<&'static Method>, error: MessengerError) -> Self {
        Error::new(host.service, method, host.pid(), Cause::Messenger(error))
    }

    pub(crate) fn of_start(service: &'static Service, program: String, error: io::Error) -> Self {
        Error::new(service, None, None, Cause::Start { program, error })
    }

    pub(crate) fn of_argument(service: &'static Service, error: MessengerError) -> Self {
        Error::new(service, None, None, Cause::Messenger(error))
    }

    pub(crate) fn unregistered(service: &'static Service, name: String) -> Self {
        Error::new(service, None, None, Cause::Unregistered { name })
    }

    pub(crate) fn of_entry(service: &'static Service, why: String) -> Self {
        Error::new(service, None, None, Cause::Entry(why))
    }

    pub(crate) fn unsupported(host: &Host, what: &'static str) -> Self {
        Error::new(host.service, None, host.pid(), Cause::Unsupported(what))
    }

    fn gone(&self) -> Option<&Gone> {
        match &self.0.cause {
            Cause::Messenger(MessengerError::Gone(gone) | MessengerError::Overdue(gone)) => Some(gone),
            Cause::Messenger(MessengerError::Protocol { gone, .. }) => Some(gone),
            _ => None,
        }
    }

    fn io_kind(&self) -> io::ErrorKind {
        let systems = match &self.0.cause {
            Cause::Start { error, .. } => Some(error.kind()),
            Cause::Messenger(MessengerError::Io(error)) => Some(error.kind()),
            _ => None,
        };
        match self.kind() {
            ErrorKind::Died | ErrorKind::Panicked | ErrorKind::Closed => io::ErrorKind::BrokenPipe,
            ErrorKind::TimedOut => io::ErrorKind::TimedOut,
            ErrorKind::Codec | ErrorKind::Protocol | ErrorKind::Mismatch => io::ErrorKind::InvalidData,
            ErrorKind::Unsupported => io::ErrorKind::Unsupported,
            ErrorKind::Io
            | ErrorKind::Start
            | ErrorKind::Cancelled
            | ErrorKind::Full
            | ErrorKind::Refused => {
                systems.filter(|kind| *kind != io::ErrorKind::Interrupted).unwrap_or(io::ErrorKind::Other)
            }
        }
    }

    fn new(
        service: &'static Service,
        method: Option<&'static Method>,
        pid: Option<u32>,
        cause: Cause,
    ) -> Self {
        let method = method.map(|method| Cow::Borrowed(method.name));
        Error(Box::new(Parts { service: Cow::Borrowed(service.name), method, pid, cause }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { service, method, pid, cause } = &*self.0;
        f.write_str(service)?;
        if let Some(method) = method {
            write!(f, "::{method}")?;
        }
        if let Some(pid) = pid {
            write!(f, " (worker {pid})")?;
        }
        write!(f, ": {cause}")
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Messenger(MessengerError::Gone(gone)) => {
                f.write_str("the worker is gone: ")?;
                gone.fmt_how(f)?;
                gone.fmt_remains(f)
            }
            Cause::Messenger(MessengerError::TimedOut) => f.write_str(
                "no reply in the time given; a method that does not ask `cancelled` runs on, and `kill` or `kill_on_timeout` \
                 ends it",
            ),
            Cause::Messenger(MessengerError::Overdue(gone)) => {
                f.write_str("no reply in the time given, and so the worker was killed")?;
                gone.fmt_remains(f)
            }
            Cause::Messenger(MessengerError::Protocol { error, gone }) => {
                write!(f, "the worker broke the protocol: {error}")?;
                if gone.exit.is_some() {
                    f.write_str("; ")?;
                    gone.fmt_how(f)?;
                }
                gone.fmt_remains(f)
            }
            Cause::Messenger(error) => error.fmt(f),
            Cause::Start { program, .. } => write!(f, "its worker can't be started: {program}"),
            Cause::Unregistered { name } => write!(
                f,
                "this process was started as the worker {name:?} and has come to no entry of that name; \
                 register every entry before the first worker is started"
            ),
            Cause::Entry(why) | Cause::Told { why, .. } => f.write_str(why),
            Cause::Unsupported(what) => f.write_str(what),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What `fn main() -> Result<(), Error>` prints: the text, why, and how it came to a panic.
        f.write_str(&with_sources(self))?;
        match self.remote_backtrace() {
            Some(backtrace) => write!(f, "\nstack backtrace:\n{}", backtrace.trim_end()),
            None => Ok(()),
        }
    }
}

/// For methods of a trait that return an [`io::Result`].
///
/// The [`Error`] is what the new error holds: `error.get_ref()`, then `downcast_ref::<coproc::Error>()`.
///
/// | [`Error::kind`] | kind of the [`io::Error`] |
/// |---|---|
/// | `Died`, `Panicked`, `Closed` | `BrokenPipe` |
/// | `TimedOut` | `TimedOut` |
/// | `Codec`, `Protocol`, `Mismatch` | `InvalidData` |
/// | `Unsupported` | `Unsupported` |
/// | `Io`, `Start` | that of the system's error, where there is one, but never `Interrupted` |
/// | `Cancelled` and all others | `Other` |
///
/// It is never `Interrupted`, because the standard library's readers and writers try again on it without end.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        io::Error::new(error.io_kind(), error)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.source()
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // It stands in the text already, ahead of what the worker has printed.
            Cause::Messenger(MessengerError::Protocol { .. }) => None,
            Cause::Messenger(error) => error.source(),
            Cause::Start { error, .. } => Some(error),
            Cause::Unregistered { .. } | Cause::Entry(_) | Cause::Unsupported(_) | Cause::Told { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messenger::Remains;
    use crate::proto::End;

    static INDEX: Service = Service::untyped("Index");

    fn io_kind(cause: Cause) -> io::ErrorKind {
        io::Error::from(Error::new(&INDEX, None, Some(7), cause)).kind()
    }

    fn system(kind: io::ErrorKind) -> Cause {
        Cause::Messenger(io::Error::from(kind).into())
    }

    fn gone(end: End, exit: Exit) -> Cause {
        Cause::Messenger(MessengerError::Gone(Gone::new(end, Some(exit), Remains::default())))
    }

    #[test]
    fn an_io_error_has_the_kind_that_is_nearest() {
        let panicked = Failure::Panicked { message: "no".into(), location: "here".into(), backtrace: None };
        assert_eq!(io_kind(Cause::Messenger(MessengerError::Failed(panicked))), io::ErrorKind::BrokenPipe);
        assert_eq!(io_kind(gone(End::Dropped, Exit::Signal(9))), io::ErrorKind::BrokenPipe);
        assert_eq!(io_kind(Cause::Messenger(MessengerError::CloseRequested)), io::ErrorKind::BrokenPipe);
        assert_eq!(io_kind(Cause::Messenger(MessengerError::TimedOut)), io::ErrorKind::TimedOut);
        let codec = Cause::Messenger(MessengerError::Failed(Failure::Codec("no".into())));
        assert_eq!(io_kind(codec), io::ErrorKind::InvalidData);
        assert_eq!(io_kind(Cause::Unsupported("no")), io::ErrorKind::Unsupported);
        assert_eq!(io_kind(Cause::Messenger(MessengerError::Cancelled)), io::ErrorKind::Other);
        assert_eq!(io_kind(Cause::Messenger(MessengerError::Full)), io::ErrorKind::Other);
    }

    #[test]
    fn the_systems_own_error_keeps_its_kind_unless_it_asks_for_a_second_try() {
        assert_eq!(io_kind(system(io::ErrorKind::StorageFull)), io::ErrorKind::StorageFull);
        assert_eq!(io_kind(system(io::ErrorKind::Interrupted)), io::ErrorKind::Other);
        let start = Cause::Start { program: "indexer".into(), error: io::ErrorKind::NotFound.into() };
        assert_eq!(io_kind(start), io::ErrorKind::NotFound);
        assert_eq!(io_kind(gone(End::Unmet, Exit::Code(1))), io::ErrorKind::Other);
    }

    #[test]
    fn an_io_error_holds_the_error() {
        let error = Error::new(&INDEX, None, Some(7), Cause::Messenger(MessengerError::TimedOut));
        let text = error.to_string();
        let error = io::Error::from(error);
        assert_eq!(error.to_string(), text);
        let held = error.get_ref().and_then(|error| error.downcast_ref::<Error>()).unwrap();
        assert_eq!((held.kind(), held.pid()), (ErrorKind::TimedOut, Some(7)));
    }
}
