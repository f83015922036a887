//! The message enums as generated code reads them: which variant it is, then that variant's fields.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error, SeqAccess, Unexpected, VariantAccess, Visitor};

/// A message enum of a service.
#[doc(hidden)]
pub trait Message<'de>: Sized {
    /// Its name.
    const NAME: &'static str;
    /// The names of its variants.
    const VARIANTS: &'static [&'static str];
    /// How many fields each variant has.
    const LENGTHS: &'static [usize];

    /// Reads the fields of a variant.
    ///
    /// # Errors
    /// The deserializer's; also for an index that no variant has.
    fn read<A: SeqAccess<'de>>(index: u32, fields: &mut A) -> Result<Self, A::Error>;
}

/// Reads a message: the whole of its `Deserialize`.
///
/// # Errors
/// The deserializer's.
#[doc(hidden)]
pub fn read_message<'de, M: Message<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<M, D::Error> {
    deserializer.deserialize_enum(M::NAME, M::VARIANTS, AnyVariant(PhantomData))
}

/// The error for an index that no variant has.
///
/// # Errors
/// Always.
#[doc(hidden)]
#[cold]
pub fn unknown_variant<M, E: Error>(index: u32) -> Result<M, E> {
    Err(E::invalid_value(Unexpected::Unsigned(index.into()), &"the index of a variant"))
}

struct AnyVariant<M>(PhantomData<M>);

impl<'de, M: Message<'de>> Visitor<'de> for AnyVariant<M> {
    type Value = M;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "enum {}", M::NAME)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<M, A::Error> {
        let (index, content) = data.variant_seed(Index { variants: M::VARIANTS })?;
        let length = usize::try_from(index).ok().and_then(|index| M::LENGTHS.get(index));
        match length {
            Some(length) => content.tuple_variant(*length, Fields { index, message: PhantomData }),
            None => unknown_variant(index),
        }
    }
}

/// Reads which variant it is: by number, or by name in formats that have names.
struct Index {
    variants: &'static [&'static str],
}

impl<'de> DeserializeSeed<'de> for Index {
    type Value = u32;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u32, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Index {
    type Value = u32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a variant")
    }

    fn visit_u64<E: Error>(self, index: u64) -> Result<u32, E> {
        u32::try_from(index).map_err(|_| E::invalid_value(Unexpected::Unsigned(index), &self))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<u32, E> {
        let index = (0..).zip(self.variants).find(|(_, variant)| **variant == name);
        index.map(|(index, _)| index).ok_or_else(|| E::unknown_variant(name, self.variants))
    }
}

struct Fields<M> {
    index: u32,
    message: PhantomData<M>,
}

impl<'de, M: Message<'de>> Visitor<'de> for Fields<M> {
    type Value = M;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fields of a variant of {}", M::NAME)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut fields: A) -> Result<M, A::Error> {
        M::read(self.index, &mut fields)
    }
}
