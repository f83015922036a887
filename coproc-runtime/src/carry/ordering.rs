//! `std::cmp::Ordering`, which serde does not know.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::form::{DeserializeAs, KeepsErrors, SerializeAs, Special};

/// The form of a `std::cmp::Ordering`: a number that is less than, equal to or greater than zero.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ordering;

impl Special for Ordering {}

impl KeepsErrors for Ordering {}

impl SerializeAs<Ordering> for std::cmp::Ordering {
    fn serialize_as<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (*self as i8).serialize(serializer)
    }
}

impl<'de> DeserializeAs<'de, Ordering> for std::cmp::Ordering {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(i8::deserialize(deserializer)?.cmp(&0))
    }
}

#[cfg(test)]
mod tests {
    use super::Ordering;
    use crate::carry::tests::crossed;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn an_ordering_comes_back_as_it_was() {
        for ordering in [Less, Equal, Greater] {
            assert_eq!(crossed::<Ordering, std::cmp::Ordering>(&ordering), ordering);
            assert_eq!(crossed::<Ordering, Vec<Option<_>>>(&vec![Some(ordering)]), [Some(ordering)]);
        }
    }
}
