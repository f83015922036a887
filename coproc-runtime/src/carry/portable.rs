//! Where generated code meets the types of a user: one trait a way, so that rustc has one complaint about one type.

use serde::de::{DeserializeOwned, Error, SeqAccess};
use serde::ser::SerializeTupleVariant;
use serde::{Deserialize, Serialize};

use crate::codec::{CodecError, ReplyReader};

use super::Refs;
use super::form::{
    DeserializeAs, Plain, Read, ReadList, SerializeAs, Written, WrittenReferences, WrittenSlice,
};

/// A type that owns what it holds and can cross to another process in the form `F`.
///
/// Whoever calls its functions writes `<T as Portable<_>>::…` with the user's own tokens for `T`. Complaints that are the same
/// at the same place are shown once by rustc: that is why reading and writing are one trait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross to another process",
    label = "it, or what it is made of, needs `#[derive(serde::Serialize, serde::Deserialize)]`",
    note = "help: if it is not your own, put a type of yours in its place, as in `Result<_, String>`",
    note = "help: or keep the method out of the messages: write `#[local]` above it"
)]
pub trait Portable<F = Plain>: Sized {
    /// Writes the value as one field.
    ///
    /// # Errors
    ///
    /// The serializer's.
    fn write_field<S: SerializeTupleVariant>(&self, form: F, fields: &mut S) -> Result<(), S::Error>;

    /// Reads one field.
    ///
    /// # Errors
    ///
    /// The deserializer's, or that there are no more fields.
    fn read_field<'de, A: SeqAccess<'de>>(form: F, fields: &mut A) -> Result<Self, A::Error>;

    /// Writes values as one field, as a `Vec` of them is written.
    ///
    /// # Errors
    ///
    /// Those of [`Portable::write_field`].
    fn write_slice<S: SerializeTupleVariant>(slice: &[Self], form: F, fields: &mut S)
    -> Result<(), S::Error>;

    /// Reads what [`Portable::write_slice`] wrote.
    ///
    /// # Errors
    ///
    /// Those of [`Portable::read_field`].
    fn read_slice<'de, A: SeqAccess<'de>>(form: F, fields: &mut A) -> Result<Vec<Self>, A::Error>;

    /// Writes what the references refer to as one field, as a `Vec` of it is written.
    ///
    /// # Errors
    ///
    /// Those of [`Portable::write_field`].
    fn write_references<S: SerializeTupleVariant>(
        references: &Refs<'_, Self>,
        form: F,
        fields: &mut S,
    ) -> Result<(), S::Error>;

    /// Writes a value that may not be there as one field, as an `Option` of it is written.
    ///
    /// # Errors
    ///
    /// Those of [`Portable::write_field`].
    fn write_option<S: SerializeTupleVariant>(
        value: Option<&Self>,
        form: F,
        fields: &mut S,
    ) -> Result<(), S::Error>;

    /// Reads what [`Portable::write_option`] wrote.
    ///
    /// # Errors
    ///
    /// Those of [`Portable::read_field`].
    fn read_option<'de, A: SeqAccess<'de>>(form: F, fields: &mut A) -> Result<Option<Self>, A::Error>;

    /// What reads a reply that is such a value.
    fn value_reader(form: F) -> ReadReply<Self>;

    /// What reads a reply that is a `Vec` of such values.
    fn slice_reader(form: F) -> ReadReply<Vec<Self>>;

    /// What reads a reply that is such a value, or none.
    fn option_reader(form: F) -> ReadReply<Option<Self>>;
}

