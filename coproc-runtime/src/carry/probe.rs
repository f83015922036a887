//! Which form a type is written in: asked of the type itself, so that neither an alias nor a name can mislead.
//!
//! Generated code asks, and may have a [`Guess`] about what its names tell of a type's parts, which is believed where it fits:
//!
//! ```
//! use coproc_runtime::__private as private;
//!
//! use private::probe::levels::*;
//!
//! type Alias = Vec<u8>;
//! let form = (&&&&private::probe::Probe::<Alias>::new()).__form();
//! assert_eq!(format!("{form:?}"), "Form");
//!
//! let guess = private::Tuple((form, private::Plain));
//! let fits = (&&private::probe::Guess::<Option<(Alias, u8)>, _>::new(guess)).__or(private::Plain);
//! let does_not = (&&private::probe::Guess::<Option<u8>, _>::new(guess)).__or(private::Plain);
//! assert_eq!(format!("{fits:?} {does_not:?}"), "Tuple((Form, Plain)) Plain");
//! ```
//!
//! It works by the order in which methods are looked up: those of `&&&Probe` come before those of `&&Probe`, and so on down
//! to those of `Probe`. One `&` more is taken off the receiver by the methods' own `&self`, which makes four. The choice is
//! the compiler's: it costs nothing when the program runs.
//!
//! A type parameter is what its bounds say, and so [`Plain`], whatever type it becomes later: on both sides alike.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;

use super::form::Plain;
use super::{Array, Io, Ordering, SerializeAs, bytes, numbers, path};

/// What stands for a type that is asked for its form.
pub struct Probe<T: ?Sized>(PhantomData<fn(&T)>);

impl<T: ?Sized> Probe<T> {
    /// For a type.
    #[expect(clippy::new_without_default, reason = "only generated code makes one, and by this name")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: ?Sized, F> fmt::Debug for Guess<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guess")
    }
}

impl<T: ?Sized> fmt::Debug for Probe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Probe")
    }
}

