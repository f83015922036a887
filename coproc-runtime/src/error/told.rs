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
}

/// As its kind, its service, method and process id, and its text with those of its sources.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Parts { service, method, pid, cause } = &*self.0;
        let told = Told {
            kind: self.kind(),
            service: Cow::Borrowed(service),
            method: method.as_deref().map(Cow::Borrowed),
            pid: *pid,
            why: Cow::Owned(with_sources(cause)),
        };
        told.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Error {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Told { kind, service, method, pid, why } = Told::deserialize(deserializer)?;
        Ok(Error(Box::new(Parts {
            service: Cow::Owned(service.into_owned()),
            method: method.map(|method| Cow::Owned(method.into_owned())),
            pid,
            cause: Cause::Told { kind, why: why.into_owned() },
        })))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::codec;
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
}
