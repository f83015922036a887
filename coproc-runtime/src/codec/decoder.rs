//! The guarding `Deserializer`: bincode reads what takes more than a byte, this decides how much may be read.

use bincode::config;
use bincode::de::{Decode, DecoderImpl};
use serde::de::{Deserialize, Deserializer, Visitor};

use super::CodecError;
use super::access::{Elements, Entries, Items, Place, Variants};
use super::error::Step;
use super::level::{Integers, Level};
use super::numbers;
use super::payload::{Last, Payload};
use super::reason::Reason;

/// The value that `payload` holds, all of it.
#[inline]
pub(super) fn decode<'de, T: Deserialize<'de>>(payload: &'de [u8]) -> Result<T, CodecError> {
    decode_all(Payload::new(payload))
}

#[inline]
fn decode_all<'de, T: Deserialize<'de>>(mut payload: Payload<'de>) -> Result<T, CodecError> {
    let value = T::deserialize(Decoder::new(&mut payload))?;
    finish(payload)?;
    Ok(value)
}

/// The value of a payload whose last part is in a buffer of its own.
#[cold]
pub(super) fn decode_parted<'de, T: Deserialize<'de>>(
    head: &'de [u8],
    last: &'de Last,
) -> Result<T, CodecError> {
    let outcome = decode_all(Payload::with_last(head, last));
    match outcome.as_ref().err().and_then(|_| last.whole(head)) {
        Some(whole) => decode(whole),
        None => outcome,
    }
}

/// Checks that nothing is left.
#[inline]
pub(super) fn finish(payload: Payload<'_>) -> Result<(), CodecError> {
    match payload.len() {
        0 => Ok(()),
        left => Err(CodecError::decoding(Reason::TrailingBytes { left })),
    }
}

/// Reads one value of a level.
pub(super) struct Decoder<'a, 'de> {
    pub(super) payload: &'a mut Payload<'de>,
    pub(super) level: Level,
}

impl<'a, 'de> Decoder<'a, 'de> {
    /// A decoder for a value that stands in no other.
    #[inline]
    pub(super) fn new(payload: &'a mut Payload<'de>) -> Self {
        Decoder { payload, level: Level::OUTERMOST }
    }

    /// A decoder for a value that is part of this one, and no deeper.
    #[inline]
    pub(super) fn part(&mut self) -> Decoder<'_, 'de> {
        Decoder { payload: self.payload, level: self.level.part() }
    }

    #[inline]
    pub(super) fn deeper(self) -> Result<Self, CodecError> {
        match self.level.deeper() {
            Some(level) => Ok(Decoder { payload: self.payload, level }),
            None => Err(CodecError::decoding(Reason::TooDeep)),
        }
    }

    /// A decoder for what stands inside this one.
    #[inline]
    pub(super) fn inside(&mut self) -> Result<Decoder<'_, 'de>, CodecError> {
        self.part().deeper()
    }

    /// What tells one variant of an enum from the others.
    #[inline]
    pub(super) fn index(&mut self) -> Result<u32, CodecError> {
        match self.payload.small() {
            Some(byte) => Ok(byte.into()),
            None => self.primitive(),
        }
    }

    #[inline]
    fn primitive<T: Decode<()>>(&mut self) -> Result<T, CodecError> {
        let mut decoder = DecoderImpl::new(&mut *self.payload, config::standard(), ());
        T::decode(&mut decoder).map_err(CodecError::decoding)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        self.payload.array().map_err(CodecError::decoding)
    }

    #[inline]
    fn length(&mut self) -> Result<usize, CodecError> {
        if let Some(byte) = self.payload.small() {
            return Ok(byte.into());
        }
        // Where a usize is smaller, a length beyond it is beyond every limit too.
        Ok(usize::try_from(self.primitive::<u64>()?).unwrap_or(usize::MAX))
    }

    #[inline]
    fn bytes(&mut self, length: usize) -> Result<&'de [u8], CodecError> {
        self.payload.take(length).map_err(CodecError::decoding)
    }

    #[inline]
    fn text(&mut self, length: usize) -> Result<&'de str, CodecError> {
        str::from_utf8(self.bytes(length)?).map_err(CodecError::decoding)
    }

    /// How many elements follow, in a sequence or map that may hold that many.
    #[inline]
    fn elements(&mut self) -> Result<usize, CodecError> {
        let count = self.length()?;
        if !self.payload.claim_elements(count) {
            return Err(CodecError::decoding(Reason::TooManyElements));
        }
        Ok(count)
    }

    /// The bytes of a sequence of numbers of this width, in one piece.
    #[inline]
    fn run(self, width: usize) -> Result<&'de [u8], CodecError> {
        let mut decoder = self.deeper()?;
        let count = decoder.elements()?;
        decoder.payload.take(count.saturating_mul(width)).map_err(CodecError::decoding)
    }
}

