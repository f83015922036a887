//! Traits with every feature that a stub of its own type has.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::pin::Pin;

use crate::{Failure, Point};

/// Every shape of argument and of result.
#[coproc::worker]
pub trait Shapes: Send + Sync + 'static {
    /// Takes nothing and gives nothing.
    fn nothing(&self);
    /// Borrows in all ways.
    fn borrowed(&mut self, text: &str, bytes: Option<&[u8]>, points: &[Point], path: &Path) -> usize;
    /// Borrows inside others.
    fn nested(&self, map: &HashMap<&str, &str>, refs: &[&Point], texts: &[&[u8]], cow: Cow<'_, str>)
    -> usize;
    /// Changes what it is given.
    fn changed(&mut self, point: &mut Point, list: &mut Vec<u8>, buffer: &mut [u8]) -> u8;
    /// Gives back what is borrowed.
    fn lent(&self, key: &str) -> Option<&str>;
    /// Gives back what is borrowed for as long as the argument is.
    fn first<'text>(&self, text: &'text str) -> Cow<'text, str>;
    /// Fails.
    ///
    /// # Errors
    ///
    /// Always.
    fn fails(&self) -> io::Result<Point>;
    /// Is long.
    fn long(&self, array: [u8; 200], _ignored: u8, _: u16) -> [u8; 200];
    /// Has no `self`.
    fn no_self(number: u8) -> u8
    where
        Self: Sized;
    /// Has a default body.
    #[must_use]
    fn default_body(&self) -> bool {
        self.lent("").is_some()
    }
    /// Is conditional, and so are its arguments.
    #[cfg(unix)]
    fn conditional(&self, #[cfg(unix)] here: u8, #[cfg(windows)] there: &str) -> u8;
    /// Was called otherwise.
    #[deprecated(note = "call `nothing`")]
    fn old(&self);
    /// Is only told.
    #[norequest]
    #[priority(-1)]
    #[channel("told")]
    fn told(&mut self, text: &str);
    /// Stays here.
    #[local]
    fn generic<T: Into<u8>>(&self, value: T) -> u8
    where
        Self: Sized,
    {
        value.into()
    }
}

/// Types, numbers and lifetimes that the implementation chooses.
#[coproc::worker(derive(Debug, Clone))]
pub trait Store<K: Ord + Copy, V, const N: usize> {
    /// The least that there may be.
    const LEAST: usize;
    /// What goes wrong.
    type Error;
    /// What is found.
    type Found<'found>
    where
        Self: 'found;
    /// Finds.
    ///
    /// # Errors
    ///
    /// Where nothing is.
    fn get(&self, key: &K) -> Result<Option<V>, Self::Error>;
    /// Puts.
    fn put(&mut self, key: K, values: &[V; N], list: Option<&[V]>) -> [u8; N];
    /// Stays here.
    #[local]
    fn found(&self) -> Self::Found<'_>;
}

/// A lexer, which borrows for as long as its text.
#[coproc::worker(derive(Debug))]
pub trait Lexer<'text> {
    /// The words.
    fn words(&mut self, text: &'text str) -> Vec<&'text str>;
}

/// Futures of every kind.
#[coproc::worker]
pub trait Later {
    /// Written plainly.
    fn plain(&self, number: u8) -> u8;
    /// Returns a future.
    fn future(&self, text: &str) -> impl Future<Output = usize> + Send;
    /// Returns one in a box.
    fn boxed<'this>(&'this self, bytes: &'this [u8]) -> Pin<Box<dyn Future<Output = usize> + Send + 'this>>;
}

/// An `async fn` of a private trait, as rustc's own lint would have it.
#[coproc::worker]
pub(crate) trait Async {
    /// Written with the word.
    async fn later(&mut self, point: &Point) -> Result<Point, Failure>;
    /// Changes what it is given.
    async fn change(&mut self, list: &mut Vec<u8>);
}

/// A service that does nothing.
#[coproc::worker]
pub trait Nothing {}

/// Services of which nothing is used.
pub(crate) mod unused {
    use super::Point;

    /// Nobody sees it.
    #[coproc::worker]
    trait Private<T> {
        /// Asks.
        fn ask(&self, point: Point, value: &[T]) -> u8;
        /// Tells.
        #[norequest]
        fn tell(&self, text: &str);
    }

    /// Hardly anybody sees it.
    #[coproc::worker(transparent, on_failure = default)]
    pub(super) trait Transparent {
        /// Asks.
        fn ask(&self, buffer: &mut Vec<u8>) -> u8;
    }
}
