//! What a method of the user's own trait returns when its call has failed.

use std::marker::PhantomData;

use crate::error::Error;
use crate::messenger::with_sources;

/// A return type in which a failed call has a place.
///
/// That is `Result<T, E>` with `E: From<Error>`.
#[diagnostic::on_unimplemented(
    message = "a failed call has no place in `{Self}`",
    label = "what is returned when the worker is gone?",
    note = "help: where it is a `Result`, it can be an error of it: `impl From<coproc::Error> for` its error type",
    note = "help: or decide it for the method: `#[on_failure(panic)]` or `#[on_failure(default)]` above it",
    note = "help: or for all such methods: `#[worker(transparent, on_failure = panic)]`"
)]
pub trait FromFailure: Sized {
    /// The value that says that the call failed.
    fn from_failure(error: Error) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T, E: From<Error>> FromFailure for Result<T, E> {
    fn from_failure(error: Error) -> Self {
        Err(error.into())
    }
}

/// What is done about a failure that can't be returned.
#[diagnostic::on_unimplemented(
    message = "`{T}` has no default value to return when a call fails",
    label = "`{T}` does not implement `Default`",
    note = "help: decide otherwise for the method: `#[on_failure(panic)]` above it"
)]
pub trait Decision<T> {
    /// What the method returns.
    fn decide(self, error: Error) -> T;
}

/// To panic with the error's text and those of its sources.
#[derive(Clone, Copy, Debug)]
pub struct Panics;

/// To return the type's default value.
#[derive(Clone, Copy, Debug)]
pub struct Defaults;

#[diagnostic::do_not_recommend]
impl<T> Decision<T> for Panics {
    #[track_caller]
    fn decide(self, error: Error) -> T {
        raise(&error)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Default> Decision<T> for Defaults {
    fn decide(self, _error: Error) -> T {
        T::default()
    }
}

/// Tells, by the type alone, whether a method that returns `T` can return a failure.
///
/// `(&Outcome::<T>::new()).__of(error, Panics)`, with both traits in scope, is [`Returned::__of`] where `T` has a place for
/// it, and [`Decided::__of`] elsewhere: a method lookup takes the candidate that needs one reference less.
#[derive(Debug)]
pub struct Outcome<T>(PhantomData<fn() -> T>);

impl<T> Outcome<T> {
    /// The outcome of a method that returns `T`.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "only generated code makes one")]
    pub const fn new() -> Self {
        Outcome(PhantomData)
    }
}

/// The failure can be returned, whatever was decided for those that can't.
pub trait Returned<T> {
    /// What the method returns.
    fn __of<D>(&self, error: Error, decision: D) -> T;
}

impl<T: FromFailure> Returned<T> for Outcome<T> {
    fn __of<D>(&self, error: Error, _decision: D) -> T {
        T::from_failure(error)
    }
}

/// The failure can't be returned, and what was decided holds.
pub trait Decided<T> {
    /// What the method returns.
    fn __of<D: Decision<T>>(&self, error: Error, decision: D) -> T;
}

impl<T> Decided<T> for &Outcome<T> {
    #[track_caller]
    fn __of<D: Decision<T>>(&self, error: Error, decision: D) -> T {
        decision.decide(error)
    }
}

#[cold]
#[track_caller]
#[allow(clippy::panic, reason = "the user has decided that a failed call panics")]
fn raise(error: &Error) -> ! {
    panic!("{}", with_sources(error))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::error::ErrorKind;
    use crate::service::Service;

    static INDEX: Service = Service::new("Index", &[]);

    fn error() -> Error {
        Error::of_start(&INDEX, "indexer".into(), io::ErrorKind::NotFound.into())
    }

    /// What a stub does for a method of this type.
    macro_rules! outcome {
        ($output:ty, $decision:expr) => {{
            #[allow(unused_imports, reason = "one of the two is taken")]
            use super::{Decided as _, Returned as _};
            (&Outcome::<$output>::new()).__of(error(), $decision)
        }};
    }

    #[derive(Debug)]
    struct Own(Error);

    impl From<Error> for Own {
        fn from(error: Error) -> Self {
            Own(error)
        }
    }

    /// An alias whose name says nothing.
    type Answer = Result<u8, Own>;

    #[test]
    fn a_failure_that_can_be_returned_is_whatever_was_decided() {
        assert_eq!(outcome!(Answer, Panics).unwrap_err().0.kind(), ErrorKind::Start);
        assert_eq!(outcome!(Result<(), Error>, Defaults).unwrap_err().kind(), ErrorKind::Start);
        assert_eq!(outcome!(io::Result<()>, Panics).unwrap_err().kind(), io::ErrorKind::NotFound);
        let boxed = outcome!(Result<u8, Box<dyn std::error::Error + Send + Sync>>, Panics).unwrap_err();
        assert!(boxed.is::<Error>());
    }

    #[test]
    fn elsewhere_what_was_decided_holds() {
        assert_eq!(outcome!(Vec<u8>, Defaults), []);
        assert_eq!(outcome!(Option<u8>, Defaults), None);
        outcome!((), Defaults);
    }

    #[test]
    fn a_type_parameter_without_bounds_counts_as_one_that_has_no_place() {
        fn call<T: Default>() -> T {
            outcome!(T, Defaults)
        }
        assert_eq!(call::<u8>(), 0);
    }

    #[test]
    fn a_panic_says_what_failed_and_why() {
        let text = |outcome: Result<u8, Box<dyn std::any::Any + Send>>| {
            *outcome.unwrap_err().downcast::<String>().unwrap()
        };
        let expected = format!("{:?}", error());
        assert_eq!(text(std::panic::catch_unwind(|| outcome!(u8, Panics))), expected);
        assert_eq!(text(std::panic::catch_unwind(|| Panics.decide(error()))), expected);
        assert!(expected.starts_with("Index: its worker can't be started: indexer: "), "{expected}");
    }
}
