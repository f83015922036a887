//! The `Serializer`: bincode writes what takes more than a byte, this keeps the decoder's limits and knows the place of a failure.

use bincode::config;
use bincode::enc::write::Writer;
use bincode::enc::{self, EncoderImpl};
use bincode::error::EncodeError;
use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::error::Step;
use super::level::{Integers, Level};
use super::numbers::{self, Alone, NoNumber};
use super::parts::Parts;
use super::reason::Reason;
use super::{CodecError, ELEMENT_ALLOWANCE};
use crate::buffers::{self, LARGE};

/// Appends `value`'s bytes to `into`; on failure, some of them.
#[inline]
pub(super) fn encode<T: Serialize + ?Sized>(value: &T, into: &mut Vec<u8>) -> Result<(), CodecError> {
    let mut output = Output::new(into);
    value.serialize(Encoder::new(&mut output))?;
    finish(&output)
}

/// Checks what can only be told of a whole payload.
#[inline]
pub(super) fn finish(output: &Output<'_>) -> Result<(), CodecError> {
    let written = output.bytes.len().saturating_sub(output.start);
    if output.elements > written.saturating_add(ELEMENT_ALLOWANCE) {
        return Err(CodecError::encoding(Reason::TooManyElements));
    }
    Ok(())
}

/// The payload so far, and how many elements it holds.
pub(super) struct Output<'v> {
    /// Where it begins in `bytes`.
    start: usize,
    bytes: &'v mut Vec<u8>,
    elements: usize,
}

impl<'v> Output<'v> {
    /// Begins a payload behind what `into` holds.
    #[inline]
    pub(super) fn new(into: &'v mut Vec<u8>) -> Self {
        Output { start: into.len(), bytes: into, elements: 0 }
    }

    /// Gives the list of bytes that was written last, and is empty here, its length elsewhere.
    pub(super) fn note_tail(&mut self, length: usize) -> Result<(), CodecError> {
        match self.bytes.pop() {
            Some(0) => Encoder::new(self).length(length),
            _ => Err(CodecError::encoding(Reason::Custom("it does not end in its bytes".to_owned()))),
        }
    }

    #[inline]
    fn append(&mut self, bytes: &[u8]) {
        if bytes.len() >= LARGE {
            buffers::reserve(self.bytes, bytes.len());
        }
        self.bytes.extend_from_slice(bytes);
    }
}

impl Writer for Output<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

/// Writes one value of a level.
pub(super) struct Encoder<'a, 'v> {
    output: &'a mut Output<'v>,
    level: Level,
}

impl<'a, 'v> Encoder<'a, 'v> {
    /// An encoder for a value that stands in no other.
    #[inline]
    pub(super) fn new(output: &'a mut Output<'v>) -> Self {
        Encoder { output, level: Level::OUTERMOST }
    }

    /// The same, at this level.
    #[inline]
    pub(super) fn at(self, level: impl FnOnce(Level) -> Level) -> Self {
        Encoder { output: self.output, level: level(self.level) }
    }

    /// An encoder for one of several values of this level.
    #[inline]
    pub(super) fn again(&mut self) -> Encoder<'_, 'v> {
        Encoder { output: self.output, level: self.level }
    }

    #[inline]
    pub(super) fn deeper(self) -> Result<Self, CodecError> {
        match self.level.deeper() {
            Some(level) => Ok(Encoder { output: self.output, level }),
            None => Err(CodecError::encoding(Reason::TooDeep)),
        }
    }

    /// What tells one variant of an enum from the others.
    #[inline]
    pub(super) fn index(&mut self, index: u32) -> Result<(), CodecError> {
        match numbers::small_unsigned(index) {
            Some(byte) => self.raw(&[byte]),
            None => self.primitive(index),
        }
    }

    #[inline]
    fn length(&mut self, length: usize) -> Result<(), CodecError> {
        match numbers::small_unsigned(length) {
            Some(byte) => self.raw(&[byte]),
            None => self.primitive(length),
        }
    }

    #[inline]
    fn primitive<T: enc::Encode>(&mut self, value: T) -> Result<(), CodecError> {
        let mut encoder = EncoderImpl::new(&mut *self.output, config::standard());
        value.encode(&mut encoder).map_err(CodecError::encoding)
    }

    #[inline]
    fn raw(&mut self, bytes: &[u8]) -> Result<(), CodecError> {
        self.output.bytes.extend_from_slice(bytes);
        Ok(())
    }

    #[inline]
    fn elements(&mut self, count: usize) -> Result<(), CodecError> {
        self.output.elements = self.output.elements.saturating_add(count);
        self.length(count)
    }

    /// Begins the content of the variant with this `index`.
    #[inline]
    fn variant(self, index: u32) -> Result<Self, CodecError> {
        let mut encoder = self.deeper()?;
        encoder.index(index)?;
        Ok(encoder)
    }
}

/// The methods that write one integer; `small` makes one byte of variable length of it, if it is small enough.
macro_rules! integers {
    ($small:ident; $($serialize:ident, $integer:ty;)*) => {$(
        #[inline]
        fn $serialize(mut self, value: $integer) -> Result<(), CodecError> {
            match (self.level.integers(), numbers::$small(value)) {
                (Integers::Whole, _) => self.raw(&value.to_le_bytes()),
                (Integers::Varying, Some(byte)) => self.raw(&[byte]),
                (Integers::Varying, None) => self.primitive(value),
            }
        }
    )*};
}

