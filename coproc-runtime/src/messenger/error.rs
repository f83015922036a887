//! What a messenger's call can fail with.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::exit::Remains;
use super::{Failure, Gone, RemoteError};
use crate::codec::CodecError;
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
