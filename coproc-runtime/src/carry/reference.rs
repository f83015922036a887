//! A reference that survives the way to another process.

use std::fmt::{self, Debug};
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Carry, Lend};

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

impl<T: Carry + Debug + ?Sized> Debug for Ref<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
