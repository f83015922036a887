//! Associated types and constants: what an implementation names is a parameter of the stub.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::io;
use std::ops::Bound;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{remote, same};

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum FrameError {
    TooLong(usize),
    Io(String),
}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> Self {
        FrameError::Io(error.to_string())
    }
}

/// As framed streams have it.
#[coproc::worker]
trait Decoder {
    type Item;
    type Error: From<io::Error> + Debug;
    const LIMIT: usize;
    const NAME: &'static str = "decoder";

    fn decode(&mut self, source: &mut Vec<u8>) -> Result<Option<Self::Item>, Self::Error>;
    fn decode_end(&mut self, source: &mut Vec<u8>) -> Result<Option<Self::Item>, Self::Error> {
        match self.decode(source)? {
            None if !source.is_empty() => Err(io::Error::other("bytes remain").into()),
            frame => Ok(frame),
        }
    }
    fn limit(&self) -> (usize, &str) {
        (Self::LIMIT, Self::NAME)
    }
}

struct Lines;

impl Decoder for Lines {
    type Item = String;
    type Error = FrameError;
    const LIMIT: usize = 8;

    fn decode(&mut self, source: &mut Vec<u8>) -> Result<Option<String>, FrameError> {
        let Some(end) = source.iter().position(|byte| *byte == b'\n') else {
            return Ok(None);
        };
        let line: Vec<u8> = source.drain(..=end).collect();
        match line.len() {
            length if length > Self::LIMIT => Err(FrameError::TooLong(length)),
            _ => Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned())),
        }
    }
}

#[test]
fn items_and_errors_are_the_workers() {
    let (mut here, there) = (Lines, remote(DecoderWorker(Lines)));
    let _: &DecoderHost<String, FrameError> = &there;
    let mut source_here = b"one\ntwo\nmuch too long\nrest".to_vec();
    let mut source_there = source_here.clone();
    for _ in 0..4 {
        assert_eq!(there.decode(&mut source_there).unwrap(), here.decode(&mut source_here));
        assert_eq!(source_there, source_here);
    }
    assert_eq!(there.decode_end(&mut source_there).unwrap(), here.decode_end(&mut source_here));
    assert_eq!(source_here, b"rest");
    let (limit, name) = there.limit().unwrap();
    assert_eq!((limit, &*name), here.limit());
}

trait Source {
    type Item: Ord + Clone + Display;
    type Key;
}

/// The items are those of a trait above.
#[coproc::worker]
trait Cursor: Source {
    fn advance(&mut self) -> Option<Self::Item>;
    fn seek(&mut self, to: &Self::Item, key: Option<Self::Key>) -> Option<&Self::Item>;
    fn remaining(&self, sorted: bool) -> Vec<&Self::Item>;
    fn skip(&mut self, count: usize) -> Option<<Self as Source>::Item> {
        (0..count).find_map(|step| self.advance().filter(|_| step + 1 == count))
    }
    fn described(&self) -> String {
        self.remaining(true).iter().map(|item| format!("{item};")).collect()
    }
}

struct Words(Vec<String>);

impl Source for Words {
    type Item = String;
    type Key = u64;
}

impl Cursor for Words {
    fn advance(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }
    fn seek(&mut self, to: &String, key: Option<u64>) -> Option<&String> {
        self.0.retain(|word| word >= to);
        self.0.get(key? as usize)
    }
    fn remaining(&self, sorted: bool) -> Vec<&String> {
        let mut all: Vec<_> = self.0.iter().collect();
        if sorted {
            all.sort();
        }
        all
    }
}

#[test]
fn items_of_a_supertrait() {
    let words = || Words("to be or not to be that is".split(' ').map(str::to_owned).collect());
    let (mut here, there) = (words(), remote(CursorWorker(words())));
    same!(here, there => advance(), described(), skip(2), skip(0));
    for (to, key) in [("not", Some(1)), ("o", None), ("t", Some(9))] {
        let to = to.to_owned();
        assert_eq!(there.seek(&to, key).unwrap().as_ref(), here.seek(&to, key));
        assert_eq!(there.remaining(false).unwrap().iter().collect::<Vec<_>>(), here.remaining(false));
    }
}

