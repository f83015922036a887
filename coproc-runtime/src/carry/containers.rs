//! References, boxes, options, results and sequences have the special form that what is in them has.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::form::{KeepsErrors, Lends, Read, Special, Written, WrittenSlice};
use super::{Carry, DeserializeAs, Ref, Refs, SerializeAs};

impl<F: Special, T: SerializeAs<F> + ?Sized> SerializeAs<F> for &T {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_as(serializer)
    }
}

impl<F: Special, T: SerializeAs<F> + Carry + ?Sized> SerializeAs<F> for Ref<'_, T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_as(serializer)
    }
}

impl<'de, 'a, F: Special, T: Carry + ?Sized> DeserializeAs<'de, F> for Ref<'a, T>
where
    T::Held<'a>: DeserializeAs<'de, F>,
{
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::Held::deserialize_as(deserializer).map(Self::Held)
    }
}

impl<F: Special, T: SerializeAs<F> + Carry + ?Sized> SerializeAs<F> for Refs<'_, T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written::<F, T>::new))
    }
}

impl<'de, 'a, F: Special, T: Carry + ?Sized> DeserializeAs<'de, F> for Refs<'a, T>
where
    T::Held<'a>: DeserializeAs<'de, F>,
{
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize_as(deserializer).map(Self::Held)
    }
}

/// Only what can be read as well, so that a form that is chosen by it serves both ways.
impl<'a, F: Lends, T: SerializeAs<F> + ToOwned + ?Sized> SerializeAs<F> for Cow<'a, T>
where
    &'a T: DeserializeAs<'a, F>,
{
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_as(serializer)
    }
}

impl<'de: 'a, 'a, F: Lends, T: ToOwned + ?Sized> DeserializeAs<'de, F> for Cow<'a, T>
where
    &'a T: DeserializeAs<'de, F>,
{
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&T>::deserialize_as(deserializer).map(Self::Borrowed)
    }
}

impl<F: Special, T: SerializeAs<F> + ?Sized> SerializeAs<F> for Box<T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_as(serializer)
    }
}

impl<'de, F: Special, T: DeserializeAs<'de, F>> DeserializeAs<'de, F> for Box<T> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_as(deserializer).map(Self::new)
    }
}

impl<'de, F: Special, T: DeserializeAs<'de, F>> DeserializeAs<'de, F> for Box<[T]> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize_as(deserializer).map(Vec::into_boxed_slice)
    }
}

impl<F: Special, T: SerializeAs<F>> SerializeAs<F> for Option<T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Written::<F, _>::new).serialize(serializer)
    }
}

impl<'de, F: Special, T: DeserializeAs<'de, F>> DeserializeAs<'de, F> for Option<T> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<Read<F, T>>::deserialize(deserializer)?;
        Ok(value.map(Read::into_inner))
    }
}

impl<F: KeepsErrors, T: SerializeAs<F>, E: Serialize> SerializeAs<F> for Result<T, E> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Written::<F, _>::new).serialize(serializer)
    }
}

impl<'de, F: KeepsErrors, T: DeserializeAs<'de, F>, E: Deserialize<'de>> DeserializeAs<'de, F>
    for Result<T, E>
{
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Result::<Read<F, T>, E>::deserialize(deserializer)?;
        Ok(value.map(Read::into_inner))
    }
}

impl<F: Special, T: SerializeAs<F>> SerializeAs<F> for [T] {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WrittenSlice::<F, T>::new(self).serialize(serializer)
    }
}

impl<F: Special, T: SerializeAs<F>> SerializeAs<F> for Vec<T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize_as(serializer)
    }
}

impl<'de, F: Special, T: DeserializeAs<'de, F>> DeserializeAs<'de, F> for Vec<T> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_list(deserializer)
    }
}
