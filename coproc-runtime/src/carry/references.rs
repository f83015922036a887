//! A slice of references that survives the way to another process.

use std::cmp::Ordering;
use std::fmt::{self, Debug};
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Carry, Lend, Ref};

/// A `&[&T]` that is a field of a message: lent where the message is sent, held where it is received.
///
/// It is written as a slice of `T`. A field of this type wants `#[serde(borrow)]`.
///
/// # Examples
///
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::carry::Refs;
/// use coproc::codec;
///
/// let (one, two) = (String::from("one"), String::from("two"));
/// let mut payload = Vec::new();
/// codec::encode(&Refs::Lent(&[&one, &two]), &mut payload)?;
///
/// let received: Refs<'_, String> = codec::decode(&payload)?;
/// assert_eq!(received.collect(), ["one", "two"]);
/// # Ok::<(), codec::CodecError>(())
/// ```
pub enum Refs<'a, T: Carry + ?Sized> {
    /// What the sender borrows.
    Lent(&'a [&'a T]),
    /// What the receiver was sent.
    Held(Vec<T::Held<'a>>),
}

impl<T: Carry + ?Sized> Refs<'_, T> {
    /// The references, for the method that is called with a slice of them.
    pub fn collect(&self) -> Vec<&T> {
        self.iter().collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        let (lent, held): (&[&T], &[_]) = match self {
            Self::Lent(lent) => (lent, &[]),
            Self::Held(held) => (&[], held),
        };
        lent.iter().copied().chain(held.iter().map(|held| T::lend(held)))
    }
}

impl<'a, T: Carry + ?Sized> From<&'a [&'a T]> for Refs<'a, T> {
    fn from(references: &'a [&'a T]) -> Self {
        Self::Lent(references)
    }
}

impl<T: Lend + ?Sized> Serialize for Refs<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Ref::Lent))
    }
}

impl<'de, 'a, T: Carry + ?Sized> Deserialize<'de> for Refs<'a, T>
where
    T::Held<'a>: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::Held)
    }
}

impl<'a, T: Carry + ?Sized> Clone for Refs<'a, T>
where
    T::Held<'a>: Clone,
{
    fn clone(&self) -> Self {
        match self {
            Self::Lent(lent) => Self::Lent(lent),
            Self::Held(held) => Self::Held(held.clone()),
        }
    }
}

impl<T: Carry + Debug + ?Sized> Debug for Refs<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Carry + PartialEq + ?Sized> PartialEq for Refs<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Carry + Eq + ?Sized> Eq for Refs<'_, T> {}

impl<T: Carry + PartialOrd + ?Sized> PartialOrd for Refs<'_, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.iter().partial_cmp(other.iter())
    }
}

impl<T: Carry + Ord + ?Sized> Ord for Refs<'_, T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl<T: Carry + Hash + ?Sized> Hash for Refs<'_, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.collect().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;
    use crate::carry::form::{DeserializeAs, Read, SerializeAs, Written};
    use crate::carry::tests::encoded;
    use crate::carry::{bytes, path};
    use crate::codec;

    #[test]
    fn references_are_written_as_a_slice_of_what_they_refer_to() {
        assert_eq!(encoded(&Refs::Lent(&[&1_u16, &2])), encoded(&[1_u16, 2][..]));
        assert_eq!(encoded(&Refs::<u16>::Held(vec![1, 2])), encoded(&[1_u16, 2][..]));

        let payload = encoded(&Refs::Lent(&["a", "bc"]));
        let received: Refs<'_, str> = codec::decode(&payload).unwrap();
        assert_eq!(received.collect(), ["a", "bc"]);
        assert!(payload.as_ptr_range().contains(&received.collect()[1].as_ptr()), "lent out of the payload");
    }

    #[test]
    fn references_have_the_form_of_what_they_refer_to() {
        fn wire<F, T: SerializeAs<F>>(value: &T) -> Vec<u8> {
            encoded(&Written::<F, T>::new(value))
        }
        fn is_read<'de, F, T: DeserializeAs<'de, F>>(payload: &'de [u8]) -> T {
            codec::decode::<Read<F, T>>(payload).unwrap().into_inner()
        }
        let blobs = [&b"one"[..], b"two"];
        let payload = wire::<bytes::Form, _>(&Refs::Lent(&blobs));
        assert_eq!(payload, encoded(&Refs::Lent(&blobs)));
        assert_eq!(is_read::<bytes::Form, Refs<'_, [u8]>>(&payload).collect(), blobs);

        let paths = [Path::new("a"), Path::new("b/c")];
        let payload = wire::<path::Form, _>(&Refs::Lent(&paths));
        assert_eq!(is_read::<path::Form, Refs<'_, Path>>(&payload).collect(), paths);
    }

    #[test]
    fn references_are_compared_as_what_they_refer_to() {
        let (lent, held) = (Refs::Lent(&[&1_u8, &2]), Refs::Held(vec![1_u8, 2]));
        assert_eq!(lent, held);
        assert_ne!(lent, Refs::Held(vec![1]));
        assert_eq!(lent.cmp(&Refs::Held(vec![1, 3])), Ordering::Less);
        assert_eq!(lent.partial_cmp(&Refs::Held(vec![1])), Some(Ordering::Greater));
        assert!(HashSet::from([lent.clone()]).contains(&held.clone()));
        assert_eq!(format!("{lent:?} {held:?}"), "[1, 2] [1, 2]");
    }
}
