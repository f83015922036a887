//! A reference that survives the way to another process.

use std::cmp::Ordering;
use std::fmt::{self, Debug};
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Carry, Lend};
use crate::codec::CodecError;

/// A `&T` that is a field of a message: lent where the message is sent, held where it is received.
///
/// It dereferences to `T` on either side. A field of this type wants `#[serde(borrow)]`.
///
/// # Examples
///
/// ```
/// # use coproc_runtime as coproc;
/// use std::collections::HashMap;
///
/// use coproc::carry::Ref;
/// use coproc::codec;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Request<'a> {
///     #[serde(borrow)]
///     names: Ref<'a, [&'a str]>,
///     #[serde(borrow)]
///     ages: Ref<'a, HashMap<&'a str, u8>>,
/// }
///
/// let (names, ages) = (["Ada", "Bo"], HashMap::from([("Ada", 36)]));
/// let mut payload = Vec::new();
/// codec::encode(&Request { names: Ref::Lent(&names), ages: Ref::Lent(&ages) }, &mut payload)?;
///
/// let received: Request<'_> = codec::decode(&payload)?;
/// assert_eq!(*received.names, ["Ada", "Bo"]);
/// assert_eq!(received.ages.get("Ada"), Some(&36));
/// # Ok::<(), codec::CodecError>(())
/// ```
pub enum Ref<'a, T: Carry + ?Sized> {
    /// What the sender borrows.
    Lent(&'a T),
    /// What the receiver was sent.
    Held(T::Held<'a>),
}

impl<'a, T: Carry + ?Sized> Ref<'a, T> {
    /// What was received.
    ///
    /// # Errors
    ///
    /// That nothing was received, as the reference is lent: only in the process that made the message.
    pub fn into_held(self) -> Result<T::Held<'a>, CodecError> {
        match self {
            Self::Lent(_) => Err(CodecError::not_received()),
            Self::Held(held) => Ok(held),
        }
    }
}

impl<T: Carry + ?Sized> Deref for Ref<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Lent(value) => value,
            Self::Held(held) => T::lend(held),
        }
    }
}

impl<'a, T: Carry + ?Sized> From<&'a T> for Ref<'a, T> {
    fn from(value: &'a T) -> Self {
        Self::Lent(value)
    }
}

impl<T: Lend + ?Sized> Serialize for Ref<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::write(self, serializer)
    }
}

impl<'de, 'a, T: Carry + ?Sized> Deserialize<'de> for Ref<'a, T>
where
    T::Held<'a>: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::Held::deserialize(deserializer).map(Self::Held)
    }
}

impl<'a, T: Carry + ?Sized> Clone for Ref<'a, T>
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

impl<T: Carry + Debug + ?Sized> Debug for Ref<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Carry + PartialEq + ?Sized> PartialEq for Ref<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Carry + Eq + ?Sized> Eq for Ref<'_, T> {}

impl<T: Carry + PartialOrd + ?Sized> PartialOrd for Ref<'_, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}

impl<T: Carry + Ord + ?Sized> Ord for Ref<'_, T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<T: Carry + Hash + ?Sized> Hash for Ref<'_, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;
    use crate::carry::Name;

    #[test]
    fn what_was_received_is_given_away_and_what_is_lent_is_not() {
        let held = Ref::<'_, [u8]>::Held(vec![1, 2]);
        assert_eq!(held.into_held().unwrap(), [1, 2]);
        let error = Ref::from("text").into_held().unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot decode: the value is lent by this process, and was not received",
        );
    }

    #[test]
    fn a_reference_is_compared_as_what_it_refers_to() {
        let (lent, held) = (Ref::from(&[1_u8, 2][..]), Ref::Held(vec![1_u8, 2]));
        assert_eq!(lent, held);
        assert_eq!(lent.cmp(&Ref::Held(vec![1, 3])), Ordering::Less);
        assert_eq!(lent.partial_cmp(&Ref::Held(vec![1])), Some(Ordering::Greater));
        assert!(HashSet::from([lent.clone()]).contains(&held.clone()));

        let path = Path::new("a");
        assert_eq!(Ref::from(path), Ref::<Path>::Held(Name(path.as_os_str())).clone());
    }
}