/// A function that reads a reply.
pub(crate) type ReadReply<T> = fn(&mut ReplyReader<'_>) -> Result<T, CodecError>;

#[diagnostic::do_not_recommend]
impl<F: Default, T: SerializeAs<F> + for<'de> DeserializeAs<'de, F>> Portable<F> for T {
    fn write_field<S: SerializeTupleVariant>(&self, form: F, fields: &mut S) -> Result<(), S::Error> {
        write_lent(self, form, fields)
    }

    fn read_field<'de, A: SeqAccess<'de>>(form: F, fields: &mut A) -> Result<Self, A::Error> {
        read_lent(form, fields)
    }

    fn write_slice<S: SerializeTupleVariant>(slice: &[Self], _: F, fields: &mut S) -> Result<(), S::Error> {
        fields.serialize_field(&WrittenSlice::<F, T>::new(slice))
    }

    fn read_slice<'de, A: SeqAccess<'de>>(_: F, fields: &mut A) -> Result<Vec<Self>, A::Error> {
        Ok(next::<ReadList<F, T>, A>(fields)?.into_inner())
    }

    fn write_references<S: SerializeTupleVariant>(
        references: &Refs<'_, Self>,
        _: F,
        fields: &mut S,
    ) -> Result<(), S::Error> {
        fields.serialize_field(&WrittenReferences::<F, T>::new(references))
    }

    fn write_option<S: SerializeTupleVariant>(
        value: Option<&Self>,
        _: F,
        fields: &mut S,
    ) -> Result<(), S::Error> {
        fields.serialize_field(&value.map(Written::<F, T>::new))
    }

    fn read_option<'de, A: SeqAccess<'de>>(_: F, fields: &mut A) -> Result<Option<Self>, A::Error> {
        Ok(next::<Option<Read<F, T>>, A>(fields)?.map(Read::into_inner))
    }

    fn value_reader(_: F) -> ReadReply<Self> {
        |fields| read_lent(F::default(), fields)
    }

    fn slice_reader(_: F) -> ReadReply<Vec<Self>> {
        |fields| T::read_slice(F::default(), fields)
    }

    fn option_reader(_: F) -> ReadReply<Option<Self>> {
        |fields| T::read_option(F::default(), fields)
    }
}

/// A type that can cross to another process in the form `F` and may borrow from the message, whose lifetime is `'de`.
///
/// As [`Portable`], it is for rustc to have one complaint.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross to another process",
    label = "it, or what it is made of, needs `#[derive(serde::Serialize, serde::Deserialize)]`",
    note = "help: if it is not your own, put a type of yours in its place, as in `Result<_, String>`",
    note = "help: or keep the method out of the messages: write `#[local]` above it"
)]
pub trait PortableWithin<'de, F = Plain>: Sized {
    /// Writes the value as one field.
    ///
    /// # Errors
    ///
    /// The serializer's.
    fn write_field<S: SerializeTupleVariant>(&self, form: F, fields: &mut S) -> Result<(), S::Error>;

    /// Reads one field.
    ///
    /// # Errors
    ///
    /// The deserializer's, or that there are no more fields.
    fn read_field<A: SeqAccess<'de>>(form: F, fields: &mut A) -> Result<Self, A::Error>;
}

#[diagnostic::do_not_recommend]
impl<'de, F, T: SerializeAs<F> + DeserializeAs<'de, F>> PortableWithin<'de, F> for T {
    fn write_field<S: SerializeTupleVariant>(&self, form: F, fields: &mut S) -> Result<(), S::Error> {
        write_lent(self, form, fields)
    }

    fn read_field<A: SeqAccess<'de>>(form: F, fields: &mut A) -> Result<Self, A::Error> {
        read_lent(form, fields)
    }
}

/// What serde can write and read, as one bound of a type parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross to another process",
    label = "it, or what it is made of, needs `#[derive(serde::Serialize, serde::Deserialize)]`"
)]
pub trait Crossing: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Crossing for T {}

/// Writes a value as one field, of whatever type it is, even if that can't be read.
///
/// # Errors
///
/// The serializer's.
pub fn write_lent<F, T: SerializeAs<F> + ?Sized, S: SerializeTupleVariant>(
    value: &T,
    _: F,
    fields: &mut S,
) -> Result<(), S::Error> {
    fields.serialize_field(&Written::<F, T>::new(value))
}

/// Reads one field that may borrow from the message.
///
/// # Errors
///
/// The deserializer's, or that there are no more fields.
fn read_lent<'de, F, T: DeserializeAs<'de, F>, A: SeqAccess<'de>>(
    _: F,
    fields: &mut A,
) -> Result<T, A::Error> {
    Ok(next::<Read<F, T>, A>(fields)?.into_inner())
}

