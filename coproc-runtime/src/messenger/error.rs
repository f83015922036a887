//! What a messenger's call can fail with.

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
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MessengerError {
    /// The other side asks this one to close; what was sent before can still be received.
    #[error("the other side asks this one to close")]
    CloseRequested,
    /// The other side sent an error.
    #[error(transparent)]
    Remote(RemoteError),
    /// A request failed on the other side.
    #[error(transparent)]
    Failed(Failure),
    /// The request was cancelled before it began.
    #[error("the request was cancelled before it began")]
    Cancelled,
    /// The other side is gone.
    #[error(transparent)]
    Gone(Gone),
    /// The other side sent bytes that are no conversation; nothing of it is trusted any more. Where this process has started it,
    /// it has killed it.
    #[error("the other side broke the protocol")]
    Protocol {
        /// What is wrong with the bytes.
        #[source]
        error: ProtocolError,
        /// What is left of the other side.
        gone: Box<Gone>,
    },
    /// The other side serves something else.
    #[error(transparent)]
    Mismatch(Arc<Mismatch>),
    /// A value can't be encoded, or what came can't be decoded.
    #[error("a message does not fit its type")]
    Codec(#[from] CodecError),
    /// The time given was over first.
    #[error("the time given was over first")]
    TimedOut,
    /// The time given was over first, and the worker was killed for it, as the call had asked for.
    #[error("the time given was over first, and so the worker was killed")]
    Overdue(Gone),
    /// There is no room for the message: both directions are full, and nobody here takes what has come; or the pipe is full,
    /// and the message was only to be tried.
    #[error(
        "no room for the message: what has come fills the budget and nobody takes it, or the other side doesn't read; \
         receive on the channels that it is for, or try again later"
    )]
    Full,
    /// The message can't be sent.
    #[error(transparent)]
    Refused(#[from] SendRefused),
    /// The pipe failed.
    #[error("the pipe failed")]
    Io(#[source] Arc<io::Error>),
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
pub(crate) fn with_sources(error: &dyn std::error::Error) -> String {
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

    pub(crate) fn of<E: std::error::Error + ?Sized>(error: &E, value: Option<Vec<u8>>) -> Self {
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

impl std::error::Error for RemoteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
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
    fn of(error: Option<&(dyn std::error::Error + 'static)>, most: usize) -> Option<Box<Self>> {
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

impl std::error::Error for RemoteSource {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// How a request failed on the other side.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The method panicked.
    #[error("it panicked at {location}: {message}")]
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
    #[error("on the other side: {0}")]
    Codec(String),
    /// The reply could not be sent from there.
    #[error("its reply could not be sent: {0}")]
    Unsendable(String),
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

impl std::error::Error for Mismatch {}
