//! What is read as an owned value, though its type could borrow: a `Cow` of a reply, which outlives the message.

use std::borrow::Cow;

use serde::{Deserializer, Serializer};

use super::form::{KeepsErrors, Plain, Special};
use super::{DeserializeAs, Io, SerializeAs};

/// The form `F` for a `Cow<'static, T>`, which is read as the type that owns a `T`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Owned<F>(F);

impl<F> Special for Owned<F> {}

impl<F> KeepsErrors for Owned<F> {}

impl<F, T: SerializeAs<F> + ToOwned + ?Sized> SerializeAs<Owned<F>> for Cow<'_, T> {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_as(serializer)
    }
}

impl<'de, F, T: ToOwned + ?Sized> DeserializeAs<'de, Owned<F>> for Cow<'_, T>
where
    T::Owned: DeserializeAs<'de, F>,
{
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::Owned(T::Owned::deserialize_as(deserializer)?))
    }
}

/// A form that a probe has found, for what is read as owned values.
pub trait IntoOwned {
    /// The form that reads them.
    type Owned;

    /// The form that reads them.
    fn __owned(self) -> Self::Owned;
}

/// serde reads every `Cow` as an owned value.
impl IntoOwned for Plain {
    type Owned = Plain;

    fn __owned(self) -> Plain {
        self
    }
}

impl<F: KeepsErrors> IntoOwned for F {
    type Owned = Owned<F>;

    fn __owned(self) -> Owned<F> {
        Owned(self)
    }
}

impl<F: IntoOwned + Default> IntoOwned for Io<F> {
    type Owned = Io<F::Owned>;

    fn __owned(self) -> Io<F::Owned> {
        Io::new()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::carry::bytes;
    use crate::carry::form::Read;
    use crate::carry::path;
    use crate::carry::tests::encoded;
    use crate::codec;

    #[test]
    fn a_cow_is_read_as_what_owns_it() {
        let bytes: Cow<'static, [u8]> = {
            let payload = encoded(&vec![1_u8, 2]);
            codec::decode::<Read<Owned<bytes::Form>, Cow<'static, [u8]>>>(&payload).unwrap().into_inner()
        };
        assert!(matches!(bytes, Cow::Owned(bytes) if bytes == [1, 2]));

        let payload = encoded(&Some("a"));
        let path = codec::decode::<Read<Owned<path::Form>, Option<Cow<'static, Path>>>>(&payload).unwrap();
        assert_eq!(path.into_inner(), Some(Cow::Borrowed(Path::new("a"))));
    }
}
