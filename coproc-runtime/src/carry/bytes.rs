//! Bytes in one piece, for `#[serde(with = "…::bytes")]`: serde's own way takes them one by one.
//!
//! It is for `&[u8]`, `Vec<u8>`, `Box<[u8]>` and `Cow<[u8]>`, also inside `Option`, `Result` (the value), `Box`, `Vec`,
//! slices and [`Ref`](super::Ref). The bytes on the wire are the same either way, so this may be had on one side only.
//!
//! # Examples
//!
//! ```
//! # use coproc_runtime as coproc;
//! use coproc::codec;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Image<'a> {
//!     #[serde(with = "coproc::carry::bytes")]
//!     pixels: &'a [u8],
//!     #[serde(with = "coproc::carry::bytes")]
//!     palette: Option<Vec<u8>>,
//! }
//!
//! let mut payload = Vec::new();
//! codec::encode(&Image { pixels: &[7; 3], palette: None }, &mut payload)?;
//! assert_eq!(payload, [3, 7, 7, 7, 0]);
//! assert_eq!(codec::decode::<Image>(&payload)?.pixels, [7; 3]);
//! # Ok::<(), codec::CodecError>(())
//! ```

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serializer};

use super::form::Lends;
use super::{DeserializeAs, SerializeAs};

serde_with! {
    "Writes bytes in one piece.",
    "The serializer's.",
    "Reads bytes in one piece.",
}

impl Lends for Form {}

impl SerializeAs<Form> for [u8] {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self)
    }
}

impl SerializeAs<Form> for Vec<u8> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self)
    }
}

impl<'de: 'a, 'a> DeserializeAs<'de, Form> for &'a [u8] {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

impl<'de> DeserializeAs<'de, Form> for Vec<u8> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(Owned)
    }
}

impl<'de> DeserializeAs<'de, Form> for Box<[u8]> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer).map(Vec::into_boxed_slice)
    }
}

/// Makes a `Vec<u8>` of bytes in any form, as formats without one for bytes write a sequence.
struct Owned;

impl<'de> Visitor<'de> for Owned {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = sequence.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes)
    }
}
