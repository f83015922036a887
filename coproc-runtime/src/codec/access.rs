//! What stands inside a value, one after the other: items, entries, an enum's content. Errors learn their place here.

use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::CodecError;
use super::decoder::Decoder;
use super::error::Step;
use super::level::Level;
use super::payload::Payload;

/// The elements of a sequence.
///
/// It reads from a copy of what is left of the payload, which the compiler can keep in registers, and gives that back at its end.
pub(super) struct Elements<'a, 'de> {
    rest: &'a mut Payload<'de>,
    payload: Payload<'de>,
    level: Level,
    progress: Progress,
}

impl<'a, 'de> Elements<'a, 'de> {
    #[inline]
    pub(super) fn new(decoder: Decoder<'a, 'de>, count: usize) -> Self {
        let Decoder { payload: rest, level } = decoder;
        let payload = *rest;
        Self { progress: Progress::new(&payload, count), rest, payload, level: level.element() }
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CodecError> {
        let Some(index) = self.progress.next() else {
            return Ok(None);
        };
        match seed.deserialize(Decoder { payload: &mut self.payload, level: self.level }) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.at(Step::Element(index))),
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.progress.hint())
    }
}

impl Drop for Elements<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        *self.rest = self.payload;
    }
}

/// The items of a tuple or struct.
pub(super) struct Items<'a, 'de> {
    decoder: Decoder<'a, 'de>,
    progress: Progress,
    place: Place,
}

/// What the place of an item is called.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Position,
    Field(&'static [&'static str]),
}

impl<'a, 'de> Items<'a, 'de> {
    #[inline]
    pub(super) fn new(decoder: Decoder<'a, 'de>, count: usize, place: Place) -> Self {
        let progress = Progress::new(decoder.payload, count);
        Self { decoder, progress, place }
    }
}

impl Place {
    #[cold]
    fn of(self, index: usize, error: CodecError) -> CodecError {
        error.at(match self {
            Place::Position => Step::Position(index),
            Place::Field(names) => names.get(index).map_or(Step::Position(index), |name| Step::Field(name)),
        })
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CodecError> {
        let Some(index) = self.progress.next() else {
            return Ok(None);
        };
        match seed.deserialize(self.decoder.part()) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(self.place.of(index, error)),
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.progress.hint())
    }
}

/// The entries of a map.
pub(super) struct Entries<'a, 'de> {
    decoder: Decoder<'a, 'de>,
    progress: Progress,
}

impl<'a, 'de> Entries<'a, 'de> {
    #[inline]
    pub(super) fn new(decoder: Decoder<'a, 'de>, count: usize) -> Self {
        let progress = Progress::new(decoder.payload, count);
        Self { decoder, progress }
    }
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, CodecError> {
        let Some(index) = self.progress.next() else {
            return Ok(None);
        };
        match seed.deserialize(self.decoder.part()) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(error.at(Step::Key(index))),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, CodecError> {
        match seed.deserialize(self.decoder.part()) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(Step::Value(self.progress.last()))),
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.progress.hint())
    }
}

/// An enum: first which variant it is, then that variant's content.
pub(super) struct Variants<'a, 'de> {
    decoder: Decoder<'a, 'de>,
    names: &'static [&'static str],
}

impl<'a, 'de> Variants<'a, 'de> {
    #[inline]
    pub(super) fn new(decoder: Decoder<'a, 'de>, names: &'static [&'static str]) -> Self {
        Self { decoder, names }
    }
}

impl<'a, 'de> EnumAccess<'de> for Variants<'a, 'de> {
    type Error = CodecError;
    type Variant = Content<'a, 'de>;

    #[inline]
    fn variant_seed<V: DeserializeSeed<'de>>(
        mut self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), CodecError> {
        let index = self.decoder.index()?;
        let value = seed.deserialize(index.into_deserializer())?;
        let content = Content { decoder: self.decoder, names: self.names, index };
        Ok((value, content))
    }
}

/// What the variant with this `index` holds.
pub(super) struct Content<'a, 'de> {
    decoder: Decoder<'a, 'de>,
    names: &'static [&'static str],
    index: u32,
}

impl<'de> VariantAccess<'de> for Content<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn unit_variant(self) -> Result<(), CodecError> {
        Ok(())
    }

    #[inline]
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, CodecError> {
        match self.decoder.inside() {
            Ok(decoder) => match seed.deserialize(decoder) {
                Ok(value) => Ok(value),
                Err(error) => Err(self.place(error)),
            },
            Err(error) => Err(self.place(error)),
        }
    }

    #[inline]
    fn tuple_variant<V: Visitor<'de>>(mut self, length: usize, visitor: V) -> Result<V::Value, CodecError> {
        match self.decoder.inside() {
            Ok(decoder) => match visitor.visit_seq(Items::new(decoder, length, Place::Position)) {
                Ok(value) => Ok(value),
                Err(error) => Err(self.place(error)),
            },
            Err(error) => Err(self.place(error)),
        }
    }

    #[inline]
    fn struct_variant<V: Visitor<'de>>(
        mut self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        match self.decoder.inside() {
            Ok(decoder) => match visitor.visit_seq(Items::new(decoder, names.len(), Place::Field(names))) {
                Ok(value) => Ok(value),
                Err(error) => Err(self.place(error)),
            },
            Err(error) => Err(self.place(error)),
        }
    }
}

impl Content<'_, '_> {
    #[cold]
    fn place(&self, error: CodecError) -> CodecError {
        let name = usize::try_from(self.index).ok().and_then(|index| self.names.get(index));
        match name {
            Some(name) => error.at(Step::Variant(name)),
            None => error,
        }
    }
}

/// How many of a value's parts have been read.
struct Progress {
    begun: usize,
    count: usize,
    bytes: usize,
}

impl Progress {
    #[inline]
    fn new(payload: &Payload<'_>, count: usize) -> Self {
        Self { begun: 0, count, bytes: payload.len() }
    }

    /// The index of the next part, if there is one.
    #[inline]
    fn next(&mut self) -> Option<usize> {
        let index = self.begun;
        if index >= self.count {
            return None;
        }
        self.begun += 1;
        Some(index)
    }

    /// The index of the part that was begun last.
    fn last(&self) -> usize {
        self.begun.saturating_sub(1)
    }

    /// How many parts to make room for: what was announced, but no more than there are bytes.
    #[inline]
    fn hint(&self) -> usize {
        self.count.saturating_sub(self.begun).min(self.bytes)
    }
}
