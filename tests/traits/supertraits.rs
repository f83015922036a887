//! Supertraits: markers, the standard library's, the author's own, and methods that need a `Sized` implementation.

use std::any::Any;
use std::fmt::{Debug, Display};
use std::panic::{RefUnwindSafe, UnwindSafe};

use crate::{remote, same};

trait Named {
    const KIND: &'static str;
    fn name(&self) -> String;
}

trait Versioned<V = u32>: Named {
    fn version(&self) -> V;
}

/// A service that others share between threads: markers, own traits with parameters, and those of the library.
#[coproc::worker]
trait Backend: Versioned<u16> + Debug + Display + Send + Sync + Unpin + 'static {
    fn capacity(&self) -> usize;
    fn describe(&self) -> String {
        format!("{self} {self:?} {} {} {}", self.name(), self.version(), self.capacity())
    }
    fn full_name(&self) -> String
    where
        Self: Sized,
    {
        format!("{}/{}", Self::KIND, self.name())
    }
    #[local]
    fn boxed(self) -> Box<dyn Backend2>
    where
        Self: Sized,
    {
        Box::new(self.capacity())
    }
}

trait Backend2 {
    fn size(&self) -> usize;
}

impl Backend2 for usize {
    fn size(&self) -> usize {
        *self
    }
}

#[derive(Debug, Clone, Copy)]
struct Disk(usize);

impl Named for Disk {
    const KIND: &'static str = "disk";
    fn name(&self) -> String {
        "sda".to_owned()
    }
}

impl Versioned<u16> for Disk {
    fn version(&self) -> u16 {
        self.0 as u16 + 1
    }
}

impl Display for Disk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "<{}>", self.0)
    }
}

impl Backend for Disk {
    fn capacity(&self) -> usize {
        self.0
    }
}

#[test]
fn a_default_body_uses_supertraits() {
    let (here, there) = (Disk(7), remote(BackendWorker(Disk(7))));
    same!(here, there => capacity(), describe(), full_name());
    assert_eq!(here.boxed().size(), 7);
}

/// A trait that is used as an object: its stub may serve a box of it.
#[coproc::worker]
trait Shape: Any + UnwindSafe + RefUnwindSafe
where
    Self: Send,
{
    fn area(&self) -> f64;
    fn scale(&mut self, by: f64);
    fn twice(&mut self) -> f64 {
        self.scale(2.0);
        self.area()
    }
    fn largest(&self, others: &[f64]) -> bool
    where
        Self: Sized + Any,
    {
        others.iter().all(|other| *other <= self.area())
    }
}

struct Square(f64);

impl Shape for Square {
    fn area(&self) -> f64 {
        self.0 * self.0
    }
    fn scale(&mut self, by: f64) {
        self.0 *= by;
    }
}

impl Shape for Box<dyn Shape> {
    fn area(&self) -> f64 {
        (**self).area()
    }
    fn scale(&mut self, by: f64) {
        (**self).scale(by);
    }
}

#[test]
fn a_box_of_the_trait_is_served() {
    let boxed = || -> Box<dyn Shape> { Box::new(Square(1.5)) };
    let (mut here, there) = (boxed(), remote(ShapeWorker(boxed())));
    same!(here, there => area(), scale(3.0), area(), twice(), largest(&[]), largest(&[1.0, 1e9]));
}

/// Supertraits that say much about the implementation: an iterator, ordered, hashed, made out of text, shown as text.
#[coproc::worker]
trait Lines:
    Iterator<Item = String>
    + for<'l> Extend<&'l str>
    + AsRef<[String]>
    + From<String>
    + std::ops::Deref<Target = Vec<String>>
    + Default
{
    fn next_line(&mut self) -> Option<String> {
        self.next()
    }
    fn add(&mut self, lines: &[&str]) -> usize {
        self.extend(lines.iter().copied());
        self.len()
    }
    fn all(&self) -> Vec<String> {
        self.as_ref().to_vec()
    }
    fn count_lines(&self, text: String) -> usize {
        Self::from(text).as_ref().len() + Self::default().len()
    }
}

#[derive(Default)]
struct Text(Vec<String>);

impl Iterator for Text {
    type Item = String;
    fn next(&mut self) -> Option<String> {
        self.0.pop()
    }
}

impl<'l> Extend<&'l str> for Text {
    fn extend<I: IntoIterator<Item = &'l str>>(&mut self, lines: I) {
        self.0.extend(lines.into_iter().map(str::to_owned));
    }
}

impl AsRef<[String]> for Text {
    fn as_ref(&self) -> &[String] {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text(text.lines().map(str::to_owned).collect())
    }
}

impl std::ops::Deref for Text {
    type Target = Vec<String>;
    fn deref(&self) -> &Vec<String> {
        &self.0
    }
}

impl Lines for Text {}

#[test]
fn an_iterator_is_served() {
    let (mut here, there) = (Text::default(), remote(LinesWorker(Text::default())));
    same!(here, there => next_line(), add(&["a", "b"]), add(&[]), all(), next_line(), all(), count_lines("a\nb".to_owned()));
}
