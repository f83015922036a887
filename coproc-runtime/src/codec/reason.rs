//! Why encoding or decoding stopped, in plain words, with the way out where there is one.

use std::fmt;
use std::str::Utf8Error;

use bincode::error::{DecodeError, EncodeError};

use super::{CodecErrorKind as Kind, DEPTH_LIMIT, ELEMENT_ALLOWANCE};

/// The reason that a `CodecError` shows.
#[derive(Clone, Debug)]
pub(super) enum Reason {
    TooDeep,
    TooManyElements,
    Truncated { missing: usize },
    TrailingBytes { left: usize },
    Malformed(String),
    NotSelfDescribing,
    FieldLeftOut,
    SequenceWithoutLength,
    MapWithoutLength,
    UnlikeElements,
    WrongReply,
    SliceLength { from: usize, to: usize },
    NotReceived,
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
            | Self::MapWithoutLength
            | Self::UnlikeElements => Kind::Unsupported,
            Self::WrongReply => Kind::WrongReply,
            Self::Custom(_) => Kind::Custom,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooDeep => write!(f, "more than {DEPTH_LIMIT} values stand inside each other"),
            Self::TooManyElements => {
                write!(f, "more elements than may be: one for each byte, and {ELEMENT_ALLOWANCE}")
            }
            Self::Truncated { missing } => {
                write!(f, "the payload ends {missing} {} too early", bytes(*missing))
            }
            Self::TrailingBytes { left } => {
                write!(f, "the payload goes on for {left} {} after the value's end", bytes(*left))
            }
            Self::NotSelfDescribing => f.write_str(
                "its type asks the data what it is, which this format does not tell: `#[serde(untagged)]` and \
                 `#[serde(tag)]` make an enum ask, and `serde_json::Value` does. Use a plain enum, or send the text as a \
                 `String`",
            ),
            Self::FieldLeftOut => f.write_str(
                "a field is left out by `skip_serializing_if`, and this format has no names to tell which. Remove the \
                 attribute",
            ),
            Self::SequenceWithoutLength => f.write_str(
                "the sequence does not know its length before its end. Collect it into a `Vec` first",
            ),
            Self::MapWithoutLength => f.write_str(
                "the map does not know its length before its end, as with `#[serde(flatten)]`. Name the inner struct as a \
                 field instead of flattening it, or collect the map first",
            ),
            Self::UnlikeElements => f.write_str(
                "a sequence of numbers holds one of another width, or something else. Have all its elements written alike",
            ),
            Self::WrongReply => f.write_str("the reply is that of another method"),
            Self::SliceLength { from, to } => {
                write!(f, "the worker changed the length of a slice from {from} to {to} {}", elements(*to))
            }
            Self::NotReceived => f.write_str("the value is lent by this process, and was not received"),
            Self::Malformed(text) | Self::Custom(text) => f.write_str(text),
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
