//! Numbers: small ones, and sequences of them, which are written and read in one piece.

use std::fmt::{self, Display};

use serde::ser::{Impossible, Serialize, Serializer};

use super::CodecError;
use super::error::Step;
use super::payload::LARGEST_SINGLE_BYTE;
use super::reason::Reason;
use crate::buffers::{self, LARGE};

/// An unsigned integer that takes one byte of variable length.
#[inline]
pub(super) fn small_unsigned(value: impl TryInto<u8>) -> Option<u8> {
    value.try_into().ok().filter(|byte| *byte <= LARGEST_SINGLE_BYTE)
}

/// The same of a signed one: small numbers of both signs in turn, 0, -1, 1, -2.
#[inline]
pub(super) fn small_signed(value: impl TryInto<i8>) -> Option<u8> {
    let value = value.try_into().ok()?;
    small_unsigned(((value << 1) ^ (value >> 7)).cast_unsigned()).filter(|_| value.unsigned_abs() < 126)
}

/// What [`small_signed`] has made one byte of.
#[inline]
pub(super) fn signed(byte: u8) -> i8 {
    (byte >> 1).cast_signed() ^ -(byte & 1).cast_signed()
}

/// Appends a sequence of numbers, `first` and `rest`.
#[inline]
pub(super) fn append<T: Serialize>(
    into: &mut Vec<u8>,
    first: Number,
    rest: impl Iterator<Item = T>,
) -> Result<(), CodecError> {
    match first.width {
        1 => append_of_width::<1, T>(into, first, rest),
        2 => append_of_width::<2, T>(into, first, rest),
        4 => append_of_width::<4, T>(into, first, rest),
        8 => append_of_width::<8, T>(into, first, rest),
        _ => append_of_width::<16, T>(into, first, rest),
    }
}

/// Where all items are of one type and that is known here, this becomes a copy.
#[inline]
fn append_of_width<const N: usize, T: Serialize>(
    into: &mut Vec<u8>,
    first: Number,
    rest: impl Iterator<Item = T>,
) -> Result<(), CodecError> {
    let (count, _) = rest.size_hint();
    let room = (count + 1) * N;
    if room >= LARGE {
        buffers::reserve(into, room)
    } else {
        into.reserve(room)
    }
    into.extend_from_slice(&first.bytes::<N>());
    let start = into.len();
    into.resize(start + count * N, 0);
    let places = into.get_mut(start..).unwrap_or_default();
    let mut outcome = Ok(());
    for (index, (place, item)) in (1..).zip(places.as_chunks_mut::<N>().0.iter_mut().zip(rest)) {
        match item.serialize(Alone) {
            Ok(number) if number.width == N => *place = number.bytes(),
            other => outcome = outcome.and(Err(unlike(index, other.err()))),
        }
    }
    outcome
}

#[cold]
fn unlike(index: usize, error: Option<NoNumber>) -> CodecError {
    let error = error.and_then(|NoNumber(error)| error);
    error.unwrap_or_else(|| CodecError::encoding(Reason::UnlikeElements)).at(Step::Element(index))
}

/// A number, little endian.
#[derive(Clone, Copy)]
pub(super) struct Number {
    bits: u128,
    width: usize,
}

impl Number {
    #[inline]
    fn bytes<const N: usize>(self) -> [u8; N] {
        self.bits.to_le_bytes().first_chunk().copied().unwrap_or([0; N])
    }
}

/// A `Serializer` of a number and nothing else.
pub(super) struct Alone;

/// What it was given is no number, or fails by itself.
#[derive(Debug)]
pub(super) struct NoNumber(Option<CodecError>);

impl Display for NoNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no number")
    }
}

impl std::error::Error for NoNumber {}

impl serde::ser::Error for NoNumber {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        NoNumber(Some(serde::ser::Error::custom(message)))
    }
}

/// The methods that take a number.
macro_rules! numbers {
    ($($serialize:ident, $number:ty, $bits:expr;)*) => {$(
        #[inline]
        fn $serialize(self, value: $number) -> Result<Number, NoNumber> {
            Ok(Number { bits: $bits(value).into(), width: size_of::<$number>() })
        }
    )*};
}

/// The methods that take nothing.
macro_rules! others {
    ($($serialize:ident($($argument:ty),*) -> $output:ty;)*) => {$(
        #[inline]
        fn $serialize(self, $(_: $argument),*) -> Result<$output, NoNumber> {
            Err(NoNumber(None))
        }
    )*};
}

type No = Impossible<Number, NoNumber>;

impl Serializer for Alone {
    type Ok = Number;
    type Error = NoNumber;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;

    numbers! {
        serialize_bool, bool, u8::from;
        serialize_u8, u8, u8::from;
        serialize_u16, u16, u16::from;
        serialize_u32, u32, u32::from;
        serialize_u64, u64, u64::from;
        serialize_u128, u128, u128::from;
        serialize_i8, i8, i8::cast_unsigned;
        serialize_i16, i16, i16::cast_unsigned;
        serialize_i32, i32, i32::cast_unsigned;
        serialize_i64, i64, i64::cast_unsigned;
        serialize_i128, i128, i128::cast_unsigned;
        serialize_f32, f32, f32::to_bits;
        serialize_f64, f64, f64::to_bits;
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Number, NoNumber> {
        value.serialize(self)
    }

    others! {
        serialize_char(char) -> Number;
        serialize_str(&str) -> Number;
        serialize_bytes(&[u8]) -> Number;
        serialize_none() -> Number;
        serialize_unit() -> Number;
        serialize_unit_struct(&'static str) -> Number;
        serialize_unit_variant(&'static str, u32, &'static str) -> Number;
        serialize_seq(Option<usize>) -> No;
        serialize_tuple(usize) -> No;
        serialize_tuple_struct(&'static str, usize) -> No;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No;
        serialize_map(Option<usize>) -> No;
        serialize_struct(&'static str, usize) -> No;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No;
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<Number, NoNumber> {
        Err(NoNumber(None))
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Number, NoNumber> {
        Err(NoNumber(None))
    }

    #[inline]
    fn collect_seq<I: IntoIterator<Item: Serialize>>(self, _: I) -> Result<Number, NoNumber> {
        Err(NoNumber(None))
    }

    #[inline]
    fn collect_str<T: Display + ?Sized>(self, _: &T) -> Result<Number, NoNumber> {
        Err(NoNumber(None))
    }

    #[inline]
    fn is_human_readable(&self) -> bool {
        false
    }
}

/// The name under which a `Vec` of numbers that are so many bytes wide asks for all of them in one piece, as a newtype struct:
/// it has no other way to, and no struct can have this name.
pub(crate) const fn run(width: usize) -> &'static str {
    match width {
        1 => "coproc::numbers, 1 byte each",
        2 => "coproc::numbers, 2 bytes each",
        4 => "coproc::numbers, 4 bytes each",
        8 => "coproc::numbers, 8 bytes each",
        _ => "coproc::numbers, 16 bytes each",
    }
}

/// How wide the numbers are that are asked for by this name, if it is one.
#[inline]
pub(super) fn width_of_run(name: &str) -> Option<usize> {
    [1, 2, 4, 8, 16].into_iter().find(|width| run(*width) == name)
}
