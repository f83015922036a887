//! Values that end in many bytes: their buffer is taken out of them, to be written from where it lies.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// From so many bytes on a tail is worth a chunk of its own, and is not worth a copy.
const WORTHWHILE: usize = 64 << 10;

/// A value whose last part is a list of bytes that may be owned.
///
/// It is left with an empty list in its place, so that what it is written as then ends in a length of zero.
pub trait Tail {
    /// The buffer of those bytes, if there are many; else an empty one, and the value as it was.
    fn take_tail(&mut self) -> Vec<u8>;
}

impl Tail for Vec<u8> {
    #[inline]
    fn take_tail(&mut self) -> Vec<u8> {
        if self.len() < WORTHWHILE { Vec::new() } else { std::mem::take(self) }
    }
}

impl Tail for String {
    #[inline]
    fn take_tail(&mut self) -> Vec<u8> {
        if self.len() < WORTHWHILE { Vec::new() } else { std::mem::take(self).into_bytes() }
    }
}

impl Tail for Box<[u8]> {
    #[inline]
    fn take_tail(&mut self) -> Vec<u8> {
        if self.len() < WORTHWHILE { Vec::new() } else { std::mem::take(self).into_vec() }
    }
}

impl Tail for Cow<'_, [u8]> {
    fn take_tail(&mut self) -> Vec<u8> {
        tail_of_owned(self)
    }
}

impl Tail for Cow<'_, str> {
    fn take_tail(&mut self) -> Vec<u8> {
        tail_of_owned(self)
    }
}

impl<T: Tail> Tail for Option<T> {
    #[inline]
    fn take_tail(&mut self) -> Vec<u8> {
        self.as_mut().map(T::take_tail).unwrap_or_default()
    }
}

impl<T: Tail, E> Tail for Result<T, E> {
    #[inline]
    fn take_tail(&mut self) -> Vec<u8> {
        self.as_mut().map(T::take_tail).unwrap_or_default()
    }
}

/// That of a `Cow`, of these types alone: it is written as the borrowed type has it, and one of the user's may write its `Vec<u8>`
/// otherwise.
fn tail_of_owned<B: ToOwned<Owned: Tail> + ?Sized>(cow: &mut Cow<'_, B>) -> Vec<u8> {
    match cow {
        Cow::Owned(owned) => owned.take_tail(),
        Cow::Borrowed(_) => Vec::new(),
    }
}

/// What stands for a type that is asked whether it has a tail, as [`Probe`](super::probe::Probe) does for its form.
pub struct Tailed<T>(PhantomData<fn(&T)>);

impl<T> Tailed<T> {
    /// For the type of a value.
    pub const fn of(_value: &T) -> Self {
        Self(PhantomData)
    }
}

impl<T> fmt::Debug for Tailed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tailed")
    }
}

/// It has one.
pub trait HasTail<T> {
    /// Takes it.
    fn __take(&self, value: &mut T) -> Vec<u8>;
}

impl<T: Tail> HasTail<T> for &Tailed<T> {
    #[inline]
    fn __take(&self, value: &mut T) -> Vec<u8> {
        value.take_tail()
    }
}

/// It has none.
pub trait HasNoTail<T> {
    /// Takes nothing.
    fn __take(&self, value: &mut T) -> Vec<u8>;
}

impl<T> HasNoTail<T> for Tailed<T> {
    #[inline]
    fn __take(&self, _value: &mut T) -> Vec<u8> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Borrow;
    use std::io;

    use super::*;

    macro_rules! taken {
        ($value:expr) => {{
            let mut value = $value;
            let tail = (&&Tailed::of(&value)).__take(&mut value);
            (tail.len(), value)
        }};
    }

    #[test]
    #[allow(clippy::needless_borrow, reason = "the depth is the contract of generated code")]
    fn only_many_bytes_that_are_owned_are_taken() {
        let (many, few) = ([7_u8; WORTHWHILE], [7_u8; WORTHWHILE - 1]);
        let text = "a".repeat(WORTHWHILE);
        assert_eq!(taken!(many.to_vec()), (WORTHWHILE, vec![]));
        assert_eq!(taken!(few.to_vec()), (0, few.to_vec()));
        assert_eq!(taken!(text.clone()), (WORTHWHILE, String::new()));
        assert_eq!(taken!(Box::<[u8]>::from(many)), (WORTHWHILE, [].into()));
        assert_eq!(taken!(Cow::from(&many[..])), (0, Cow::from(&many[..])));
        assert_eq!(taken!(Cow::from(text.clone())), (WORTHWHILE, "".into()));
        assert_eq!(taken!(Some(Ok::<_, u8>(many.to_vec()))), (WORTHWHILE, Some(Ok(vec![]))));
        assert_eq!(taken!(None::<Vec<u8>>), (0, None));
        assert_eq!(taken!(io::Result::Ok(text)).0, WORTHWHILE);
        assert_eq!(taken!(many), (0, many));
        assert_eq!(taken!(vec![vec![0_u16; WORTHWHILE]]).0, 0);
    }

    /// Owned, it is bytes; how they are written is its own affair.
    struct Coded;

    impl Borrow<Coded> for Vec<u8> {
        fn borrow(&self) -> &Coded {
            &Coded
        }
    }

    impl ToOwned for Coded {
        type Owned = Vec<u8>;

        fn to_owned(&self) -> Vec<u8> {
            Vec::new()
        }
    }

    #[test]
    #[allow(clippy::needless_borrow, reason = "the depth is the contract of generated code")]
    fn bytes_that_a_type_of_the_users_writes_are_not_taken() {
        assert_eq!(taken!(Cow::<Coded>::Owned(vec![7; WORTHWHILE])).0, 0);
    }

    fn generic<T: Clone + PartialEq + fmt::Debug>(value: T) {
        assert_eq!(taken!(value.clone()), (0, value.clone()));
        assert_eq!(taken!(vec![value.clone()]), (0, vec![value]));
    }

    #[test]
    #[allow(clippy::needless_borrow, reason = "the depth is the contract of generated code")]
    fn a_parameter_has_no_tail_whatever_it_becomes() {
        generic(vec![7_u8; WORTHWHILE]);
        generic(7_u8);
    }
}
