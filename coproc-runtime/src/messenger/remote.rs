//! What went wrong on the other side, as it is told from there.

use std::error::Error;
use std::fmt;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codec;

/// An error that the other side sent: its type's name, its message, and those of its sources.
#[derive(Clone, PartialEq, Eq, Debug)]
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

/// As its fields, in their order.
impl Serialize for RemoteError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.type_name, &self.message, &self.source, &self.value).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RemoteError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (type_name, message, source, value) = Deserialize::deserialize(deserializer)?;
        Ok(RemoteError { type_name, message, source, value })
    }
}

/// Sources of an error that travel with it: far above what errors have, far below what the codec refuses.
const MOST_SOURCES: usize = 32;

/// The message of one source of an error.
#[derive(Clone, PartialEq, Eq, Debug)]
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

/// As its text, and what is below it.
impl Serialize for RemoteSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.message, &self.source).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RemoteSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (message, source) = Deserialize::deserialize(deserializer)?;
        Ok(RemoteSource { message, source })
    }
}

impl Error for RemoteSource {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// How a request failed on the other side.
#[derive(Clone, PartialEq, Eq, Debug)]
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

/// As its kind's number, two texts and the backtrace; what a kind has not is empty.
impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts: (u8, &str, &str, &Option<String>) = match self {
            Failure::Panicked { message, location, backtrace } => (0, message, location, backtrace),
            Failure::Codec(why) => (1, why, "", &None),
            Failure::Unsendable(why) => (2, why, "", &None),
        };
        parts.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Failure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (kind, text, location, backtrace) = Deserialize::deserialize(deserializer)?;
        match kind {
            0_u8 => Ok(Failure::Panicked { message: text, location, backtrace }),
            1 => Ok(Failure::Codec(text)),
            2 => Ok(Failure::Unsendable(text)),
            _ => Err(D::Error::custom("an unknown kind of failure")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cross<T: DeserializeOwned>(value: &impl Serialize) -> Result<T, codec::CodecError> {
        let mut payload = Vec::new();
        codec::encode(value, &mut payload)?;
        codec::decode(&payload)
    }

    #[test]
    fn a_failure_arrives_as_it_was_and_an_unknown_one_is_refused() {
        let panicked = |backtrace: Option<&str>| Failure::Panicked {
            message: "no".into(),
            location: "a.rs:1:2".into(),
            backtrace: backtrace.map(str::to_owned),
        };
        let others = [Failure::Codec("why".into()), Failure::Unsendable("long".into())];
        for failure in [panicked(None), panicked(Some("4: index::add"))].into_iter().chain(others) {
            assert_eq!(cross::<Failure>(&failure).unwrap(), failure);
        }
        assert!(cross::<Failure>(&(3_u8, "", "", None::<&str>)).is_err());
    }

    #[test]
    fn an_error_arrives_with_its_sources_and_its_value() {
        let below = RemoteSource { message: "below".into(), source: None };
        let error = RemoteError {
            type_name: "Error".into(),
            message: "above".into(),
            source: Some(Box::new(below)),
            value: Some(vec![7]),
        };
        assert_eq!(cross::<RemoteError>(&error).unwrap(), error);
    }
}
