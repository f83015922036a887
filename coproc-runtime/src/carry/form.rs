//! A form that is not the type's own in serde, also for what stands inside references, boxes, options, results and
//! sequences.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Carry, Ref};

/// A type that can be written in the form `F`, such as [`bytes::Form`](super::bytes::Form).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written in the form `{F}`",
    note = "coproc tells such a type by its name alone: if it is a type of your own with that name, give it another"
)]
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
}

/// A value whose serde form is `F`.
struct As<F, T>(T, PhantomData<F>);

impl<F, T> As<F, T> {
    fn new(value: T) -> Self {
        Self(value, PhantomData)
    }

    fn into_inner(self) -> T {
        self.0
    }
}

impl<F, T: SerializeAs<F>> Serialize for As<F, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_as(serializer)
    }
}

impl<'de, F, T: DeserializeAs<'de, F>> Deserialize<'de> for As<F, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_as(deserializer).map(Self::new)
    }
}

impl<F, T: SerializeAs<F> + ?Sized> SerializeAs<F> for &T {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_as(serializer)
    }
}

impl<F, T: SerializeAs<F> + Carry + ?Sized> SerializeAs<F> for Ref<'_, T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_as(serializer)
    }
}

impl<'de, 'a, F, T: Carry + ?Sized> DeserializeAs<'de, F> for Ref<'a, T>
where
    T::Held<'a>: DeserializeAs<'de, F>,
{
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::Held::deserialize_as(deserializer).map(Self::Held)
    }
}

impl<F, T: SerializeAs<F> + ToOwned + ?Sized> SerializeAs<F> for Cow<'_, T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_as(serializer)
    }
}

impl<'de: 'a, 'a, F, T: ToOwned + ?Sized> DeserializeAs<'de, F> for Cow<'a, T>
where
    &'a T: DeserializeAs<'de, F>,
{
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&T>::deserialize_as(deserializer).map(Self::Borrowed)
    }
}

impl<F, T: SerializeAs<F> + ?Sized> SerializeAs<F> for Box<T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_as(serializer)
    }
}

impl<'de, F, T: DeserializeAs<'de, F>> DeserializeAs<'de, F> for Box<T> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_as(deserializer).map(Self::new)
    }
}

impl<F, T: SerializeAs<F>> SerializeAs<F> for Option<T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(As::<F, _>::new).serialize(serializer)
    }
}

impl<'de, F, T: DeserializeAs<'de, F>> DeserializeAs<'de, F> for Option<T> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<As<F, T>>::deserialize(deserializer)?;
        Ok(value.map(As::into_inner))
    }
}

/// The error keeps its own form.
impl<F, T: SerializeAs<F>, E: Serialize> SerializeAs<F> for Result<T, E> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(As::<F, _>::new).serialize(serializer)
    }
}

impl<'de, F, T: DeserializeAs<'de, F>, E: Deserialize<'de>> DeserializeAs<'de, F> for Result<T, E> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Result::<As<F, T>, E>::deserialize(deserializer)?;
        Ok(value.map(As::into_inner))
    }
}

impl<F, T: SerializeAs<F>> SerializeAs<F> for [T] {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(As::<F, _>::new))
    }
}

impl<F, T: SerializeAs<F>> SerializeAs<F> for Vec<T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize_as(serializer)
    }
}

impl<'de, F, T: DeserializeAs<'de, F>> DeserializeAs<'de, F> for Vec<T> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Vec::<As<F, T>>::deserialize(deserializer)?;
        Ok(values.into_iter().map(As::into_inner).collect())
    }
}
