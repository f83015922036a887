//! Lists of numbers that are read in one piece, for `#[serde(with = "…::numbers")]`: serde's own way takes them one by one.
//!
//! It is for `Vec`, `Box<[…]>` and, to be sent, slices of `i8`, `u16` to `u128`, `i16` to `i128`, `f32` and `f64`, also inside
//! `Option`, `Result` (the value), `Box`, `Vec` and slices. The bytes on the wire are the same either way, so this may be had on
//! one side only; and any list of numbers is written in one piece, with it or without.
//!
//! # Examples
//!
//! ```
//! # use coproc_runtime as coproc;
//! use coproc::codec;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Signal {
//!     rate: u32,
//!     #[serde(with = "coproc::carry::numbers")]
//!     samples: Vec<f64>,
//! }
//!
//! let mut payload = Vec::new();
//! codec::encode(&Signal { rate: 44_100, samples: vec![0.5; 1000] }, &mut payload)?;
//! assert_eq!(codec::decode::<Signal>(&payload)?.samples, [0.5; 1000]);
//! # Ok::<(), codec::CodecError>(())
//! ```

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{DeserializeAs, SerializeAs};
use crate::codec::run;

serde_with! {
    "Writes numbers as serde does.",
    "The serializer's.",
    "Reads numbers in one piece.",
}

/// The numbers that have a width of their own; a `u8` is a byte, and has a form already.
macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl SerializeAs<Form> for $number {
            #[inline]
            fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }

        impl<'de> DeserializeAs<'de, Form> for $number {
            #[inline]
            fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }

            fn deserialize_list<D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Self>, D::Error> {
                deserializer.deserialize_newtype_struct(run(size_of::<Self>()), List(PhantomData::<Self>))
            }
        }

        impl<'de> Visitor<'de> for List<$number> {
            type Value = Vec<$number>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!("a list of ", stringify!($number)))
            }

            /// The codec of this crate gives all in one piece.
            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                let (numbers, _) = bytes.as_chunks();
                Ok(numbers.iter().map(|bytes| <$number>::from_le_bytes(*bytes)).collect())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list))
            }

            /// Any other takes the name for that of a struct.
            fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                Vec::deserialize(deserializer)
            }
        }
    )*};
}

numbers! { i8 u16 i16 u32 i32 u64 i64 u128 i128 f32 f64 }

/// Makes a `Vec` of numbers.
struct List<T>(PhantomData<T>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carry::form::{Read, Written};
    use crate::carry::tests::{crossed, encoded};
    use crate::codec::{self, CodecErrorKind};

    #[test]
    fn lists_have_one_wire_in_both_forms() {
        fn check<T>(numbers: Vec<T>)
        where
            T: SerializeAs<Form> + for<'de> DeserializeAs<'de, Form>,
            T: Serialize + for<'de> Deserialize<'de> + PartialEq + fmt::Debug + Clone,
        {
            let wire = encoded(&Written::<Form, _>::new(&numbers));
            assert_eq!(wire, encoded(&numbers));
            assert_eq!(wire.len(), 1 + numbers.len() * size_of::<T>());
            assert_eq!(codec::decode::<Vec<T>>(&wire).unwrap(), numbers);
            assert_eq!(crossed::<Form, _>(&numbers), numbers);
            assert_eq!(crossed::<Form, _>(&numbers.clone().into_boxed_slice()), numbers.clone().into());
            let nested = Some(vec![numbers.clone(), numbers]);
            assert_eq!(crossed::<Form, _>(&nested), nested);
        }
        check::<i8>(vec![i8::MIN, -1, 0, i8::MAX]);
        check::<u16>(vec![0, 250, 251, u16::MAX]);
        check::<i16>(vec![i16::MIN, -1, 0, i16::MAX]);
        check::<u32>(vec![0, u32::MAX, 7]);
        check::<i32>(vec![i32::MIN, -1, 0, i32::MAX]);
        check::<u64>(vec![0, u64::MAX, 7]);
        check::<i64>(vec![i64::MIN, -1, 0, i64::MAX]);
        check::<u128>(vec![0, u128::MAX, 7]);
        check::<i128>(vec![i128::MIN, -1, 0, i128::MAX]);
        check::<f32>(vec![0.0, f32::INFINITY, f32::MIN_POSITIVE]);
        check::<f64>(vec![-0.0, f64::INFINITY, 1e300]);
        check::<f64>(vec![]);
    }

    #[test]
    fn a_list_that_ends_early_is_an_error_before_anything_is_allocated_for_it() {
        let announced = [&[253][..], &(1_u64 << 40).to_le_bytes(), &[0; 16]].concat();
        let error = codec::decode::<Read<Form, Vec<f64>>>(&announced).err().unwrap();
        assert_eq!(error.kind(), CodecErrorKind::TooManyElements);
        let error = codec::decode::<Read<Form, Vec<f64>>>(&[2, 0, 0, 0, 0, 0, 0, 0, 0, 0]).err().unwrap();
        assert_eq!(error.to_string(), "cannot decode: the payload ends 7 bytes too early");
    }

    #[test]
    fn other_deserializers_know_the_form_as_a_list() {
        let list =
            serde::de::value::SeqDeserializer::<_, serde::de::value::Error>::new([1_u32, 2].into_iter());
        assert_eq!(deserialize::<Vec<u32>, _>(list).unwrap(), [1, 2]);
    }
}
