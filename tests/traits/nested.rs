//! References inside others: maps, tuples, options and lists that borrow.
#![allow(clippy::ptr_arg, clippy::type_complexity, reason = "odd shapes are what is tested")]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{remote, same};

/// A storage engine's batches.
#[coproc::worker]
trait WriteBatch {
    fn put_many(&mut self, pairs: &[(&str, &[u8])]) -> usize;
    fn put_map(&mut self, map: &HashMap<&str, &str>);
    fn put_tree(&mut self, tree: BTreeMap<&str, Vec<&[u8]>>) -> u32;
    fn get_many(&self, keys: &[&[u8]], default: Option<&[&[u8]]>) -> Vec<Option<Vec<u8>>>;
    fn delete_many(&mut self, keys: &HashSet<&str>, but: &[&str; 2]) -> Vec<String>;
}

#[derive(Default)]
struct Store(BTreeMap<String, Vec<u8>>);

impl WriteBatch for Store {
    fn put_many(&mut self, pairs: &[(&str, &[u8])]) -> usize {
        self.0.extend(pairs.iter().map(|(key, value)| ((*key).to_owned(), value.to_vec())));
        self.0.len()
    }
    fn put_map(&mut self, map: &HashMap<&str, &str>) {
        self.0.extend(map.iter().map(|(key, value)| ((*key).to_owned(), value.as_bytes().to_vec())));
    }
    fn put_tree(&mut self, tree: BTreeMap<&str, Vec<&[u8]>>) -> u32 {
        let joined = tree.into_iter().map(|(key, values)| (key.to_owned(), values.concat()));
        let before = self.0.len();
        self.0.extend(joined);
        (self.0.len() - before) as u32
    }
    fn get_many(&self, keys: &[&[u8]], default: Option<&[&[u8]]>) -> Vec<Option<Vec<u8>>> {
        let get = |key: &&[u8]| std::str::from_utf8(key).ok().and_then(|key| self.0.get(key).cloned());
        keys.iter().map(|key| get(key).or_else(|| default.map(<[&[u8]]>::concat))).collect()
    }
    fn delete_many(&mut self, keys: &HashSet<&str>, but: &[&str; 2]) -> Vec<String> {
        let gone = |key: &&str| keys.contains(*key) && !but.contains(key);
        let deleted: Vec<_> = self.0.keys().map(String::as_str).filter(gone).map(str::to_owned).collect();
        self.0.retain(|key, _| !deleted.contains(key));
        deleted
    }
}

#[test]
fn batches_borrow_their_keys() {
    let (mut here, there) = (Store::default(), remote(WriteBatchWorker(Store::default())));
    same!(here, there =>
        put_many(&[("one", b"1"), ("two", &[0, 255]), ("", b"")]), put_many(&[]),
        put_map(&HashMap::from([("three", "3"), ("one", "eins")])), put_map(&HashMap::new()),
        put_tree(BTreeMap::from([("four", vec![b"4".as_slice(), b"", b"44"]), ("two", vec![])])),
        get_many(&[b"one", b"two", b"none", &[255]], None),
        get_many(&[b"none", b"four"], Some(&[b"de", b"fault"])), get_many(&[], Some(&[])),
        delete_many(&HashSet::from(["one", "two", "six"]), &["two", ""]),
        get_many(&[b"one", b"two", b"three"], None),
    );
}

#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
struct Span<'s> {
    #[serde(borrow)]
    text: &'s str,
    at: (u32, u32),
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Diagnostic<'d, T> {
    #[serde(borrow)]
    notes: Vec<&'d str>,
    payload: T,
}

/// A linter: own types with lifetimes, by value and behind references.
#[coproc::worker]
trait Linter {
    fn check<'s>(&mut self, spans: &'s [Span<'s>], first: &Span<'_>, last: Option<Span<'_>>) -> Vec<String>;
    fn report(&self, found: Diagnostic<'_, u8>, others: &[Diagnostic<'_, Option<String>>]) -> usize;
    fn configure(&mut self, levels: &BTreeMap<&str, Option<u8>>, allowed: BTreeSet<&str>, tree: &[Vec<&str>]);
    fn files(
        &self,
        files: &[(&Path, Option<&str>)],
        roots: Vec<&Path>,
        by_root: &BTreeMap<&str, PathBuf>,
    ) -> usize;
}

#[derive(Default)]
struct Strict(String);

impl Linter for Strict {
    fn check<'s>(&mut self, spans: &'s [Span<'s>], first: &Span<'_>, last: Option<Span<'_>>) -> Vec<String> {
        let all = [first].into_iter().chain(spans).chain(last.as_ref());
        all.map(|span| format!("{}{span:?}", self.0)).collect()
    }
    fn report(&self, found: Diagnostic<'_, u8>, others: &[Diagnostic<'_, Option<String>>]) -> usize {
        let payloads =
            others.iter().filter_map(|other| other.payload.as_ref()).map(String::len).sum::<usize>();
        found.notes.len() * 100 + usize::from(found.payload) * 10 + payloads
    }
    fn configure(
        &mut self,
        levels: &BTreeMap<&str, Option<u8>>,
        allowed: BTreeSet<&str>,
        tree: &[Vec<&str>],
    ) {
        self.0 = format!("{levels:?} {allowed:?} {tree:?} ");
    }
    fn files(
        &self,
        files: &[(&Path, Option<&str>)],
        roots: Vec<&Path>,
        by_root: &BTreeMap<&str, PathBuf>,
    ) -> usize {
        let length = |path: &Path| path.as_os_str().len();
        let named = files.iter().map(|(path, name)| length(path) + name.map_or(0, str::len)).sum::<usize>();
        named
            + roots.iter().map(|root| length(root)).sum::<usize>()
            + by_root.values().map(|root| length(root)).sum::<usize>()
    }
}

