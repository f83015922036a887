//! Borrowed arguments: lent by the side that calls, held by the side that is called, in one and the same message.
//!
//! | argument | field of the message | what the receiver holds |
//! |---|---|---|
//! | `&T` | `Ref<'a, T>` | a `T` |
//! | `&str` | `Ref<'a, str>` | a `&'a str` that lies in the payload |
//! | `&[T]` | `Ref<'a, [T]>` | a `Vec<T>` |
//! | `&[&T]` | `Refs<'a, T>` | a `Vec<T>` |
//! | `&mut T`, `&mut [T]` | as `&T`, `&[T]`; what it is [changed](Change) to is in the reply | as `&T`, `&[T]` |
//! | `&Path`, `&OsStr` | `Ref<'a, Path>`, `Ref<'a, OsStr>` | a [`Name`] that lies in the payload |
//!
//! Some kinds of type have a better form than serde's own: [`bytes`] travel in one piece, lists of [`numbers`] are read in one,
//! and names of files ([`path`]) cross as the bytes that they are, UTF-8 or not. These are modules for `#[serde(with = "…")]`. Serde has no form for
//! the errors of [`std::io`], whose kind, code and text cross ([`Io`]), nor for long arrays ([`Array`]). The type of an
//! argument or reply decides on its form.

#[macro_use]
mod with;

mod array;
pub mod bytes;
mod change;
mod containers;
mod form;
mod io;
mod name;
pub mod numbers;
mod ordering;
pub(crate) mod owned;
pub mod path;
pub(crate) mod portable;
pub(crate) mod probe;
mod reference;
mod references;
pub(crate) mod tail;
#[cfg(test)]
mod tests;
mod tuple;

use std::ffi::{CStr, CString};

use serde::{Serialize, Serializer};

pub use array::Array;
pub use change::Change;
pub use form::{DeserializeAs, Plain, SerializeAs};
pub use io::Io;
pub use name::Name;
pub use ordering::Ordering;
pub use reference::Ref;
pub use references::Refs;
pub use tuple::Tuple;

/// A type that a message can borrow on the side that sends it, and hold on the side that receives it.
///
/// Every sized type is one, and so are `str`, `[T]`, `Path`, `OsStr` and `CStr`.
///
/// # Examples
///
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::carry::Carry;
///
/// let held: Vec<u8> = vec![1, 2, 3];
/// let lent: &[u8] = <[u8]>::lend(&held);
/// assert_eq!(lent, [1, 2, 3]);
/// ```
#[diagnostic::on_unimplemented(
    message = "a reference to `{Self}` cannot cross to another process",
    label = "neither `Sized`, nor `str`, `[T]`, `Path`, `OsStr` or `CStr`",
    note = "help: or keep the method out of the messages: write `#[local]` above it"
)]
pub trait Carry {
    /// What the receiver holds, and lends to the method that is called; `'a` is the payload's.
    type Held<'a>;

    /// The borrowed form of what the receiver holds.
    fn lend<'held>(held: &'held Self::Held<'_>) -> &'held Self;
}

/// A [`Carry`] that can be sent: all but names of files are written as serde writes them.
///
/// It stands apart, so that a type that is not `Serialize` is an error in one place only.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to another process",
    label = "it, or what it is made of, needs `#[derive(serde::Serialize, serde::Deserialize)]`",
    note = "help: or keep the method out of the messages: write `#[local]` above it"
)]
pub trait Lend: Carry {
    /// Writes the value in the form that [`Carry::Held`] reads.
    ///
    /// # Errors
    ///
    /// The serializer's.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

impl<T> Carry for T {
    type Held<'a> = T;

    fn lend(held: &T) -> &T {
        held
    }
}

impl<T: Serialize> Lend for T {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl Carry for str {
    type Held<'a> = &'a str;

    fn lend<'held>(held: &'held &str) -> &'held str {
        held
    }
}

impl Lend for str {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl<T> Carry for [T] {
    type Held<'a> = Vec<T>;

    fn lend(held: &Vec<T>) -> &[T] {
        held
    }
}

impl<T: Serialize> Lend for [T] {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl Carry for CStr {
    type Held<'a> = CString;

    fn lend(held: &CString) -> &CStr {
        held
    }
}

impl Lend for CStr {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}
