//! Arrays of more than 32 elements, which serde does not know.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserializer, Serializer};

use super::form::{KeepsErrors, Read, Special, Written};
use super::{DeserializeAs, SerializeAs};

/// The form of an array of any length whose elements have the form `F`: one after the other, as serde writes a shorter one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Array<F>(pub F);

impl<F> Special for Array<F> {}

impl<F> KeepsErrors for Array<F> {}

impl<F, T: SerializeAs<F>, const N: usize> SerializeAs<Array<F>> for [T; N] {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut elements = serializer.serialize_tuple(N)?;
        for element in self {
            elements.serialize_element(&Written::<F, _>::new(element))?;
        }
        elements.end()
    }
}

impl<'de, F, T: DeserializeAs<'de, F>, const N: usize> DeserializeAs<'de, Array<F>> for [T; N] {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple(N, Elements::<F, T, N>(PhantomData))
    }
}

/// Makes an array of its elements.
struct Elements<F, T, const N: usize>(PhantomData<(F, T)>);

impl<'de, F, T: DeserializeAs<'de, F>, const N: usize> Visitor<'de> for Elements<F, T, N> {
    type Value = [T; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {N} elements")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<[T; N], A::Error> {
        // A vector grows with what is there, so that no allocation is larger than that.
        let mut elements = Vec::new();
        while elements.len() < N
            && let Some(element) = sequence.next_element::<Read<F, T>>()?
        {
            elements.push(element.into_inner());
        }
        elements.try_into().map_err(|elements: Vec<T>| A::Error::invalid_length(elements.len(), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carry::form::Plain;
    use crate::carry::tests::{crossed, encoded};
    use crate::codec;

    #[test]
    fn a_long_array_crosses() {
        let numbers: [u16; 100] = std::array::from_fn(|index| u16::try_from(index).unwrap());
        assert_eq!(crossed::<Array<Plain>, _>(&numbers), numbers);
        assert_eq!(crossed::<Array<Plain>, _>(&Some(Ok::<_, u8>(numbers))), Some(Ok(numbers)));
        assert_eq!(crossed::<Array<Plain>, _>(&[const { String::new() }; 40]), [const { String::new() }; 40]);
    }

    #[test]
    fn an_array_of_arrays_crosses() {
        assert_eq!(crossed::<Array<Array<Plain>>, _>(&[[7_u8; 40]; 50]), [[7; 40]; 50]);
    }

    #[test]
    fn a_short_array_has_the_wire_of_serde() {
        let numbers = [1_u8, 2, 3];
        assert_eq!(encoded(&Written::<Array<Plain>, _>::new(&numbers)), encoded(&numbers));
        assert_eq!(crossed::<Array<Plain>, _>(&[(); 0]), []);
    }

    #[test]
    fn an_array_that_ends_early_is_an_error() {
        let error = codec::decode::<Read<Array<Plain>, [u8; 40]>>(&[7; 39]).err().unwrap();
        assert_eq!(error.to_string(), "cannot decode .39: the payload ends 1 byte too early");
    }
}
