//! The names of files, as the system writes them: on Unix any bytes, elsewhere text.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use serde::{Deserialize, Deserializer, Serializer};

use super::{Carry, Lend};

/// A name that lies in the payload it was received in: what the receiver holds of a `Path` or `OsStr`.
///
/// # Examples
///
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::{carry::Name, codec};
///
/// let name: Name<'_> = codec::decode(b"\x05a.txt")?;
/// assert_eq!(name.0, "a.txt");
/// # Ok::<(), codec::CodecError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Name<'a>(pub &'a OsStr);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        system::borrow(deserializer).map(Name)
    }
}

impl Carry for OsStr {
    type Held<'a> = Name<'a>;

    fn lend<'held>(held: &'held Name<'_>) -> &'held OsStr {
        held.0
    }
}

impl Lend for OsStr {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, serializer)
    }
}

impl Carry for Path {
    type Held<'a> = Name<'a>;

    fn lend<'held>(held: &'held Name<'_>) -> &'held Path {
        Path::new(held.0)
    }
}

impl Lend for Path {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self.as_os_str(), serializer)
    }
}

pub(super) fn serialize<S: Serializer>(name: &OsStr, serializer: S) -> Result<S::Ok, S::Error> {
    system::serialize(name, serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OsString, D::Error> {
    system::own(deserializer)
}

#[cfg(unix)]
mod system {
    //! A name is any bytes.

    use std::os::unix::ffi::{OsStrExt, OsStringExt};

    use super::*;
    use crate::carry::bytes;

    pub(super) fn serialize<S: Serializer>(name: &OsStr, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(name.as_bytes())
    }

    pub(super) fn borrow<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'de OsStr, D::Error> {
        <&[u8]>::deserialize(deserializer).map(OsStr::from_bytes)
    }

    pub(super) fn own<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OsString, D::Error> {
        bytes::deserialize(deserializer).map(OsString::from_vec)
    }
}

#[cfg(not(unix))]
mod system {
    //! A name is text: what is not has no form that every system shares.

    use serde::ser::Error;

    use super::*;

    pub(super) fn serialize<S: Serializer>(name: &OsStr, serializer: S) -> Result<S::Ok, S::Error> {
        match name.to_str() {
            Some(text) => serializer.serialize_str(text),
            None => Err(S::Error::custom(format_args!("the name {name:?} is not Unicode"))),
        }
    }

    pub(super) fn borrow<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'de OsStr, D::Error> {
        <&str>::deserialize(deserializer).map(OsStr::new)
    }

    pub(super) fn own<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OsString, D::Error> {
        String::deserialize(deserializer).map(OsString::from)
    }
}
