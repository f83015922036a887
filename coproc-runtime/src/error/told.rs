//! An error that crosses to another process: one that a worker had with a worker of its own, and tells its host of.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Cause, Error, ErrorKind, Parts};
use crate::messenger::with_sources;

/// What crosses of an error.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Error")]
struct Told<'a> {
    kind: ErrorKind,
    service: Cow<'a, str>,
    method: Option<Cow<'a, str>>,
    pid: Option<u32>,
    why: Cow<'a, str>,
    backtrace: Option<Cow<'a, str>>,
}

/// As its kind, its service, method and process id, its text with those of its sources, and its backtrace.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Parts { service, method, pid, cause } = &*self.0;
        let told = Told {
            kind: self.kind(),
            service: Cow::Borrowed(service),
            method: method.as_deref().map(Cow::Borrowed),
            pid: *pid,
            why: Cow::Owned(with_sources(cause)),
            backtrace: self.remote_backtrace().map(Cow::Borrowed),
        };
        told.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Error {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Told { kind, service, method, pid, why, backtrace } = Told::deserialize(deserializer)?;
        Ok(Error(Box::new(Parts {
            service: Cow::Owned(service.into_owned()),
            method: method.map(|method| Cow::Owned(method.into_owned())),
            pid,
            cause: Cause::Told { kind, why: why.into_owned(), backtrace: backtrace.map(Cow::into_owned) },
        })))
    }
}

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
