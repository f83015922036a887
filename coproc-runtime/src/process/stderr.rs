//! What becomes of that which workers print to stderr.

use std::fmt;
use std::sync::Arc;

/// What becomes of that which a worker prints to stderr, and to stdout.
///
/// Unless it is [`Stderr::inherit`], the last of it is kept, and stands in the error of each call that the worker's end
/// has failed.
///
/// A line without an end is passed on once it is long, or the worker has exited. As stderr is a pipe, many programs
/// print no colours there.
///
/// # Examples
/// ```no_run
/// # use coproc_runtime as coproc;
/// use coproc::{Error, Stderr, spawn};
///
/// # fn start<IndexHost: coproc::Stub>(command: std::process::Command) -> Result<(), Error> {
/// let log = Stderr::to(|line| eprintln!("{} says: {}", line.service, line.text));
/// let index: IndexHost = spawn(command).stderr(log.keep_last(64 << 10)).start(())?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Stderr {
    pub(super) destination: Destination,
    /// Bytes of it that are kept.
    pub(super) tail: usize,
}

/// Bytes that are kept for errors: a panic with its backtrace.
const TAIL: usize = 8 << 10;

impl Stderr {
    /// Each line goes to this process's own stderr, labelled: `Index[4711]: a line`. What is done by default.
    #[must_use]
    pub fn forward() -> Self {
        Stderr { destination: Destination::Host, tail: TAIL }
    }

    /// It is only kept, for errors.
    #[must_use]
    pub fn quiet() -> Self {
        Stderr { destination: Destination::Nowhere, tail: TAIL }
    }

    /// The worker has what its [`Command`](std::process::Command) says: this process's own stderr, if nothing else.
    /// Nothing is kept.
    #[must_use]
    pub fn inherit() -> Self {
        Stderr { destination: Destination::Command, tail: 0 }
    }

    /// A function gets each line.
    ///
    /// It runs in the one thread that watches all workers of this process: it must be quick, and not wait for a worker.
    #[must_use]
    pub fn to(sink: impl Fn(&StderrLine<'_>) + Send + Sync + 'static) -> Self {
        Stderr { destination: Destination::Sink(Sink(Arc::new(sink))), tail: TAIL }
    }

    /// Each line is an event of `tracing`, of level INFO and target `coproc`, with the fields `service` and `pid`.
    #[cfg(feature = "tracing")]
    #[must_use]
    pub fn tracing() -> Self {
        Stderr::to(|line| {
            tracing::info!(target: "coproc", service = line.service, pid = line.pid, "{}", line.text);
        })
    }

    /// Keeps this many bytes for errors, from the beginning of a line; 8 KiB unless it is said.
    #[must_use]
    pub fn keep_last(self, bytes: usize) -> Self {
        Stderr { tail: bytes, ..self }
    }
}

impl Default for Stderr {
    fn default() -> Self {
        Stderr::forward()
    }
}

/// A line that a worker has printed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StderrLine<'a> {
    /// The worker's service.
    pub service: &'a str,
    /// The worker's process id.
    pub pid: u32,
    /// The line, without its end; bytes that are not UTF-8 are replaced.
    pub text: &'a str,
}

#[derive(Clone, Debug)]
pub(super) enum Destination {
    Host,
    Nowhere,
    /// Its stderr is not read here, but what it prints to stdout ahead of its greeting is.
    Command,
    Sink(Sink),
}

impl Destination {
    /// Whether what is read here goes to this process's own stderr.
    pub(super) fn is_host(&self) -> bool {
        matches!(self, Destination::Host | Destination::Command)
    }
}

/// A function of the user's.
#[derive(Clone)]
pub(super) struct Sink(Arc<dyn Fn(&StderrLine<'_>) + Send + Sync>);

impl Sink {
    pub(super) fn take(&self, line: &StderrLine<'_>) {
        (self.0)(line);
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sink")
    }
}
