//! Parameters where only what is returned has them, bounds that name lifetimes, types that are called like their bounds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::OsStr;
use std::fmt::{self, Debug, Display};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::futures::block_on;
use crate::{alike, remote};

#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
enum Failure {
    Absent,
    Worker,
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(self, f)
    }
}

impl Error for Failure {}

impl From<coproc::Error> for Failure {
    fn from(_: coproc::Error) -> Failure {
        Failure::Worker
    }
}

/// No argument has the parameters, and every return borrows.
#[coproc::worker]
trait Catalogue<K: Ord> {
    type Value: Clone;
    type Error: Error + Send;
    type Debug: Debug;

    fn name(&self, at: usize) -> Result<&str, Self::Error>;
    fn names(&self) -> Result<Vec<&str>, Self::Error>;
    fn blob(&self, at: usize) -> Result<&[u8], K>;
    fn value(&self, at: usize) -> Result<Option<&Self::Value>, Self::Error>;
    fn pairs(&self) -> Vec<(&K, &[Self::Value])>;
    fn map(&self) -> BTreeMap<&str, Option<&Self::Value>>;
    fn all(&self) -> Cow<'_, [Self::Value]>;
    fn key(&self, at: usize) -> io::Result<&K>;
    fn keys(&self, most: usize) -> io::Result<Vec<K>>;
    fn array(&self) -> io::Result<[K; 40]>;
    fn path(&self, at: usize) -> Result<PathBuf, Self::Error>;
    async fn later(&self, at: usize) -> Result<Option<&str>, Self::Error>;
}

struct Items(Vec<(u8, String)>);

impl Catalogue<u8> for Items {
    type Value = (u8, String);
    type Error = Failure;
    type Debug = ();

    fn name(&self, at: usize) -> Result<&str, Failure> {
        self.0.get(at).map(|(_, name)| name.as_str()).ok_or(Failure::Absent)
    }
    fn names(&self) -> Result<Vec<&str>, Failure> {
        (0..self.0.len()).map(|at| self.name(at)).collect()
    }
    fn blob(&self, at: usize) -> Result<&[u8], u8> {
        self.name(at).map(str::as_bytes).map_err(|_| at as u8)
    }
    fn value(&self, at: usize) -> Result<Option<&(u8, String)>, Failure> {
        if at > 9 { Err(Failure::Absent) } else { Ok(self.0.get(at)) }
    }
    fn pairs(&self) -> Vec<(&u8, &[(u8, String)])> {
        self.0.iter().map(|(key, _)| (key, &self.0[..1])).collect()
    }
    fn map(&self) -> BTreeMap<&str, Option<&(u8, String)>> {
        self.0.iter().map(|item| (item.1.as_str(), (item.0 > 1).then_some(item))).collect()
    }
    fn all(&self) -> Cow<'_, [(u8, String)]> {
        (&*self.0).into()
    }
    fn key(&self, at: usize) -> io::Result<&u8> {
        self.0.get(at).map(|(key, _)| key).ok_or_else(|| io::Error::from_raw_os_error(2))
    }
    fn keys(&self, most: usize) -> io::Result<Vec<u8>> {
        (0..most).map(|at| self.key(at).copied()).collect()
    }
    fn array(&self) -> io::Result<[u8; 40]> {
        self.key(0).map(|key| [*key; 40])
    }
    fn path(&self, at: usize) -> Result<PathBuf, Failure> {
        // It isn't UTF-8.
        self.name(at).map(|name| Path::new(OsStr::from_bytes(b"caf\xe9")).join(name))
    }
    async fn later(&self, at: usize) -> Result<Option<&str>, Failure> {
        Ok(self.name(at).ok())
    }
}

#[test]
fn parameters_of_borrowed_returns_only() {
    let items = || Items(vec![(1, "one".to_owned()), (2, "two".to_owned())]);
    let (here, there) = (items(), remote(CatalogueWorker(items())));
    for at in [0, 1, 2, 10] {
        alike!(here, there => name(at), blob(at), value(at), key(at), keys(at), path(at));
        assert_eq!(format!("{:?}", there.later(at).unwrap()), format!("{:?}", block_on(here.later(at))));
    }
    alike!(here, there => names(), pairs(), map(), all(), array());
}

