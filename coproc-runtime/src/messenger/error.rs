//! What a messenger's call can fail with.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Gone;
use super::exit::Remains;
use crate::codec::{self, CodecError};
use crate::proto::{End, ProtocolError, SendRefused};

/// What a messenger's call can fail with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum MessengerError {
    /// The other side asks this one to close; what was sent before can still be received.
    CloseRequested,
    /// The other side sent an error.
    Remote(RemoteError),
    /// A request failed on the other side.
    Failed(Failure),
    /// The request was cancelled before it began.
    Cancelled,
    /// The other side is gone.
    Gone(Gone),
    /// The other side sent bytes that are no conversation; nothing of it is trusted any more. Where this process has started it,
    /// it has killed it.
    Protocol {
        /// What is wrong with the bytes.
        error: ProtocolError,
        /// What is left of the other side.
        gone: Box<Gone>,
    },
    /// The other side serves something else.
    Mismatch(Arc<Mismatch>),
    /// A value can't be encoded, or what came can't be decoded.
    Codec(CodecError),
    /// The time given was over first.
    TimedOut,
    /// The time given was over first, and the worker was killed for it, as the call had asked for.
    Overdue(Gone),
    /// There is no room for the message: both directions are full, and nobody here takes what has come; or the pipe is full,
    /// and the message was only to be tried.
    Full,
    /// The message can't be sent.
    Refused(SendRefused),
    /// The pipe failed.
    Io(Arc<io::Error>),
}

impl MessengerError {
    /// The value of an error that the other side sent with `send_error_value`, if it was of this type.
    #[must_use]
    pub fn value<E: DeserializeOwned>(&self) -> Option<E> {
        match self {
            MessengerError::Remote(error) => error.value(),
            _ => None,
        }
    }
}

impl fmt::Display for MessengerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MessengerError::CloseRequested => f.write_str("the other side asks this one to close"),
            MessengerError::Remote(error) => error.fmt(f),
            MessengerError::Failed(failure) => failure.fmt(f),
            MessengerError::Cancelled => f.write_str("the request was cancelled before it began"),
            MessengerError::Gone(gone) => gone.fmt(f),
            MessengerError::Protocol { .. } => f.write_str("the other side broke the protocol"),
            MessengerError::Mismatch(mismatch) => mismatch.fmt(f),
            MessengerError::Codec(_) => f.write_str("a message does not fit its type"),
            MessengerError::TimedOut => f.write_str("the time given was over first"),
            MessengerError::Overdue(_) => {
                f.write_str("the time given was over first, and so the worker was killed")
            }
            MessengerError::Full => f.write_str(
                "no room for the message: what has come fills the budget and nobody takes it, or the other side doesn't \
                 read; receive on the channels that it is for, or try again later",
            ),
            MessengerError::Refused(refused) => refused.fmt(f),
            MessengerError::Io(_) => f.write_str("the pipe failed"),
        }
    }
}

/// An error that is shown as what it holds has the sources of that.
impl Error for MessengerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            MessengerError::Remote(error) => error.source(),
            MessengerError::Failed(failure) => failure.source(),
            MessengerError::Gone(gone) => gone.source(),
            MessengerError::Protocol { error, .. } => Some(error),
            MessengerError::Mismatch(mismatch) => mismatch.source(),
            MessengerError::Codec(error) => Some(error),
            MessengerError::Refused(refused) => refused.source(),
            MessengerError::Io(error) => Some(&**error),
            MessengerError::CloseRequested
            | MessengerError::Cancelled
            | MessengerError::TimedOut
            | MessengerError::Overdue(_)
            | MessengerError::Full => None,
        }
    }
}

impl From<CodecError> for MessengerError {
    fn from(error: CodecError) -> Self {
        MessengerError::Codec(error)
    }
}

impl From<SendRefused> for MessengerError {
    fn from(refused: SendRefused) -> Self {
        MessengerError::Refused(refused)
    }
}

impl From<io::Error> for MessengerError {
    fn from(error: io::Error) -> Self {
        MessengerError::Io(Arc::new(error))
    }
}

