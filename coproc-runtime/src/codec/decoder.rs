//! The guarding `Deserializer`: bincode reads the numbers, this decides how much may be read.

use bincode::config::{self, Configuration};
use bincode::de::{Decode, Decoder as _, DecoderImpl};
use serde::de::{Deserialize, Deserializer, Visitor};

use super::access::{Entries, Items, Place, Variants};
use super::error::Step;
use super::payload::{Last, Payload};
use super::reason::Reason;
use super::{CodecError, DEPTH_LIMIT};

/// The value that `payload` holds, all of it.
#[inline]
pub(super) fn decode<'de, T: Deserialize<'de>>(payload: &'de [u8]) -> Result<T, CodecError> {
    let mut input = input(payload);
    let value = T::deserialize(Decoder::new(&mut input))?;
    finish(&mut input)?;
    Ok(value)
}

/// Opens a payload.
#[inline]
pub(super) fn input(payload: &[u8]) -> Input<'_> {
    DecoderImpl::new(Payload::new(payload), config::standard(), ())
}

/// Opens a payload whose last value stands apart.
pub(super) fn input_with_last(head: &[u8], last: Last) -> Input<'_> {
    DecoderImpl::new(Payload::with_last(head, last), config::standard(), ())
}

/// Checks that nothing is left.
#[inline]
pub(super) fn finish(input: &mut Input<'_>) -> Result<(), CodecError> {
    match input.reader().len() {
        0 => Ok(()),
        left => Err(CodecError::decoding(Reason::TrailingBytes { left })),
    }
}

/// What bincode reads a payload with.
pub(super) type Input<'de> = DecoderImpl<Payload<'de>, Configuration, ()>;

/// Reads one value that stands inside `depth` others.
pub(super) struct Decoder<'a, 'de> {
    pub(super) input: &'a mut Input<'de>,
    pub(super) depth: usize,
}

impl<'a, 'de> Decoder<'a, 'de> {
    /// A decoder for a value that stands in no other.
    #[inline]
    pub(super) fn new(input: &'a mut Input<'de>) -> Self {
        Decoder { input, depth: 0 }
    }

    /// A decoder for a value that is part of this one, and no deeper.
    #[inline]
    pub(super) fn part(&mut self) -> Decoder<'_, 'de> {
        Decoder { input: self.input, depth: self.depth }
    }

    #[inline]
    pub(super) fn deeper(self) -> Result<Self, CodecError> {
        if self.depth >= DEPTH_LIMIT {
            return Err(CodecError::decoding(Reason::TooDeep));
        }
        Ok(Self { input: self.input, depth: self.depth + 1 })
    }

    /// A decoder for what stands inside this one.
    #[inline]
    pub(super) fn inside(&mut self) -> Result<Decoder<'_, 'de>, CodecError> {
        self.part().deeper()
    }

    #[inline]
    pub(super) fn number<T: Decode<()>>(&mut self) -> Result<T, CodecError> {
        T::decode(self.input).map_err(CodecError::decoding)
    }

    #[inline]
    fn length(&mut self) -> Result<usize, CodecError> {
        let length = self.number::<u64>()?;
        // Where a usize is smaller, a length beyond it is beyond every limit too.
        Ok(usize::try_from(length).unwrap_or(usize::MAX))
    }

    #[inline]
    fn bytes(&mut self, length: usize) -> Result<&'de [u8], CodecError> {
        self.input.reader().take(length).map_err(CodecError::decoding)
    }

    #[inline]
    fn text(&mut self, length: usize) -> Result<&'de str, CodecError> {
        str::from_utf8(self.bytes(length)?).map_err(CodecError::decoding)
    }

    /// How many elements follow, in a sequence or map that may hold that many.
    #[inline]
    fn elements(&mut self) -> Result<usize, CodecError> {
        let count = self.length()?;
        if !self.input.reader().claim_elements(count) {
            return Err(CodecError::decoding(Reason::TooManyElements));
        }
        Ok(count)
    }
}

/// The methods that read one number and show it to the visitor.
macro_rules! numbers {
    ($($deserialize:ident, $visit:ident;)*) => {$(
        #[inline]
        fn $deserialize<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
            visitor.$visit(self.number()?)
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

    numbers! {
        deserialize_bool, visit_bool;
        deserialize_i8, visit_i8;
        deserialize_i16, visit_i16;
        deserialize_i32, visit_i32;
        deserialize_i64, visit_i64;
        deserialize_i128, visit_i128;
        deserialize_u8, visit_u8;
        deserialize_u16, visit_u16;
        deserialize_u32, visit_u32;
        deserialize_u64, visit_u64;
        deserialize_u128, visit_u128;
        deserialize_f32, visit_f32;
        deserialize_f64, visit_f64;
        deserialize_char, visit_char;
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
        match self.input.reader().take_last(length) {
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
        match self.input.reader().take_last(length) {
            Some(bytes) => visitor.visit_byte_buf(bytes),
            None => visitor.visit_borrowed_bytes(self.bytes(length)?),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, CodecError> {
        match self.number::<u8>()? {
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
        match visitor.visit_newtype_struct(self) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(Step::Type(name))),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodecError> {
        let mut decoder = self.deeper()?;
        let count = decoder.elements()?;
        visitor.visit_seq(Items::new(decoder, count, Place::Element))
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
