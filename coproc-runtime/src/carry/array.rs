//! Arrays of more than 32 elements, which serde does not know.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::form::{KeepsErrors, Special};
use super::{DeserializeAs, SerializeAs};

/// The form of an array of any length: its elements, one after the other, as serde writes a shorter one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Array;

impl Special for Array {}

impl KeepsErrors for Array {}

impl<T: Serialize, const N: usize> SerializeAs<Array> for [T; N] {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut elements = serializer.serialize_tuple(N)?;
        for element in self {
            elements.serialize_element(element)?;
        }
        elements.end()
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> DeserializeAs<'de, Array> for [T; N] {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple(N, Elements(PhantomData))
    }
}

/// Makes an array of its elements.
struct Elements<T, const N: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Elements<T, N> {
    type Value = [T; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {N} elements")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<[T; N], A::Error> {
        // A vector grows with what is there, so that no allocation is larger than that.
        let mut elements = Vec::new();
        while elements.len() < N
            && let Some(element) = sequence.next_element()?
        {
            elements.push(element);
        }
        elements.try_into().map_err(|elements: Vec<T>| A::Error::invalid_length(elements.len(), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carry::form::{Read, Written};
    use crate::carry::tests::{crossed, encoded};
    use crate::codec;

    #[test]
    fn a_long_array_crosses() {
        let numbers: [u16; 100] = std::array::from_fn(|index| u16::try_from(index).unwrap());
        assert_eq!(crossed::<Array, _>(&numbers), numbers);
        assert_eq!(crossed::<Array, _>(&Some(Ok::<_, u8>(numbers))), Some(Ok(numbers)));
        assert_eq!(crossed::<Array, _>(&[const { String::new() }; 40]), [const { String::new() }; 40]);
    }

    #[test]
    fn a_short_array_has_the_wire_of_serde() {
        let numbers = [1_u8, 2, 3];
        assert_eq!(encoded(&Written::<Array, _>::new(&numbers)), encoded(&numbers));
        assert_eq!(crossed::<Array, _>(&[(); 0]), []);
    }

    #[test]
    fn an_array_that_ends_early_is_an_error() {
        let error = codec::decode::<Read<Array, [u8; 40]>>(&[7; 39]).err().unwrap();
        assert_eq!(error.to_string(), "cannot decode .39: the payload ends 1 byte too early");
    }
}
