//! Names of files as the system writes them, for `#[serde(with = "…::path")]`: serde's own way refuses those that are not
//! UTF-8.
//!
//! It is for `PathBuf`, `OsString`, `&Path`, `&OsStr`, `Box<Path>`, `Box<OsStr>`, `Cow<Path>` and `Cow<OsStr>`, also inside `Option`, `Result` (the
//! value), `Box`, `Vec`, slices and [`Ref`](super::Ref). On Unix a name is bytes, and crosses as it is; elsewhere it is text,
//! and one that is not Unicode is an error of the side that sends it.
//!
//! # Examples
//!
//! ```
//! # use coproc_runtime as coproc;
//! # #[cfg(unix)] {
//! use std::ffi::OsStr;
//! use std::os::unix::ffi::OsStrExt;
//! use std::path::PathBuf;
//!
//! use coproc::codec;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Found {
//!     #[serde(with = "coproc::carry::path")]
//!     files: Vec<PathBuf>,
//! }
//!
//! let latin1 = PathBuf::from(OsStr::from_bytes(b"caf\xe9.txt"));
//! let mut payload = Vec::new();
//! codec::encode(&Found { files: vec![latin1.clone()] }, &mut payload)?;
//! assert_eq!(codec::decode::<Found>(&payload)?.files, [latin1]);
//! # }
//! # Ok::<(), coproc::codec::CodecError>(())
//! ```

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serializer};

use super::form::Lends;
use super::{DeserializeAs, Name, SerializeAs, name};

serde_with! {
    "Writes a name as the system does.",
    "The serializer's; where names are not bytes, one that is not Unicode.",
    "Reads a name as the system writes it.",
}

impl Lends for Form {}

/// The types that are a name.
macro_rules! written_as_a_name {
    ($($type:ty)*) => {$(
        impl SerializeAs<Form> for $type {
            fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                name::serialize(self.as_ref(), serializer)
            }
        }
    )*};
}

written_as_a_name! { OsStr OsString Path PathBuf }

/// The types that copy a name out of the payload.
macro_rules! read_as_a_name {
    ($($type:ty)*) => {$(
        impl<'de> DeserializeAs<'de, Form> for $type {
            fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                name::deserialize(deserializer).map(Self::from)
            }
        }
    )*};
}

read_as_a_name! { OsString PathBuf }

impl<'de> DeserializeAs<'de, Form> for Box<Path> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer).map(PathBuf::into_boxed_path)
    }
}

impl<'de> DeserializeAs<'de, Form> for Box<OsStr> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer).map(OsString::into_boxed_os_str)
    }
}

impl<'de: 'a, 'a> DeserializeAs<'de, Form> for Name<'a> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

impl<'de: 'a, 'a> DeserializeAs<'de, Form> for &'a OsStr {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Name::deserialize(deserializer).map(|name| name.0)
    }
}

impl<'de: 'a, 'a> DeserializeAs<'de, Form> for &'a Path {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Name::deserialize(deserializer).map(|name| Path::new(name.0))
    }
}
