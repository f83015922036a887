//! Traits whose stubs implement them.

use crate::{Failure, Point};

/// A stub that is one itself, and returns its failures.
#[coproc::worker(transparent)]
pub trait Through {
    /// Fails where the call does.
    ///
    /// # Errors
    ///
    /// The service's, and the call's.
    fn get(&self, key: &str) -> Result<Point, Failure>;
    /// Changes what it is given.
    ///
    /// # Errors
    ///
    /// The call's.
    fn change(&mut self, list: &mut Vec<u8>) -> Result<(), Failure>;
    /// Gives a number.
    #[on_failure(u64::MAX)]
    fn number(&self, _: &Point) -> u64;
    /// Gives nothing.
    #[on_failure(default)]
    fn nothing(&mut self);
    /// Gives a text.
    #[on_failure(panic)]
    fn text(&self) -> String;
    /// Runs there.
    ///
    /// # Errors
    ///
    /// The call's.
    #[remote]
    fn there(&self) -> Result<u64, Failure> {
        Ok(self.number(&Point::default()))
    }
    /// Runs here.
    fn here(&self) -> u64 {
        self.number(&Point::default())
    }
    /// Stays here.
    #[local]
    fn each(&self, each: &mut dyn FnMut(u64)) {
        each(self.here());
    }
}

/// A stub that is one itself, of any type, and panics.
#[coproc::worker(transparent, on_failure = panic, derive(Debug, Clone, PartialEq))]
pub trait Generic<T: Copy + Send>: Send {
    /// What goes wrong.
    type Error;
    /// Gives it back.
    fn same(&self, value: &T) -> T;
    /// Fails.
    ///
    /// # Errors
    ///
    /// The service's.
    fn fails(&mut self, value: T) -> Result<T, Self::Error>;
    /// Is a future.
    fn later(&self, value: T) -> impl Future<Output = T> + Send;
}

/// One that takes defaults.
#[coproc::worker(transparent, on_failure = default)]
pub trait Defaulting {
    /// Counts.
    fn count(&mut self) -> usize;
    /// Is only told.
    #[norequest]
    fn tell(&self, text: &str);
}

#[cfg(test)]
#[expect(clippy::missing_trait_methods, reason = "the default bodies are tested")]
mod tests {
    use super::{Failure, Point, Through, ThroughWorker};

    /// Does what [`Through`] asks for.
    struct Table;

    impl Through for Table {
        fn get(&self, key: &str) -> Result<Point, Failure> {
            if key.is_empty() { Err(Failure::Own(1)) } else { Ok(Point { right: 2, up: 3 }) }
        }
        fn change(&mut self, list: &mut Vec<u8>) -> Result<(), Failure> {
            list.push(4);
            Ok(())
        }
        fn number(&self, _: &Point) -> u64 {
            5
        }
        fn nothing(&mut self) {}
        fn text(&self) -> String {
            String::from("text")
        }
    }

    /// All that a table gives.
    fn all(through: &mut dyn Through) -> String {
        let mut list = vec![1];
        let changed = through.change(&mut list);
        through.nothing();
        let mut numbers = vec![through.here(), through.number(&Point::default())];
        through.each(&mut |number| numbers.push(number));
        let (found, text, there) = ((through.get(""), through.get("key")), through.text(), through.there());
        format!("{changed:?} {list:?} {numbers:?} {found:?} {text} {there:?}")
    }

    #[test]
    fn a_silent_stub_works() {
        let mut there = coproc::in_thread(|| ThroughWorker(Table)).expect("a thread starts");
        assert_eq!(all(&mut there), all(&mut Table), "in place and through a worker");
    }
}
