//! Why encoding or decoding stopped, in plain words, with the way out where there is one.

use std::str::Utf8Error;

use bincode::error::{DecodeError, EncodeError};

use super::{CodecErrorKind as Kind, DEPTH_LIMIT, ELEMENT_ALLOWANCE};

/// The reason that a `CodecError` shows.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Reason {
    #[error("more than {DEPTH_LIMIT} values stand inside each other")]
    TooDeep,
    #[error("more elements than may be: one for each byte, and {ELEMENT_ALLOWANCE}")]
    TooManyElements,
    #[error("the payload ends {missing} {} too early", bytes(*missing))]
    Truncated { missing: usize },
    #[error("the payload goes on for {left} {} after the value's end", bytes(*left))]
    TrailingBytes { left: usize },
    #[error("{0}")]
    Malformed(String),
    #[error(
        "its type asks the data what it is, which this format does not tell: `#[serde(untagged)]` and `#[serde(tag)]` \
         make an enum ask, and `serde_json::Value` does. Use a plain enum, or send the text as a `String`"
    )]
    NotSelfDescribing,
    #[error(
        "a field is left out by `skip_serializing_if`, and this format has no names to tell which. Remove the attribute"
    )]
    FieldLeftOut,
    #[error("the sequence does not know its length before its end. Collect it into a `Vec` first")]
    SequenceWithoutLength,
    #[error(
        "the map does not know its length before its end, as with `#[serde(flatten)]`. Name the inner struct as a field \
         instead of flattening it, or collect the map first"
    )]
    MapWithoutLength,
    #[error("the reply is that of another method")]
    WrongReply,
    #[error("the worker changed the length of a slice from {from} to {to} {}", elements(*to))]
    SliceLength { from: usize, to: usize },
    #[error("the value is lent by this process, and was not received")]
    NotReceived,
    #[error("{0}")]
    Custom(String),
}

impl Reason {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::TooDeep => Kind::TooDeep,
            Self::TooManyElements => Kind::TooManyElements,
            Self::Truncated { .. } => Kind::Truncated,
            Self::TrailingBytes { .. } => Kind::TrailingBytes,
            Self::Malformed(_) | Self::SliceLength { .. } | Self::NotReceived => Kind::Malformed,
            Self::NotSelfDescribing
            | Self::FieldLeftOut
            | Self::SequenceWithoutLength
            | Self::MapWithoutLength => Kind::Unsupported,
            Self::WrongReply => Kind::WrongReply,
            Self::Custom(_) => Kind::Custom,
        }
    }
}

impl From<DecodeError> for Reason {
    #[cold]
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::UnexpectedEnd { additional } => Self::Truncated { missing: additional },
            DecodeError::InvalidBooleanValue(byte) => {
                Self::Malformed(format!("a `bool` is 0 or 1, not {byte}"))
            }
            DecodeError::InvalidCharEncoding(_) => Self::Malformed("a `char` is not valid UTF-8".into()),
            DecodeError::InvalidIntegerType { .. } => {
                Self::Malformed("an integer is larger than its type".into())
            }
            other => Self::Malformed(other.to_string()),
        }
    }
}

impl From<EncodeError> for Reason {
    #[cold]
    fn from(error: EncodeError) -> Self {
        Self::Custom(error.to_string())
    }
}

impl From<Utf8Error> for Reason {
    #[cold]
    fn from(error: Utf8Error) -> Self {
        Self::Malformed(format!("the text is not UTF-8: {error}"))
    }
}

fn bytes(count: usize) -> &'static str {
    if count == 1 { "byte" } else { "bytes" }
}

fn elements(count: usize) -> &'static str {
    if count == 1 { "element" } else { "elements" }
}
