//! An error that crosses to another process: one that a worker had with a worker of its own, and tells its host of.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Cause, Error, ErrorKind, Parts};
use crate::messenger::with_sources;

/// As its kind, its service, method and process id, its text with those of its sources, and its backtrace.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Parts { service, method, pid, cause } = &*self.0;
        (self.kind(), service, method, pid, with_sources(cause), self.remote_backtrace())
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Error {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (kind, service, method, pid, why, backtrace) = Deserialize::deserialize(deserializer)?;
        Ok(Error(Box::new(Parts { service, method, pid, cause: Cause::Told { kind, why, backtrace } })))
    }
}

/// As its name.
impl Serialize for ErrorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        format!("{self:?}").serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ErrorKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let mut kinds = KINDS.into_iter();
        kinds
            .find(|kind| format!("{kind:?}") == name)
            .ok_or_else(|| D::Error::custom("an unknown kind of error"))
    }
}

/// All kinds, in their order.
const KINDS: [ErrorKind; ErrorKind::Unsupported as usize + 1] = [
    ErrorKind::Start,
    ErrorKind::Died,
    ErrorKind::Panicked,
    ErrorKind::TimedOut,
    ErrorKind::Cancelled,
    ErrorKind::Mismatch,
    ErrorKind::Protocol,
    ErrorKind::Codec,
    ErrorKind::Full,
    ErrorKind::Refused,
    ErrorKind::Closed,
    ErrorKind::Io,
    ErrorKind::Unsupported,
];

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::codec;
    use crate::messenger::{Failure, MessengerError};
    use crate::service::Service;

    static INDEX: Service = Service::untyped("Index");

    #[test]
    fn an_error_is_told_as_it_is() {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        let error = Error::of_start(&INDEX, "indexer".into(), missing);
        let mut payload = Vec::new();
        codec::encode(&error, &mut payload).unwrap();
        let told: Error = codec::decode(&payload).unwrap();
        assert_eq!(told.to_string(), "Index: its worker can't be started: indexer: entity not found");
        assert_eq!((told.kind(), told.service(), told.method()), (ErrorKind::Start, "Index", None));
        assert_eq!(format!("{told:?}"), format!("{error:?}"));
    }

    #[test]
    fn every_kind_is_told_and_no_other() {
        for (place, kind) in KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
            let mut payload = Vec::new();
            codec::encode(&kind, &mut payload).unwrap();
            assert_eq!(codec::decode::<ErrorKind>(&payload).unwrap(), kind);
        }
        let mut payload = Vec::new();
        codec::encode("FromTheFuture", &mut payload).unwrap();
        assert!(codec::decode::<ErrorKind>(&payload).is_err());
    }

    #[test]
    fn a_panics_backtrace_is_told_too() {
        let failure = Failure::Panicked {
            message: "no".into(),
            location: "a.rs:1:2".into(),
            backtrace: Some("   4: index::add\n".into()),
        };
        let error = Error::of_argument(&INDEX, MessengerError::Failed(failure));
        let mut payload = Vec::new();
        codec::encode(&error, &mut payload).unwrap();
        let told: Error = codec::decode(&payload).unwrap();
        assert_eq!(told.to_string(), "Index: it panicked at a.rs:1:2: no");
        assert_eq!(told.remote_backtrace(), Some("   4: index::add\n"));
        let debug = "Index: it panicked at a.rs:1:2: no\nstack backtrace:\n   4: index::add";
        assert_eq!([format!("{told:?}"), format!("{error:?}")], [debug; 2]);
    }
}
