//! What stands inside a value, one after the other: items, entries, an enum's content. Errors learn their place here.

use bincode::de::Decoder as _;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::CodecError;
use super::decoder::Decoder;
use super::error::Step;

/// The items of a sequence, tuple or struct; `step` names the place of each.
pub(super) struct Items<'a, 'de, F> {
    decoder: Decoder<'a, 'de>,
    progress: Progress,
    step: F,
}

impl<'a, 'de, F: Fn(usize) -> Step> Items<'a, 'de, F> {
    #[inline]
    pub(super) fn new(mut decoder: Decoder<'a, 'de>, count: usize, step: F) -> Self {
        let progress = Progress::new(&mut decoder, count);
        Self { decoder, progress, step }
    }
}

/// The fields of a struct, whose place is their name.
#[inline]
pub(super) fn fields<'a, 'de>(
    decoder: Decoder<'a, 'de>,
    names: &'static [&'static str],
) -> Items<'a, 'de, impl Fn(usize) -> Step> {
    Items::new(decoder, names.len(), |index| match names.get(index) {
        Some(name) => Step::Field(name),
        None => Step::Position(index),
    })
}

impl<'de, F: Fn(usize) -> Step> SeqAccess<'de> for Items<'_, 'de, F> {
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
            Err(error) => Err(error.at((self.step)(index))),
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
    pub(super) fn new(mut decoder: Decoder<'a, 'de>, count: usize) -> Self {
        let progress = Progress::new(&mut decoder, count);
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
        seed.deserialize(self.decoder.part()).map_err(|error| error.at(Step::Value(self.progress.last())))
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
        let index = self.decoder.number::<u32>()?;
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

impl<'a, 'de> Content<'a, 'de> {
    #[inline]
    fn read<T>(self, read: impl FnOnce(Decoder<'a, 'de>) -> Result<T, CodecError>) -> Result<T, CodecError> {
        let Self { decoder, names, index } = self;
        let place = |error: CodecError| {
            let name = usize::try_from(index).ok().and_then(|index| names.get(index));
            match name {
                Some(name) => error.at(Step::Variant(name)),
                None => error,
            }
        };
        decoder.deeper().and_then(read).map_err(place)
    }
}

impl<'de> VariantAccess<'de> for Content<'_, 'de> {
    type Error = CodecError;

    #[inline]
    fn unit_variant(self) -> Result<(), CodecError> {
        Ok(())
    }

    #[inline]
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, CodecError> {
        self.read(|decoder| seed.deserialize(decoder))
    }

    #[inline]
    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, CodecError> {
        self.read(|decoder| decoder.deserialize_tuple(length, visitor))
    }

    #[inline]
    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodecError> {
        self.read(|decoder| visitor.visit_seq(fields(decoder, names)))
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
    fn new(decoder: &mut Decoder<'_, '_>, count: usize) -> Self {
        Self { begun: 0, count, bytes: decoder.input.reader().len() }
    }

    /// The index of the next part, if there is one.
    #[inline]
    fn next(&mut self) -> Option<usize> {
        let index = self.begun;
        (index < self.count).then(|| {
            self.begun += 1;
            index
        })
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
