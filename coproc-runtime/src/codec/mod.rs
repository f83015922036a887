//! Values to bytes and back: bincode's wire, behind a guard that trusts no byte.
//!
//! [`encode`] and [`decode`] are the only two ways between a value and a payload. They write and read bincode's standard
//! format (little endian, integers of variable length) with one difference: an integer that is itself an element of a sequence
//! has all its bytes. So any list of numbers is written by one copy, whatever type holds it, and lists of them as arguments and
//! results, or with [`carry::numbers`](crate::carry::numbers), are read by one. `vec![1_u64, 2]` takes 17 bytes; where memory
//! counts for more than time, use a narrower type.
//!
//! Both keep the same limits, so that what encodes also decodes:
//!
//! | limit | what it stops |
//! |---|---|
//! | [`DEPTH_LIMIT`]: values inside values | a stack overflow, in either direction |
//! | elements: at most the payload's length in bytes + [`ELEMENT_ALLOWANCE`] | a `Vec<()>` of 2⁶³ elements, which takes no bytes and years |
//! | text and bytes are taken from the payload before a copy of them is made | an allocation larger than what was sent |
//! | the whole payload is consumed | data that means something else to the other side |
//!
//! # Shapes that cannot cross
//!
//! The format is not self-describing: it holds values in the order of their declaration, without names or types. What serde
//! offers for formats that do describe themselves cannot work. The error names the place, the reason and the way out.
//!
//! | shape | what happens | instead |
//! |---|---|---|
//! | `#[serde(flatten)]` | refused by [`encode`] | name the inner struct as a field |
//! | `#[serde(skip_serializing_if = "…")]` on a field | refused by [`encode`], whenever it would leave the field out | remove it: a `None` is one byte |
//! | a sequence whose first element is a number, and another one something else or of another width | refused by [`encode`] | have all elements written alike |
//! | a sequence or map that does not know its length | refused by [`encode`] | collect it first |
//! | `#[serde(untagged)]`, `#[serde(tag = "…")]` with or without `content` | refused by [`decode`] | remove it: the variant of a plain enum is one byte |
//! | `serde_json::Value`, `serde::de::IgnoredAny` and others that ask the data what it is | refused by [`decode`] | send the text as a `String` |
//! | `skip_serializing` without `skip_deserializing` or the other way round; `skip_serializing_if` in a tuple; `skip` on a variant that others follow | the two sides disagree: most often an error of [`decode`], never a crash | `skip`, on fields or on last variants |
//!
//! What works: `skip` on fields, `default` beside it, `rename`, `transparent`, `with`, `from`, `into`, `borrow`, `bound`.

mod access;
mod decoder;
mod encoder;
mod error;
mod level;
mod message;
mod numbers;
mod parts;
mod payload;
mod reason;
mod reply;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use error::{CodecError, CodecErrorKind};
#[doc(hidden)]
pub use message::{Message, read_message, unknown_variant};
pub(crate) use numbers::run;
pub(crate) use payload::Last;
#[doc(hidden)]
pub use reply::{Reply, ReplyReader, ReplyWriter};

/// How many values may stand inside each other: 128.
///
/// An `Option` that is `Some`, a sequence, a map and an enum's variant with content count one each; structs and tuples do
/// not, as their depth is fixed by the type. 128 is what serde_json allows, and leaves room on a thread's stack of 2 MiB.
pub const DEPTH_LIMIT: usize = 128;

/// How many elements of sequences and maps a payload may hold beyond one a byte: 65,536.
///
/// An element takes a byte at least, except when its type is empty, as `()` is. The allowance is for those.
pub const ELEMENT_ALLOWANCE: usize = 64 * 1024;

/// Appends `value`'s bytes to `into`.
///
/// # Errors
///
/// When the value has a shape that [cannot cross](self#shapes-that-cannot-cross), exceeds a limit, or its own `Serialize`
/// fails. `into` is then left as it was.
///
/// # Examples
///
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::codec;
///
/// let mut payload = Vec::new();
/// codec::encode("hello", &mut payload)?;
/// assert_eq!(payload, b"\x05hello");
/// # Ok::<(), codec::CodecError>(())
/// ```
pub fn encode<T: Serialize + ?Sized>(value: &T, into: &mut Vec<u8>) -> Result<(), CodecError> {
    let start = into.len();
    let result = encoder::encode(value, into);
    if result.is_err() {
        into.truncate(start);
    }
    result
}

/// The value that `payload` holds, all of it; strings and bytes may borrow from it.
///
/// # Errors
///
/// When the payload is not exactly one `T` within the limits: any bytes at all give a value or an error. Also when `T` has a
/// shape that [cannot cross](self#shapes-that-cannot-cross), or its own `Deserialize` fails.
///
/// # Examples
///
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::codec::{self, CodecErrorKind};
///
/// let text: &str = codec::decode(b"\x05hello")?;
/// assert_eq!(text, "hello");
///
/// let error = codec::decode::<&str>(b"\x05hell").unwrap_err();
/// assert_eq!(error.kind(), CodecErrorKind::Truncated);
/// # Ok::<(), codec::CodecError>(())
/// ```
pub fn decode<'de, T: Deserialize<'de>>(payload: &'de [u8]) -> Result<T, CodecError> {
    decoder::decode(payload)
}

/// A message's payload as generated code gets it: in one piece, or its end apart.
#[doc(hidden)]
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "only generated code sees one, and hands it on")]
pub struct Source<'a> {
    bytes: &'a [u8],
    last: Option<&'a Last>,
}

impl<'a> Source<'a> {
    /// In one piece.
    #[inline]
    pub fn whole(bytes: &'a [u8]) -> Self {
        Source { bytes, last: None }
    }

    pub(crate) fn parted(head: &'a [u8], last: &'a Last) -> Self {
        Source { bytes: head, last: Some(last) }
    }

    /// The value that it holds, all of it.
    ///
    /// # Errors
    ///
    /// Those of [`decode`].
    #[inline]
    pub fn decode<T: Deserialize<'a>>(self) -> Result<T, CodecError> {
        match self.last {
            None => decoder::decode(self.bytes),
            Some(last) => decoder::decode_parted(self.bytes, last),
        }
    }
}

/// Takes note in a payload that its last value is without its last bytes, so many, which follow elsewhere.
pub(crate) fn note_tail(payload: &mut Vec<u8>, tail: usize) -> Result<(), CodecError> {
    if tail > 0 { encoder::Output::new(payload).note_tail(tail) } else { Ok(()) }
}

/// A value that can be encoded, whatever its type: the object-safe face of [`encode`].
///
/// Every `T: Serialize` has it.
///
/// # Examples
///
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::codec::Encode;
///
/// let values: [&dyn Encode; 2] = [&7_u8, &"seven"];
/// let mut payload = Vec::new();
/// for value in values {
///     value.encode(&mut payload)?;
/// }
/// assert_eq!(payload, b"\x07\x05seven");
/// # Ok::<(), coproc::codec::CodecError>(())
/// ```
pub trait Encode {
    /// Appends the value's bytes to `into`.
    ///
    /// # Errors
    ///
    /// Those of the function [`encode`].
    fn encode(&self, into: &mut Vec<u8>) -> Result<(), CodecError>;
}

impl<T: Serialize + ?Sized> Encode for T {
    fn encode(&self, into: &mut Vec<u8>) -> Result<(), CodecError> {
        encode(self, into)
    }
}