impl From<ProtocolError> for MessengerError {
    fn from(error: ProtocolError) -> Self {
        MessengerError::Protocol { error, gone: Gone::new(End::Dropped, None, Remains::default()).into() }
    }
}

/// An error's text and those of its sources, in one line.
pub(crate) fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// An error that the other side sent: its type's name, its message, and those of its sources.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemoteError {
    type_name: String,
    message: String,
    source: Option<Box<RemoteSource>>,
    value: Option<Vec<u8>>,
}

impl RemoteError {
    /// The name of the error's type on the other side, for people to read.
    #[must_use]
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The error's message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The error itself, if the other side sent its value and it decodes as this type.
    #[must_use]
    pub fn value<E: DeserializeOwned>(&self) -> Option<E> {
        codec::decode(self.value.as_deref()?).ok()
    }

    pub(crate) fn of<E: Error + ?Sized>(error: &E, value: Option<Vec<u8>>) -> Self {
        RemoteError {
            type_name: std::any::type_name::<E>().into(),
            message: error.to_string(),
            source: RemoteSource::of(error.source(), MOST_SOURCES),
            value,
        }
    }
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for RemoteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Sources of an error that travel with it: far above what errors have, far below what the codec refuses.
const MOST_SOURCES: usize = 32;

/// The message of one source of an error.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct RemoteSource {
    message: String,
    source: Option<Box<RemoteSource>>,
}

impl RemoteSource {
    fn of(error: Option<&(dyn Error + 'static)>, most: usize) -> Option<Box<Self>> {
        let error = error.filter(|_| most > 0)?;
        let source = RemoteSource::of(error.source(), most - 1);
        Some(Box::new(RemoteSource { message: error.to_string(), source }))
    }
}

impl fmt::Display for RemoteSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for RemoteSource {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// How a request failed on the other side.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Failure {
    /// The method panicked.
    Panicked {
        /// The panic's message, up to some KiB; of a payload that is no text, that it is none.
        ///
        /// Of several panics that end in an abort, as where a destructor panics on the way of another panic, it tells all in order.
        message: String,
        /// File, line and column, where a panic hook has seen them.
        location: String,
        /// How the code came there, a frame or its place a line, up to some KiB; where the worker's environment asks for
        /// it as [`std::backtrace`] says, by `RUST_BACKTRACE=1`.
        backtrace: Option<String>,
    },
    /// The request did not decode there, or the reply could not be encoded.
    Codec(String),
    /// The reply could not be sent from there.
    Unsendable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Panicked { message, location, .. } => write!(f, "it panicked at {location}: {message}"),
            Failure::Codec(why) => write!(f, "on the other side: {why}"),
            Failure::Unsendable(why) => write!(f, "its reply could not be sent: {why}"),
        }
    }
}

impl Error for Failure {}

/// The other side serves something else than this one calls.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Mismatch {
    /// The service of this side.
    pub service: String,
    /// The service of the other side.
    pub other_service: String,
    /// Signatures that only this side has.
    pub missing: Vec<String>,
    /// Signatures that only the other side has.
    pub surplus: Vec<String>,
}

/// Signatures of one side that stand in the text of a [`Mismatch`]; the other side may have sent any number.
const MOST_SIGNATURES: usize = 20;

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.service != self.other_service {
            return write!(f, "this side speaks {}, the other side {}", self.service, self.other_service);
        }
        write!(f, "the two sides were built from different versions of {}", self.service)?;
        for (whose, signatures) in [("this side", &self.missing), ("the other side", &self.surplus)] {
            for signature in signatures.iter().take(MOST_SIGNATURES) {
                write!(f, "; only {whose} has `{signature}`")?;
            }
            match signatures.len().saturating_sub(MOST_SIGNATURES) {
                0 => {}
                more => write!(f, ", and {more} more")?,
            }
        }
        if self.missing.is_empty() && self.surplus.is_empty() {
            f.write_str("; their methods stand in another order")?;
        }
        Ok(())
    }
}

impl Error for Mismatch {}
