//! The `Serializer`: bincode writes the numbers, this keeps the decoder's limits and knows the place of a failure.

use bincode::config::{self, Configuration};
use bincode::enc::write::Writer;
use bincode::enc::{self, Encoder as _, EncoderImpl};
use bincode::error::EncodeError;
use serde::ser::{Serialize, Serializer};

use super::error::Step;
use super::parts::Parts;
use super::reason::Reason;
use super::{CodecError, DEPTH_LIMIT, ELEMENT_ALLOWANCE};
use crate::buffers::{self, LARGE};

/// Appends `value`'s bytes to `into`; on failure, some of them.
#[inline]
pub(super) fn encode<T: Serialize + ?Sized>(value: &T, into: &mut Vec<u8>) -> Result<(), CodecError> {
    let mut sink = sink(into);
    value.serialize(Encoder::new(&mut sink))?;
    finish(sink)
}

/// What bincode writes a payload with.
pub(super) type Sink<'v> = EncoderImpl<Output<'v>, Configuration>;

/// Begins a payload behind what `into` holds.
#[inline]
pub(super) fn sink(into: &mut Vec<u8>) -> Sink<'_> {
    EncoderImpl::new(Output { start: into.len(), bytes: into, elements: 0 }, config::standard())
}

/// Checks what can only be told of a whole payload.
#[inline]
pub(super) fn finish(sink: Sink<'_>) -> Result<(), CodecError> {
    let Output { start, bytes, elements } = sink.into_writer();
    let written = bytes.len().saturating_sub(start);
    if elements > written.saturating_add(ELEMENT_ALLOWANCE) {
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

impl Output<'_> {
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
        self.append(bytes);
        Ok(())
    }
}

/// Writes one value that stands inside `depth` others.
pub(super) struct Encoder<'a, 'v> {
    output: &'a mut Sink<'v>,
    depth: usize,
}

impl<'a, 'v> Encoder<'a, 'v> {
    /// An encoder for a value that stands in no other.
    #[inline]
    pub(super) fn new(output: &'a mut Sink<'v>) -> Self {
        Encoder { output, depth: 0 }
    }

    /// An encoder for a value that is part of this one, and no deeper.
    #[inline]
    pub(super) fn part(&mut self) -> Encoder<'_, 'v> {
        Encoder { output: self.output, depth: self.depth }
    }

    #[inline]
    pub(super) fn deeper(self) -> Result<Self, CodecError> {
        if self.depth >= DEPTH_LIMIT {
            return Err(CodecError::encoding(Reason::TooDeep));
        }
        Ok(Self { output: self.output, depth: self.depth + 1 })
    }

    #[inline]
    pub(super) fn number<T: enc::Encode>(&mut self, number: T) -> Result<(), CodecError> {
        number.encode(self.output).map_err(CodecError::encoding)
    }

    #[inline]
    fn elements(&mut self, count: usize) -> Result<(), CodecError> {
        let elements = &mut self.output.writer().elements;
        *elements = elements.saturating_add(count);
        self.number(count)
    }

    /// Begins the content of the variant with this `index`.
    #[inline]
    fn variant(self, index: u32) -> Result<Self, CodecError> {
        let mut encoder = self.deeper()?;
        encoder.number(index)?;
        Ok(encoder)
    }
}

/// The methods that write one number.
macro_rules! numbers {
    ($($serialize:ident, $number:ty;)*) => {$(
        #[inline]
        fn $serialize(mut self, value: $number) -> Result<(), CodecError> {
            self.number(value)
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

    numbers! {
        serialize_bool, bool;
        serialize_i8, i8;
        serialize_i16, i16;
        serialize_i32, i32;
        serialize_i64, i64;
        serialize_i128, i128;
        serialize_u8, u8;
        serialize_u16, u16;
        serialize_u32, u32;
        serialize_u64, u64;
        serialize_u128, u128;
        serialize_f32, f32;
        serialize_f64, f64;
        serialize_char, char;
    }

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), CodecError> {
        self.serialize_bytes(text.as_bytes())
    }

    #[inline]
    fn serialize_bytes(mut self, bytes: &[u8]) -> Result<(), CodecError> {
        self.number(bytes.len())?;
        self.output.writer().append(bytes);
        Ok(())
    }

    #[inline]
    fn serialize_none(mut self) -> Result<(), CodecError> {
        self.number(0_u8)
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CodecError> {
        let mut encoder = self.deeper()?;
        encoder.number(1_u8)?;
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
        self.number(index)
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
        Ok(Parts::unnamed(encoder))
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
