//! Tuples whose parts have a form each.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserializer, Serializer};

use super::form::{KeepsErrors, Read, Special, Written};
use super::{DeserializeAs, SerializeAs};

/// The form of a tuple whose parts have the forms `F`, itself a tuple: the parts, one after the other, as serde writes them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tuple<F>(pub F);

impl<F> Special for Tuple<F> {}

impl<F> KeepsErrors for Tuple<F> {}

/// Makes a tuple of its parts.
struct Parts<F, T>(PhantomData<(F, T)>);

macro_rules! tuples {
    ($($length:literal: $($form:ident $part:ident $value:ident)*;)*) => {$(
        impl<$($form, $part: SerializeAs<$form>),*> SerializeAs<Tuple<($($form,)*)>> for ($($part,)*) {
            fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let ($($value,)*) = self;
                let mut parts = serializer.serialize_tuple($length)?;
                $(parts.serialize_element(&Written::<$form, _>::new($value))?;)*
                parts.end()
            }
        }

        impl<'de, $($form, $part: DeserializeAs<'de, $form>),*> DeserializeAs<'de, Tuple<($($form,)*)>>
            for ($($part,)*)
        {
            fn deserialize_as<De: Deserializer<'de>>(deserializer: De) -> Result<Self, De::Error> {
                deserializer.deserialize_tuple($length, Parts::<($($form,)*), Self>(PhantomData))
            }
        }

        impl<'de, $($form, $part: DeserializeAs<'de, $form>),*> Visitor<'de>
            for Parts<($($form,)*), ($($part,)*)>
        {
            type Value = ($($part,)*);

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a tuple of {} parts", $length)
            }

            fn visit_seq<Seq: SeqAccess<'de>>(self, mut parts: Seq) -> Result<Self::Value, Seq::Error> {
                let mut next = 0;
                let value = ($({
                    let Some(part) = parts.next_element::<Read<$form, $part>>()? else {
                        return Err(Seq::Error::invalid_length(next, &self));
                    };
                    next += 1;
                    part.into_inner()
                },)*);
                let _ = next;
                Ok(value)
            }
        }
    )*};
}

tuples! {
    1: F0 T0 a;
    2: F0 T0 a F1 T1 b;
    3: F0 T0 a F1 T1 b F2 T2 c;
    4: F0 T0 a F1 T1 b F2 T2 c F3 T3 d;
    5: F0 T0 a F1 T1 b F2 T2 c F3 T3 d F4 T4 e;
    6: F0 T0 a F1 T1 b F2 T2 c F3 T3 d F4 T4 e F5 T5 f;
    7: F0 T0 a F1 T1 b F2 T2 c F3 T3 d F4 T4 e F5 T5 f F6 T6 g;
    8: F0 T0 a F1 T1 b F2 T2 c F3 T3 d F4 T4 e F5 T5 f F6 T6 g F7 T7 h;
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::carry::form::Plain;
    use crate::carry::tests::{crossed, encoded};
    use crate::carry::{Array, bytes, path};
    use crate::codec;

    type Form = Tuple<(bytes::Form, path::Form, Array<Plain>)>;

    #[test]
    fn each_part_crosses_in_its_form() {
        let value = (vec![1_u8, 2], PathBuf::from("a"), [7_u8; 40]);
        assert_eq!(crossed::<Form, _>(&value), value);
        assert_eq!(crossed::<Form, _>(&Some(value.clone())), Some(value));
    }

    #[test]
    fn the_wire_is_that_of_serde() {
        let value = (vec![1_u8, 2], PathBuf::from("a"), [7_u8; 4]);
        assert_eq!(encoded(&Written::<Form, _>::new(&value)), encoded(&value));
    }

    #[test]
    fn a_tuple_that_ends_early_is_an_error() {
        let error = codec::decode::<Read<Tuple<(bytes::Form, Plain)>, (Vec<u8>, u8)>>(&[0]).err().unwrap();
        assert_eq!(error.to_string(), "cannot decode .1: the payload ends 1 byte too early");
    }
}