/// Bounds with lifetimes of their own, which everybody calls `'a`.
#[coproc::worker]
trait Matcher<T>
where
    T: for<'a> PartialEq<&'a str>,
    for<'a> &'a T: IntoIterator<Item = &'a u8>,
{
    type Pattern: for<'a> PartialEq<&'a str> + Clone;

    fn matches(&self, text: &str, of: &T) -> bool;
    fn pattern(&self, bytes: &[T]) -> Cow<'_, Self::Pattern>;
}

#[derive(Serialize, Deserialize, Debug, Clone)]
struct Text(Vec<u8>);

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl<'t> IntoIterator for &'t Text {
    type Item = &'t u8;
    type IntoIter = std::slice::Iter<'t, u8>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

struct Exact(Text);

impl Matcher<Text> for Exact {
    type Pattern = Text;

    fn matches(&self, text: &str, of: &Text) -> bool {
        *of == text || self.0 == text
    }
    fn pattern(&self, bytes: &[Text]) -> Cow<'_, Text> {
        match bytes {
            [] => Cow::Borrowed(&self.0),
            many => Cow::Owned(Text(many.iter().flatten().copied().collect())),
        }
    }
}

#[test]
fn bounds_with_lifetimes() {
    let text = |text: &str| Text(text.into());
    let (here, there) = (Exact(text("x")), remote(MatcherWorker(Exact(text("x")))));
    alike!(here, there =>
        matches("x", &text("y")), matches("y", &text("y")), matches("z", &text("y")),
        pattern(&[]), pattern(&[text("a"), text("b")]),
    );
}

trait Base<T> {
    fn base(&self) -> T;
}

/// Transparent: with a supertrait of the same parameters, and futures that must be `Send`.
#[coproc::worker(transparent, on_failure = panic)]
#[allow(clippy::type_complexity, reason = "it is the type that is tested")]
trait Derived<T: Clone>: Base<T> {
    type Id: Copy;
    type Error: From<coproc::Error>;

    fn derived(&mut self, value: T) -> Vec<T>;
    fn both(&mut self) -> Vec<T> {
        self.derived(self.base())
    }
    fn find(&self, value: &T) -> impl Future<Output = Result<Option<Self::Id>, Self::Error>> + Send;
    fn last<'d>(&'d self) -> Pin<Box<dyn Future<Output = Result<Self::Id, Self::Error>> + Send + 'd>>;
}

#[derive(Default)]
struct Numbers(Vec<u16>);

impl Base<u16> for Numbers {
    fn base(&self) -> u16 {
        7
    }
}

impl Base<u16> for DerivedHost<u16, usize, Failure> {
    fn base(&self) -> u16 {
        7
    }
}

impl Derived<u16> for Numbers {
    type Id = usize;
    type Error = Failure;

    fn derived(&mut self, value: u16) -> Vec<u16> {
        self.0.push(value);
        self.0.clone()
    }
    async fn find(&self, value: &u16) -> Result<Option<usize>, Failure> {
        Ok(self.0.iter().position(|known| known == value))
    }
    fn last<'d>(&'d self) -> Pin<Box<dyn Future<Output = Result<usize, Failure>> + Send + 'd>> {
        Box::pin(async { self.0.len().checked_sub(1).ok_or(Failure::Absent) })
    }
}

#[test]
fn a_stub_with_a_generic_trait_above_it() {
    fn told<D: Derived<u16, Id: Debug, Error: Debug>>(mut derived: D) -> String {
        let mut told = format!("{:?} ", block_on(derived.last()));
        told += &format!("{:?} {:?} ", derived.both(), derived.derived(9));
        told + &format!(
            "{:?} {:?} {:?}",
            block_on(derived.find(&9)),
            block_on(derived.find(&1)),
            block_on(derived.last())
        )
    }
    assert_eq!(told(remote(DerivedWorker(Numbers::default()))), told(Numbers::default()));
}