#[test]
fn own_types_may_borrow() {
    let (mut here, there) = (Strict::default(), remote(LinterWorker(Strict::default())));
    let span = |text| Span { text, at: (1, 2) };
    let diagnostic = || Diagnostic { notes: vec!["a", "b"], payload: 7 };
    let other = Diagnostic { notes: vec![], payload: Some("payload".to_owned()) };
    same!(here, there =>
        check(&[span("one"), span("")], &span("first"), Some(span("last"))), check(&[], &span(""), None),
        report(diagnostic(), &[other.clone(), Diagnostic { payload: None, ..other.clone() }]), report(diagnostic(), &[]),
        configure(&BTreeMap::from([("a", None), ("b", Some(1))]), BTreeSet::from(["c"]), &[vec!["d", "e"], vec![]]),
        check(&[span("one")], &span("first"), None),
        files(
            &[(Path::new("/a"), Some("b")), (Path::new(""), None)], vec![Path::new("r")],
            &BTreeMap::from([("root", PathBuf::from("/root"))]),
        ),
    );
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Point(i64, i64);

/// Geometry: slices of references, references to references, and what may be either.
#[coproc::worker]
trait Geometry {
    fn bounds(&self, points: &[&Point]) -> Option<(Point, Point)>;
    fn area(&self, rings: &[&[Point]], holes: Option<&Vec<Point>>) -> i64;
    fn maybe_all(
        &self,
        points: &[Option<Point>],
        names: &[Option<&str>],
        label: Option<Option<&str>>,
    ) -> String;
    fn renamed(&self, label: Cow<'_, str>, bytes: &Cow<'_, [u8]>, points: Cow<'_, [Point]>) -> usize;
    fn nested(&self, deep: &Vec<Vec<Option<(&str, [&str; 2])>>>, queue: &VecDeque<&str>) -> String;
    fn outcome(&self, outcome: Result<&str, &[u8]>, kept: &Result<u8, &str>) -> String;
    fn twice(&self, text: &&str, bytes: &&[u8]) -> usize;
}

struct Plane;

impl Geometry for Plane {
    fn bounds(&self, points: &[&Point]) -> Option<(Point, Point)> {
        let (least, most) = (points.iter().map(|p| p.0).min()?, points.iter().map(|p| p.1).max()?);
        Some((Point(least, least), Point(most, most)))
    }
    fn area(&self, rings: &[&[Point]], holes: Option<&Vec<Point>>) -> i64 {
        let area = |points: &[Point]| points.iter().map(|point| point.0 * point.1).sum::<i64>();
        rings.iter().copied().map(area).sum::<i64>() - holes.map_or(0, |points| area(points))
    }
    fn maybe_all(
        &self,
        points: &[Option<Point>],
        names: &[Option<&str>],
        label: Option<Option<&str>>,
    ) -> String {
        format!("{points:?} {names:?} {label:?}")
    }
    fn renamed(&self, label: Cow<'_, str>, bytes: &Cow<'_, [u8]>, points: Cow<'_, [Point]>) -> usize {
        label.len() * 100 + bytes.len() * 10 + points.len()
    }
    fn nested(&self, deep: &Vec<Vec<Option<(&str, [&str; 2])>>>, queue: &VecDeque<&str>) -> String {
        format!("{deep:?} {queue:?}")
    }
    fn outcome(&self, outcome: Result<&str, &[u8]>, kept: &Result<u8, &str>) -> String {
        format!("{outcome:?} {kept:?}")
    }
    fn twice(&self, text: &&str, bytes: &&[u8]) -> usize {
        text.len() * 10 + bytes.len()
    }
}

#[test]
fn slices_of_references_arrive() {
    let (here, there) = (Plane, remote(GeometryWorker(Plane)));
    let (a, b) = (Point(1, 2), Point(-3, 4));
    let ring = [a.clone(), b.clone()];
    same!(here, there =>
        bounds(&[&a, &b]), bounds(&[]),
        area(&[&ring, &[], &ring[..1]], Some(&ring.to_vec())), area(&[], None),
        maybe_all(&[None, Some(a.clone())], &[Some("a"), None], Some(None)), maybe_all(&[], &[], None),
        maybe_all(&[], &[], Some(Some("label"))),
        renamed("label".into(), &vec![1, 2].into(), Cow::Borrowed(&ring)),
        nested(&vec![vec![None, Some(("a", ["b", ""]))], vec![]], &["c", "d"].into()),
        outcome(Ok("fine"), &Err("no")), outcome(Err(b"bytes"), &Ok(1)),
        twice(&"text", &b"bytes".as_slice()),
    );
}