/// The levels of the look-up. No type has two forms of one level.
macro_rules! levels {
    ($($(#[$doc:meta])* $level:ident for $receiver:ty where [$($bound:tt)*]: $form:ty;)*) => {$(
        $(#[$doc])*
        pub trait $level {
            /// The form.
            fn __form(&self) -> $form;
        }

        impl<T: ?Sized $($bound)*> $level for $receiver {
            fn __form(&self) -> $form {
                <$form>::default()
            }
        }
    )*};
}

levels! {
    /// Bytes.
    IsBytes for &&&Probe<T> where [+ SerializeAs<bytes::Form>]: bytes::Form;
    /// A name of a file.
    IsPath for &&&Probe<T> where [+ SerializeAs<path::Form>]: path::Form;
    /// A number, or a list of numbers.
    IsNumbers for &&&Probe<T> where [+ SerializeAs<numbers::Form>]: numbers::Form;
    /// An ordering.
    IsOrdering for &&&Probe<T> where [+ SerializeAs<Ordering>]: Ordering;
    /// A `Result` of bytes and an `io::Error`.
    IsIoBytes for &&&Probe<T> where [+ SerializeAs<Io<bytes::Form>>]: Io<bytes::Form>;
    /// A `Result` of a number or a list of numbers and an `io::Error`.
    IsIoNumbers for &&&Probe<T> where [+ SerializeAs<Io<numbers::Form>>]: Io<numbers::Form>;
    /// A `Result` of a name of a file and an `io::Error`.
    IsIoPath for &&&Probe<T> where [+ SerializeAs<Io<path::Form>>]: Io<path::Form>;

    /// What serde can write.
    IsSerialize for &&Probe<T> where [+ Serialize]: Plain;
    /// A `Result` of what serde can write and an `io::Error`, or an `io::Error` alone.
    IsIo for &&Probe<T> where [+ SerializeAs<Io<Plain>>]: Io<Plain>;

    /// An array that is too long for serde.
    IsArray for &Probe<T> where [+ SerializeAs<Array<Plain>>]: Array<Plain>;
    /// A `Result` of such an array and an `io::Error`.
    IsIoArray for &Probe<T> where [+ SerializeAs<Io<Array<Plain>>>]: Io<Array<Plain>>;

    /// What cannot be written at all: rustc then says so in one place.
    IsUnknown for Probe<T> where []: Plain;
}

/// A form that the macro supposes a type to have, by the names in it.
pub struct Guess<T: ?Sized, F>(F, PhantomData<fn(&T)>);

impl<T: ?Sized, F> Guess<T, F> {
    /// For a type.
    pub const fn new(form: F) -> Self {
        Self(form, PhantomData)
    }
}

/// The guess is right.
pub trait IsGuess<F> {
    /// The form.
    fn __or<G>(&self, other: G) -> F;
}

impl<T: SerializeAs<F> + ?Sized, F: Copy> IsGuess<F> for &Guess<T, F> {
    fn __or<G>(&self, _other: G) -> F {
        self.0
    }
}

/// The names mean something else: the form is the one that a probe has found.
pub trait IsNoGuess {
    /// The other form.
    fn __or<G>(&self, other: G) -> G;
}

impl<T: ?Sized, F> IsNoGuess for Guess<T, F> {
    fn __or<G>(&self, other: G) -> G {
        other
    }
}

/// The levels without their names: to be imported whole, where no name of the user's may be hidden.
pub mod levels {
    pub use crate::carry::owned::IntoOwned as _;
    pub use crate::carry::tail::{HasNoTail as _, HasTail as _};

    pub use super::{
        IsArray as _, IsBytes as _, IsGuess as _, IsIo as _, IsIoArray as _, IsIoBytes as _,
        IsIoNumbers as _, IsIoPath as _, IsNoGuess as _, IsNumbers as _, IsOrdering as _, IsPath as _,
        IsSerialize as _, IsUnknown as _,
    };
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::cmp;
    use std::collections::HashMap;
    use std::ffi::{OsStr, OsString};
    use std::io;
    use std::path::{Path, PathBuf};
    use std::rc::Rc;

    use super::*;
    use crate::carry::{Ref, Refs, Tuple};

    /// Every type has the form: another would be of another type, and not compile.
    macro_rules! all_are {
        ($form:ty; $($ty:ty),* $(,)?) => {$(
            let _: $form = (&&&&Probe::<$ty>::new()).__form();
        )*};
    }

    type Alias = Vec<u8>;
    type Custom<T> = Result<T, io::Error>;
    struct Unknown;

    #[test]
    fn every_type_has_its_form() {
        all_are! { bytes::Form;
            Vec<u8>, Alias, [u8], &[u8], Box<[u8]>, Cow<'_, [u8]>, Option<&[u8]>, Vec<Alias>, &[&[u8]], Box<[Alias]>,
            Result<Option<Alias>, String>, Ref<'_, [u8]>, Ref<'_, Alias>, Option<Ref<'_, [&[u8]]>>, Refs<'_, [u8]>,
        }
        all_are! { path::Form;
            PathBuf, OsString, Path, &Path, &OsStr, Box<Path>, Box<OsStr>, Cow<'_, OsStr>, Option<PathBuf>, Vec<PathBuf>,
            Ref<'_, Path>, Ref<'_, [PathBuf]>, Result<Vec<PathBuf>, u8>, Refs<'_, Path>,
        }
        type Sample = f64;
        all_are! { numbers::Form;
            Sample, Vec<Sample>, [u16], &[i8], Box<[u128]>, Option<Vec<Sample>>, Vec<Vec<i64>>, Result<Vec<f32>, Alias>,
            Ref<'_, [Sample]>, Option<Ref<'_, Vec<u32>>>, Refs<'_, Vec<u64>>,
        }
        all_are! { Io<numbers::Form>; io::Result<Vec<Sample>>, Custom<u64> }
        all_are! { Ordering; cmp::Ordering, Option<cmp::Ordering>, Result<cmp::Ordering, u8> }
        all_are! { Io<bytes::Form>; io::Result<Alias>, Custom<Option<Alias>>, Vec<io::Result<Alias>> }
        all_are! { Io<path::Form>; io::Result<PathBuf>, Ref<'_, io::Result<PathBuf>> }
        all_are! { Io<Plain>;
            io::Result<()>, Custom<String>, Option<io::Result<u8>>, io::Error,
        }
        all_are! { Array<Plain>; [u8; 33], [[u8; 4]; 64], &[u8; 64], Option<[String; 64]>, Vec<[u8; 64]>, Result<[u8; 64], String> }
        all_are! { Io<Array<Plain>>; io::Result<[u8; 33]>, Ref<'_, io::Result<Option<[u8; 33]>>> }
        all_are! { Plain;
            u8, bool, usize, Vec<bool>, str, String, [u8; 32], (Alias,), HashMap<PathBuf, Alias>, Ref<'_, str>, Result<(), Alias>,
            Cow<'_, str>, Cow<'_, [Alias]>, Unknown, Vec<Unknown>, Rc<u8>, io::Result<Unknown>, Result<Alias, Unknown>,
            [Unknown; 64],
            dyn Fn(),
        }
    }

    #[test]
    #[allow(clippy::needless_borrow, reason = "the depth is the contract of generated code")]
    fn a_guess_is_believed_where_it_fits() {
        type NoResult<T, E> = (T, E);
        let guess = Tuple((Plain, bytes::Form));

        let _: Tuple<(Plain, bytes::Form)> = (&&Guess::<Vec<(u8, Alias)>, _>::new(guess)).__or(Plain);
        let _: Plain = (&&Guess::<NoResult<(u8, Alias), u8>, _>::new(guess)).__or(Plain);
    }

    #[test]
    fn a_parameter_is_what_its_bounds_say() {
        fn generic<T: Serialize, U, const N: usize>() {
            all_are! { Plain; T, Option<T>, Vec<T>, Result<T, T>, U, Vec<U> }
            all_are! { Array<Plain>; [T; N] }
            all_are! { Io<Plain>; io::Result<T> }
            all_are! { Io<bytes::Form>; io::Result<Alias> }
        }
        generic::<Alias, Unknown, 2>();
    }
}
