//! The forms that a value may be written in: the one that its type has in serde, and better ones.

use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Refs;

/// A type that can be written in the form `F`, such as [`bytes::Form`](super::bytes::Form).
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be written in the form `{F}`")]
pub trait SerializeAs<F> {
    /// Writes the value in the form `F`.
    ///
    /// # Errors
    ///
    /// The serializer's.
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A type that can be read in the form `F`, such as [`bytes::Form`](super::bytes::Form).
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be read in the form `{F}`")]
pub trait DeserializeAs<'de, F>: Sized {
    /// Reads a value that was written in the form `F`.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Reads a list of such values, which has the form too.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn deserialize_list<D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Self>, D::Error> {
        let values = Vec::<Read<F, Self>>::deserialize(deserializer)?;
        // No element moves to another allocation.
        Ok(values.into_iter().map(Read::into_inner).collect())
    }
}

/// The form that a type has in serde.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl<T: Serialize + ?Sized> SerializeAs<Plain> for T {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> DeserializeAs<'de, Plain> for T {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

/// A form other than [`Plain`]: what stands around a value has it when the value has it.
pub trait Special {}

/// A form in which the error of a `Result` stays as serde has it.
pub trait KeepsErrors: Special {}

/// A form in which a reference to what lies in the payload can be read.
pub trait Lends: Special {}

/// A reference to a value, whose serde form is `F`.
pub(super) struct Written<'a, F, T: ?Sized>(&'a T, PhantomData<F>);

impl<'a, F, T: ?Sized> Written<'a, F, T> {
    pub(super) fn new(value: &'a T) -> Self {
        Self(value, PhantomData)
    }
}

impl<F, T: SerializeAs<F> + ?Sized> Serialize for Written<'_, F, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_as(serializer)
    }
}

/// A value, whose serde form is `F`.
pub(super) struct Read<F, T>(T, PhantomData<F>);

impl<F, T> Read<F, T> {
    pub(super) fn into_inner(self) -> T {
        self.0
    }
}

impl<'de, F, T: DeserializeAs<'de, F>> Deserialize<'de> for Read<F, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(T::deserialize_as(deserializer)?, PhantomData))
    }
}

/// A list of values, whose serde form is `F`.
pub(super) struct ReadList<F, T>(Vec<T>, PhantomData<F>);

impl<F, T> ReadList<F, T> {
    pub(super) fn into_inner(self) -> Vec<T> {
        self.0
    }
}

impl<'de, F, T: DeserializeAs<'de, F>> Deserialize<'de> for ReadList<F, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(T::deserialize_list(deserializer)?, PhantomData))
    }
}

/// A slice whose elements have the form `F`; it holds for every form, [`Plain`] too.
pub(super) struct WrittenSlice<'a, F, T>(&'a [T], PhantomData<F>);

impl<'a, F, T> WrittenSlice<'a, F, T> {
    pub(super) fn new(slice: &'a [T]) -> Self {
        Self(slice, PhantomData)
    }
}

impl<F, T: SerializeAs<F>> Serialize for WrittenSlice<'_, F, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Written::<F, T>::new))
    }
}

/// References to what has the form `F`, as a slice of it.
pub(super) struct WrittenReferences<'a, 'm, F, T>(&'a Refs<'m, T>, PhantomData<F>);

impl<'a, 'm, F, T> WrittenReferences<'a, 'm, F, T> {
    pub(super) fn new(references: &'a Refs<'m, T>) -> Self {
        Self(references, PhantomData)
    }
}

impl<F, T: SerializeAs<F>> Serialize for WrittenReferences<'_, '_, F, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Written::<F, T>::new))
    }
}
