//! `io::Result` and `io::Error`, which serde does not know.

use std::io::{Error, ErrorKind};
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::form::{DeserializeAs, Plain, Read, SerializeAs, Special, Written};

/// The form of a `Result<T, std::io::Error>` whose value has the form `F`.
///
/// The error crosses as its kind, its code from the system and its text. What comes out has the same kind and is shown as the
/// same text; it has the code too, where that means the same to the system there. The errors below it do not cross.
#[derive(Clone, Copy, Debug, Default)]
pub struct Io<F>(PhantomData<F>);

impl<F> Io<F> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<F> Special for Io<F> {}

impl<F, T: SerializeAs<F>> SerializeAs<Io<F>> for Result<T, Error> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Written::<F, _>::new).map_err(Written::<Io<Plain>, _>::new).serialize(serializer)
    }
}

impl<'de, F, T: DeserializeAs<'de, F>> DeserializeAs<'de, Io<F>> for Result<T, Error> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Result::<Read<F, T>, Read<Io<Plain>, Error>>::deserialize(deserializer)?;
        Ok(value.map(Read::into_inner).map_err(Read::into_inner))
    }
}

impl SerializeAs<Io<Plain>> for Error {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.raw_os_error(), name_of(self.kind()), self.to_string()).serialize(serializer)
    }
}

impl<'de> DeserializeAs<'de, Io<Plain>> for Error {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (code, kind, text) = Deserialize::deserialize(deserializer)?;
        Ok(Parts { code, kind, text }.into_error())
    }
}

/// What crosses of an error.
struct Parts {
    code: Option<i32>,
    kind: String,
    text: String,
}

impl Parts {
    /// The simplest error that is shown as the one that was sent.
    fn into_error(self) -> Error {
        let kind = kind_of(&self.kind);
        let of_the_system = self.code.map(Error::from_raw_os_error);
        let simple = [of_the_system, Some(Error::from(kind))].into_iter().flatten();
        let mut same = simple.filter(|error| error.to_string() == self.text);
        same.next().unwrap_or_else(|| Error::new(kind, self.text))
    }
}

/// The kinds that have a name in the oldest Rust that coproc supports; a name is the same in every Rust.
macro_rules! kinds {
    ($($name:ident)*) => {
        const KINDS: &[(ErrorKind, &str)] = &[$((ErrorKind::$name, stringify!($name))),*];
    };
}

kinds! {
    NotFound PermissionDenied ConnectionRefused ConnectionReset HostUnreachable NetworkUnreachable ConnectionAborted
    NotConnected AddrInUse AddrNotAvailable NetworkDown BrokenPipe AlreadyExists WouldBlock NotADirectory IsADirectory
    DirectoryNotEmpty ReadOnlyFilesystem StaleNetworkFileHandle InvalidInput InvalidData TimedOut WriteZero StorageFull
    NotSeekable QuotaExceeded FileTooLarge ResourceBusy ExecutableFileBusy Deadlock CrossesDevices TooManyLinks
    InvalidFilename ArgumentListTooLong Interrupted Unsupported UnexpectedEof OutOfMemory Other
}

/// A kind without a stable name is the system's, and comes back by its code.
fn name_of(kind: ErrorKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("Other", |(_, name)| name)
}

fn kind_of(name: &str) -> ErrorKind {
    KINDS.iter().find(|(_, known)| *known == name).map_or(ErrorKind::Other, |(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::carry::bytes;
    use crate::carry::tests::crossed;

    #[test]
    fn an_error_keeps_its_kind_and_its_text() {
        let errors = [
            Error::new(ErrorKind::InvalidData, "line 7 has no name"),
            Error::other("worse"),
            Error::from(ErrorKind::UnexpectedEof),
            [].as_slice().read_exact(&mut [0]).unwrap_err(),
        ];
        for error in errors {
            let received: Error = crossed::<Io<Plain>, _>(&error);
            assert_eq!((received.kind(), received.to_string()), (error.kind(), error.to_string()));
            assert_eq!(received.raw_os_error(), None);
        }
    }

    #[test]
    fn every_code_of_the_system_comes_back() {
        for code in 1..200 {
            let error = Error::from_raw_os_error(code);
            let received: Error = crossed::<Io<Plain>, _>(&error);
            assert_eq!((received.kind(), received.to_string()), (error.kind(), error.to_string()));
            assert_eq!(received.raw_os_error(), Some(code));
        }
    }

    #[test]
    fn a_code_that_means_something_else_here_is_not_believed() {
        let foreign = Parts { code: Some(1), kind: "DirectoryNotEmpty".into(), text: "not empty".into() };
        let error = foreign.into_error();
        assert_eq!((error.kind(), error.raw_os_error()), (ErrorKind::DirectoryNotEmpty, None));
        assert_eq!(error.to_string(), "not empty");
    }

    #[test]
    fn every_kind_comes_back_and_an_unknown_one_is_other() {
        for (kind, name) in KINDS {
            assert_eq!(crossed::<Io<Plain>, Error>(&Error::from(*kind)).kind(), *kind);
            assert_eq!(format!("{kind:?}"), *name);
        }
        assert_eq!(kind_of("FromTheFuture"), ErrorKind::Other);
    }

    #[test]
    fn a_value_has_its_own_form() {
        let value = Ok::<_, Error>(Some(vec![1_u8, 2]));
        assert_eq!(crossed::<Io<bytes::Form>, _>(&value).unwrap(), Some(vec![1, 2]));
        let values = vec![Ok(7_u8), Err(Error::from(ErrorKind::NotFound))];
        let received = crossed::<Io<Plain>, _>(&values);
        assert!(matches!(&received[..], [Ok(7), Err(error)] if error.kind() == ErrorKind::NotFound));
    }
}
