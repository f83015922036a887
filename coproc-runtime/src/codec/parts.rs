//! The parts of a value, written one after the other. Errors learn their place here.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::CodecError;
use super::encoder::Encoder;
use super::error::Step;
use super::level::Level;
use super::reason::Reason;

/// What writes the parts of any value: items, fields, keys and values.
pub(super) struct Parts<'a, 'v> {
    encoder: Encoder<'a, 'v>,
    written: usize,
    of: Whole,
}

/// What the parts belong to, as far as an error's place names it.
enum Whole {
    Unnamed,
    Struct(&'static str),
    Variant(&'static str, &'static str),
}

impl<'a, 'v> Parts<'a, 'v> {
    /// Of a sequence.
    #[inline]
    pub(super) fn elements(encoder: Encoder<'a, 'v>) -> Self {
        Self { encoder: encoder.at(Level::element), written: 0, of: Whole::Unnamed }
    }

    #[inline]
    pub(super) fn unnamed(encoder: Encoder<'a, 'v>) -> Self {
        Self::new(encoder, Whole::Unnamed)
    }

    #[inline]
    pub(super) fn of_struct(encoder: Encoder<'a, 'v>, name: &'static str) -> Self {
        Self::new(encoder, Whole::Struct(name))
    }

    #[inline]
    pub(super) fn of_variant(encoder: Encoder<'a, 'v>, name: &'static str, variant: &'static str) -> Self {
        Self::new(encoder, Whole::Variant(name, variant))
    }

    #[inline]
    fn new(encoder: Encoder<'a, 'v>, of: Whole) -> Self {
        Self { encoder: encoder.at(Level::part), written: 0, of }
    }

    #[inline]
    fn part<T: Serialize + ?Sized>(&mut self, value: &T, step: Step) -> Result<(), CodecError> {
        self.written += 1;
        match value.serialize(self.encoder.again()) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.within(error.at(step))),
        }
    }

    #[cold]
    fn left_out(&self, name: &'static str) -> CodecError {
        self.within(CodecError::encoding(Reason::FieldLeftOut).at(Step::Field(name)))
    }

    #[cold]
    fn within(&self, error: CodecError) -> CodecError {
        match self.of {
            Whole::Unnamed => error,
            Whole::Struct(name) => error.at(Step::Type(name)),
            Whole::Variant(name, variant) => error.at(Step::Variant(variant)).at(Step::Type(name)),
        }
    }
}

/// A trait of serde's whose parts are numbered.
macro_rules! numbered {
    ($($trait:ident, $serialize:ident, $step:path;)*) => {$(
        impl $trait for Parts<'_, '_> {
            type Ok = ();
            type Error = CodecError;

            #[inline]
            fn $serialize<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
                self.part(value, $step(self.written))
            }

            #[inline]
            fn end(self) -> Result<(), CodecError> {
                Ok(())
            }
        }
    )*};
}

numbered! {
    SerializeSeq, serialize_element, Step::Element;
    SerializeTuple, serialize_element, Step::Position;
    SerializeTupleStruct, serialize_field, Step::Position;
    SerializeTupleVariant, serialize_field, Step::Position;
}

/// A trait of serde's whose parts have names, none of which may be missing.
macro_rules! named {
    ($($trait:ident)*) => {$(
        impl $trait for Parts<'_, '_> {
            type Ok = ();
            type Error = CodecError;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), CodecError> {
                self.part(value, Step::Field(name))
            }

            fn skip_field(&mut self, name: &'static str) -> Result<(), CodecError> {
                Err(self.left_out(name))
            }

            #[inline]
            fn end(self) -> Result<(), CodecError> {
                Ok(())
            }
        }
    )*};
}

named! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Parts<'_, '_> {
    type Ok = ();
    type Error = CodecError;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CodecError> {
        // The index goes up with the key, so that its value knows it too.
        self.part(key, Step::Key(self.written))
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        let index = self.written.saturating_sub(1);
        match value.serialize(self.encoder.again()) {
            Ok(()) => Ok(()),
            Err(error) => Err(error.at(Step::Value(index))),
        }
    }

    #[inline]
    fn end(self) -> Result<(), CodecError> {
        Ok(())
    }
}