/// The methods that read one integer and show it to the visitor; `small` makes it of one byte of variable length.
macro_rules! integers {
    ($small:expr; $($deserialize:ident, $visit:ident, $integer:ty;)*) => {$(
        #[inline]
        fn $deserialize<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
            let integer = match self.level.integers() {
                Integers::Whole => <$integer>::from_le_bytes(self.array()?),
                Integers::Varying => match self.payload.small() {
                    Some(byte) => <$integer>::from($small(byte)),
                    None => self.primitive()?,
                },
            };
            visitor.$visit(integer)
        }
    )*};
}

/// The methods that read a number that always has the same width.
macro_rules! of_one_width {
    ($($deserialize:ident, $visit:ident, $number:ty;)*) => {$(
        #[inline]
        fn $deserialize<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
            visitor.$visit(<$number>::from_le_bytes(self.array()?))
        }
    )*};
}

/// The methods that would need a format that describes itself.
macro_rules! unsupported {
    ($($deserialize:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, _: V) -> Result<V::Value, CodecError> {
            Err(CodecError::decoding(Reason::NotSelfDescribing))
        }
    )*};
}

impl<'de> Deserializer<'de> for Decoder<'_, 'de> {
    type Error = CodecError;

    integers! { std::convert::identity;
        deserialize_u16, visit_u16, u16;
        deserialize_u32, visit_u32, u32;
        deserialize_u64, visit_u64, u64;
        deserialize_u128, visit_u128, u128;
    }

    integers! { numbers::signed;
        deserialize_i16, visit_i16, i16;
        deserialize_i32, visit_i32, i32;
        deserialize_i64, visit_i64, i64;
        deserialize_i128, visit_i128, i128;
    }

    of_one_width! {
        deserialize_u8, visit_u8, u8;
        deserialize_i8, visit_i8, i8;
        deserialize_f32, visit_f32, f32;
        deserialize_f64, visit_f64, f64;
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
        visitor.visit_bool(self.primitive()?)
    }

    #[inline]
    fn deserialize_char<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
        visitor.visit_char(self.primitive()?)
    }

    unsupported! { deserialize_any deserialize_identifier deserialize_ignored_any }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
        let length = self.length()?;
        visitor.visit_borrowed_str(self.text(length)?)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
        let length = self.length()?;
        match self.payload.take_last(length) {
            Some(bytes) => {
                let text =
                    String::from_utf8(bytes).map_err(|error| CodecError::decoding(error.utf8_error()))?;
                visitor.visit_string(text)
            }
            None => visitor.visit_borrowed_str(self.text(length)?),
        }
    }

    #[inline]
    fn deserialize_bytes<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
        let length = self.length()?;
        visitor.visit_borrowed_bytes(self.bytes(length)?)
    }

    #[inline]
    fn deserialize_byte_buf<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
        let length = self.length()?;
        match self.payload.take_last(length) {
            Some(bytes) => visitor.visit_byte_buf(bytes),
            None => visitor.visit_borrowed_bytes(self.bytes(length)?),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
        let [tag] = self.array()?;
        match tag {
            0 => visitor.visit_none(),
            1 => visitor.visit_some(self.deeper()?),
            tag => Err(CodecError::decoding(Reason::Malformed(format!("an `Option` is 0 or 1, not {tag}")))),
        }
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        if let Some(width) = numbers::width_of_run(name) {
            return visitor.visit_borrowed_bytes(self.run(width)?);
        }
        match visitor.visit_newtype_struct(self) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(Step::Type(name))),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        let mut decoder = self.deeper()?;
        let count = decoder.elements()?;
        visitor.visit_seq(Elements::new(decoder, count))
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, CodecError> {
        visitor.visit_seq(Items::new(self, length, Place::Position))
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        match self.deserialize_tuple(length, visitor) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(Step::Type(name))),
        }
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        let mut decoder = self.deeper()?;
        let count = decoder.elements()?;
        visitor.visit_map(Entries::new(decoder, count))
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        match visitor.visit_seq(Items::new(self, names.len(), Place::Field(names))) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(Step::Type(name))),
        }
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        match visitor.visit_enum(Variants::new(self, variants)) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(Step::Type(name))),
        }
    }

    #[inline]
    fn is_human_readable(&self) -> bool {
        false
    }
}