/// The methods that write a number that always has the same width.
macro_rules! of_one_width {
    ($($serialize:ident, $number:ty;)*) => {$(
        #[inline]
        fn $serialize(mut self, value: $number) -> Result<(), CodecError> {
            self.raw(&value.to_le_bytes())
        }
    )*};
}

impl<'a, 'v> Serializer for Encoder<'a, 'v> {
    type Ok = ();
    type Error = CodecError;
    type SerializeSeq = Parts<'a, 'v>;
    type SerializeTuple = Parts<'a, 'v>;
    type SerializeTupleStruct = Parts<'a, 'v>;
    type SerializeTupleVariant = Parts<'a, 'v>;
    type SerializeMap = Parts<'a, 'v>;
    type SerializeStruct = Parts<'a, 'v>;
    type SerializeStructVariant = Parts<'a, 'v>;

    integers! { small_unsigned;
        serialize_u16, u16;
        serialize_u32, u32;
        serialize_u64, u64;
        serialize_u128, u128;
    }

    integers! { small_signed;
        serialize_i16, i16;
        serialize_i32, i32;
        serialize_i64, i64;
        serialize_i128, i128;
    }

    of_one_width! {
        serialize_u8, u8;
        serialize_i8, i8;
        serialize_f32, f32;
        serialize_f64, f64;
    }

    #[inline]
    fn serialize_bool(mut self, value: bool) -> Result<(), CodecError> {
        self.raw(&[value.into()])
    }

    #[inline]
    fn serialize_char(mut self, value: char) -> Result<(), CodecError> {
        self.raw(value.encode_utf8(&mut [0; 4]).as_bytes())
    }

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), CodecError> {
        self.serialize_bytes(text.as_bytes())
    }

    #[inline]
    fn serialize_bytes(mut self, bytes: &[u8]) -> Result<(), CodecError> {
        self.length(bytes.len())?;
        self.output.append(bytes);
        Ok(())
    }

    #[inline]
    fn serialize_none(mut self) -> Result<(), CodecError> {
        self.raw(&[0])
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CodecError> {
        let mut encoder = self.deeper()?;
        encoder.raw(&[1])?;
        value.serialize(encoder)
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), CodecError> {
        Ok(())
    }

    #[inline]
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), CodecError> {
        Ok(())
    }

    #[inline]
    fn serialize_unit_variant(
        mut self,
        _: &'static str,
        index: u32,
        _: &'static str,
    ) -> Result<(), CodecError> {
        self.index(index)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), CodecError> {
        match value.serialize(self) {
            Ok(()) => Ok(()),
            Err(error) => Err(error.at(Step::Type(name))),
        }
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), CodecError> {
        let error = match self.variant(index) {
            Ok(encoder) => match value.serialize(encoder) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            },
            Err(error) => error,
        };
        Err(error.at(Step::Variant(variant)).at(Step::Type(name)))
    }

    #[inline]
    fn serialize_seq(self, length: Option<usize>) -> Result<Parts<'a, 'v>, CodecError> {
        let Some(length) = length else {
            return Err(CodecError::encoding(Reason::SequenceWithoutLength));
        };
        let mut encoder = self.deeper()?;
        encoder.elements(length)?;
        Ok(Parts::elements(encoder))
    }

    /// What serde writes every sequence of the standard library with.
    fn collect_seq<I>(self, items: I) -> Result<(), CodecError>
    where
        I: IntoIterator<Item: Serialize>,
    {
        let mut items = items.into_iter();
        let (count, most) = items.size_hint();
        if most != Some(count) {
            return Err(CodecError::encoding(Reason::SequenceWithoutLength));
        }
        let mut encoder = self.deeper()?;
        encoder.elements(count)?;
        let Some(first) = items.next() else { return Ok(()) };
        match first.serialize(Alone) {
            Ok(number) => numbers::append(encoder.output.bytes, number, items),
            Err(NoNumber { .. }) => {
                let mut parts = Parts::elements(encoder);
                parts.serialize_element(&first)?;
                items.try_for_each(|item| parts.serialize_element(&item))
            }
        }
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Parts<'a, 'v>, CodecError> {
        Ok(Parts::unnamed(self))
    }

    #[inline]
    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Parts<'a, 'v>, CodecError> {
        Ok(Parts::of_struct(self, name))
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a, 'v>, CodecError> {
        Ok(Parts::of_variant(self.variant(index)?, name, variant))
    }

    #[inline]
    fn serialize_map(self, length: Option<usize>) -> Result<Parts<'a, 'v>, CodecError> {
        let Some(length) = length else {
            return Err(CodecError::encoding(Reason::MapWithoutLength));
        };
        let mut encoder = self.deeper()?;
        encoder.elements(length)?;
        Ok(Parts::unnamed(encoder))
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'a, 'v>, CodecError> {
        Ok(Parts::of_struct(self, name))
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a, 'v>, CodecError> {
        Ok(Parts::of_variant(self.variant(index)?, name, variant))
    }

    #[inline]
    fn is_human_readable(&self) -> bool {
        false
    }
}