/// The next field.
fn next<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(fields: &mut A) -> Result<T, A::Error> {
    match fields.next_element()? {
        Some(value) => Ok(value),
        None => Err(A::Error::custom("the message has too few fields")),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::path::PathBuf;

    use serde::de::value::SeqDeserializer;
    use serde::de::{EnumAccess, VariantAccess, Visitor};
    use serde::{Deserializer, Serializer};

    use super::*;
    use crate::carry::{Ref, bytes, path};
    use crate::codec::{self, CodecError};

    /// What generated code does for a call with an owned value, a slice of such, an option, and a name that is lent.
    struct Call<'a, F, T>(T, Vec<T>, Option<T>, Ref<'a, str>, F);

    impl<F: Copy, T: Portable<F>> Serialize for Call<'_, F, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut fields = serializer.serialize_tuple_variant("Calls", 0, "Call", 4)?;
            <T as Portable<_>>::write_field(&self.0, self.4, &mut fields)?;
            <T as Portable<_>>::write_slice(&self.1, self.4, &mut fields)?;
            <T as Portable<_>>::write_option(self.2.as_ref(), self.4, &mut fields)?;
            PortableWithin::write_field(&self.3, Plain, &mut fields)?;
            fields.end()
        }
    }

    impl<'de: 'a, 'a, F: Copy + Default, T: Portable<F>> Deserialize<'de> for Call<'a, F, T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_enum("Calls", &["Call"], Fields(F::default(), std::marker::PhantomData))
        }
    }

    struct Fields<F, C>(F, std::marker::PhantomData<C>);

    impl<'de: 'a, 'a, F: Copy, T: Portable<F>> Visitor<'de> for Fields<F, Call<'a, F, T>> {
        type Value = Call<'a, F, T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a call")
        }

        fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Self::Value, A::Error> {
            data.variant::<u32>()?.1.tuple_variant(4, self)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
            let form = self.0;
            Ok(Call(
                <T as Portable<_>>::read_field(form, &mut fields)?,
                <T as Portable<_>>::read_slice(form, &mut fields)?,
                <T as Portable<_>>::read_option(form, &mut fields)?,
                PortableWithin::read_field(Plain, &mut fields)?,
                form,
            ))
        }
    }

    /// Sends three values; their wire is that of serde's own forms.
    #[track_caller]
    fn cross<F: Copy + Default, T: Portable<F> + Clone + PartialEq + fmt::Debug>(
        value: T,
        form: F,
        wire: &[u8],
    ) {
        let mut payload = Vec::new();
        let call = Call(value.clone(), vec![value.clone(); 2], Some(value.clone()), Ref::Lent("Ada"), form);
        codec::encode(&call, &mut payload).unwrap();
        let expected = [&[0], wire, &[2], wire, wire, &[1], wire, b"\x03Ada"].concat();
        assert_eq!(payload, expected);

        let call: Call<'_, F, T> = codec::decode(&payload).unwrap();
        assert_eq!(
            (&call.0, &call.1[..], &call.2),
            (&value, &[value.clone(), value.clone()][..], &Some(value.clone()))
        );
        assert_eq!(&*call.3, "Ada");
        assert!(payload.as_ptr_range().contains(&call.3.as_ptr()), "lent out of the payload");
    }

    #[test]
    fn values_cross_in_every_form() {
        cross(7_u8, Plain, &[7]);
        cross(String::from("ab"), Plain, b"\x02ab");
        cross(vec![1_u8, 2], Plain, &[2, 1, 2]);
        cross(vec![1_u8, 2], bytes::Form, &[2, 1, 2]);
        cross(Some(vec![1_u8, 2]), bytes::Form, &[1, 2, 1, 2]);
        cross(PathBuf::from("a/b"), path::Form, b"\x03a/b");
    }

    #[test]
    fn too_few_fields_are_an_error() {
        let mut none = SeqDeserializer::<_, CodecError>::new(std::iter::empty::<u8>());
        let errors = [
            <u8 as Portable>::read_field(Plain, &mut none).unwrap_err(),
            u8::read_slice(Plain, &mut none).unwrap_err(),
            u8::read_option(Plain, &mut none).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.to_string(), "cannot decode: the message has too few fields");
        }
    }
}