/// Every way to write them, and one of a trait with parameters of its own.
#[coproc::worker]
trait Convert: TryFrom<u16> {
    type Target: Default + PartialEq;
    type Map<T>;

    fn checked(number: u16) -> Result<Self::Target, <Self as TryFrom<u16>>::Error>
    where
        Self: Sized;
    fn wrapped(&self, all: &[<Self as Convert>::Target]) -> Vec<Option<<Self as Convert>::Target>>;
    fn pairs(&self) -> ([Self::Target; 2], BTreeMap<u8, Self::Target>);
}

#[derive(Clone, Copy)]
struct Small(u8);

impl TryFrom<u16> for Small {
    type Error = String;

    fn try_from(number: u16) -> Result<Small, String> {
        u8::try_from(number).map(Small).map_err(|error| error.to_string())
    }
}

impl Convert for Small {
    type Target = i8;
    type Map<T> = Vec<T>;

    fn checked(number: u16) -> Result<i8, String> {
        Small::try_from(number).map(|small| small.0 as i8)
    }
    fn wrapped(&self, all: &[i8]) -> Vec<Option<i8>> {
        all.iter().map(|number| number.checked_add(self.0 as i8)).collect()
    }
    fn pairs(&self) -> ([i8; 2], BTreeMap<u8, i8>) {
        let number = self.0 as i8;
        ([number, -number], BTreeMap::from([(self.0, number)]))
    }
}

#[test]
fn every_way_to_write_an_associated_type() {
    let (here, there) = (Small(100), remote(ConvertWorker(Small(100))));
    for number in [7, 200, 300] {
        assert_eq!(there.checked(number).unwrap(), Small::checked(number));
    }
    same!(here, there => wrapped(&[1, 27, 28, -128]), pairs());
}

/// One is called like a type that is imported, one like the trait, some are never sent.
#[coproc::worker]
trait Timer {
    type Duration: Copy + Into<Duration>;
    type Bound;
    type Timer;
    type Unused: Hash;
    type AlsoUnused: ?Sized;

    fn after(&mut self, ticks: Self::Duration) -> Duration;
    fn between(&self, from: Bound<u8>, to: Duration, at: Self::Bound) -> Option<Self::Duration>;
    fn both(&self) -> (Duration, Vec<Self::Timer>);
}

#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
struct Ticks(u32);

impl From<Ticks> for Duration {
    fn from(ticks: Ticks) -> Duration {
        Duration::from_millis(ticks.0.into())
    }
}

/// Not even `Send`.
#[derive(Hash)]
struct Never(std::marker::PhantomData<*const ()>);

struct Clock(Ticks);

impl Timer for Clock {
    type Duration = Ticks;
    type Bound = bool;
    type Timer = String;
    type Unused = Never;
    type AlsoUnused = dyn Fn(&str);

    fn after(&mut self, ticks: Ticks) -> Duration {
        self.0.0 += ticks.0;
        self.0.into()
    }
    fn between(&self, from: Bound<u8>, to: Duration, at: bool) -> Option<Ticks> {
        match from {
            Bound::Included(from) if at => Some(Ticks(to.as_millis() as u32 - u32::from(from))),
            Bound::Excluded(from) => Some(Ticks(to.as_millis() as u32 - u32::from(from) - 1)),
            _ => None,
        }
    }
    fn both(&self) -> (Duration, Vec<String>) {
        (self.0.into(), vec![format!("{:?}", self.0)])
    }
}

#[test]
fn names_that_are_taken() {
    let (mut here, there) = (Clock(Ticks(1)), remote(TimerWorker(Clock(Ticks(1)))));
    let second = Duration::from_secs(1);
    same!(here, there =>
        after(Ticks(250)),
        between(Bound::Included(3), second, true),
        between(Bound::Excluded(3), second, false),
        between(Bound::Unbounded, second, true),
        both(),
    );
}
