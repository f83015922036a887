//! Every shape of argument and result, called through a worker and compared with the same call in place.
#![allow(
    unused_parens,
    clippy::borrowed_box,
    clippy::ptr_arg,
    clippy::redundant_allocation,
    clippy::unused_unit,
    reason = "odd shapes are what is tested"
)]

use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

macro_rules! list_of {
    ($element:ty) => { Vec<$element> };
}

/// A user's type, which is neither `Clone` nor `Debug`.
#[derive(Serialize, Deserialize)]
struct Document {
    title: String,
}

#[coproc::worker]
trait Shapes {
    fn nothing(&self);
    fn numbers(&self, small: u8, large: i128, both: (u16, [f64; 3])) -> String;
    fn owned(&self, text: String, list: Vec<Option<u16>>, document: Document) -> String;
    fn text(&self, text: &str, maybe: Option<&str>) -> String;
    fn bytes(&self, bytes: &[u8], maybe: Option<&[u8]>, owned: Vec<u8>, boxed: Box<[u8]>) -> usize;
    fn paths(
        &self,
        path: &Path,
        maybe: Option<&Path>,
        name: &OsStr,
        owned: PathBuf,
        many: Vec<OsString>,
    ) -> String;
    fn references(&self, document: &Document, maybe: Option<&Document>, number: &u64) -> String;
    fn slices(&self, numbers: &[u32], documents: &[Document], texts: &[&str], blobs: &[&[u8]]) -> String;
    fn nested(
        &self,
        map: &HashMap<&str, &str>,
        twice: &&str,
        option: &Option<&str>,
        string: &String,
    ) -> String;
    fn in_owned(&self, list: Vec<&str>, pair: (&str, u8), array: [&str; 2], files: Vec<&Path>) -> String;
    fn cows(&self, text: Cow<'_, str>, bytes: Cow<'_, [u8]>, lasting: Cow<'static, str>) -> String;
    fn elided_by_name(&self, text: &'_ str, list: Option<Vec<&'_ [u8]>>) -> usize;
    fn parenthesised(&self, text: (&str), documents: &([Document])) -> usize;

    fn options_within(
        &self,
        twice: Option<Option<&str>>,
        list: Vec<Option<&[u8]>>,
        slice: Option<&[Option<&str>]>,
    ) -> String;
    fn boxes(
        &self,
        bytes: &Box<[u8]>,
        lists: Box<[Vec<u8>]>,
        text: Box<&str>,
        cow: Cow<'_, [Vec<u8>]>,
    ) -> String;
    fn names_within(&self, name: &OsString, paths: &[&Path], maybe: Option<&[PathBuf]>) -> String;
    fn by_macro(&self, list: list_of!(u8), lent: &list_of!(String)) -> list_of!(u8);

    fn unit(&mut self) -> ();
    fn result(&mut self, fails: bool) -> Result<u32, String>;
    fn nested_results(&mut self, depth: u8) -> Result<Result<u32, String>, Vec<u8>>;
    fn bytes_back(&self, length: usize) -> Vec<u8>;
    fn bytes_within(&self, length: usize) -> Option<Result<Box<[u8]>, String>>;
    fn document_back(&self) -> Option<Document>;
    fn cow_back(&self) -> Cow<'static, str>;
    fn path_back(&self) -> PathBuf;
    fn under_an_alias(&self) -> Aliased<Vec<u8>>;
}

/// Called like a result, but something else: names of types are only trusted where that cannot do harm.
type Aliased<T> = (u8, T);

fn all(documents: &[Document]) -> String {
    documents.iter().map(|document| document.title.as_str()).collect()
}

struct Here;

impl Shapes for Here {
    fn nothing(&self) {}
    fn numbers(&self, small: u8, large: i128, both: (u16, [f64; 3])) -> String {
        format!("{small} {large} {both:?}")
    }
    fn owned(&self, text: String, list: Vec<Option<u16>>, document: Document) -> String {
        format!("{text} {list:?} {}", document.title)
    }
    fn text(&self, text: &str, maybe: Option<&str>) -> String {
        format!("{text} {maybe:?}")
    }
    fn bytes(&self, bytes: &[u8], maybe: Option<&[u8]>, owned: Vec<u8>, boxed: Box<[u8]>) -> usize {
        bytes.len() * 1000 + maybe.map_or(0, <[u8]>::len) * 100 + owned.len() * 10 + boxed.len()
    }
    fn paths(
        &self,
        path: &Path,
        maybe: Option<&Path>,
        name: &OsStr,
        owned: PathBuf,
        many: Vec<OsString>,
    ) -> String {
        format!("{path:?} {maybe:?} {name:?} {owned:?} {many:?}")
    }
    fn references(&self, document: &Document, maybe: Option<&Document>, number: &u64) -> String {
        format!("{} {:?} {number}", document.title, maybe.map(|document| &document.title))
    }
    fn slices(&self, numbers: &[u32], documents: &[Document], texts: &[&str], blobs: &[&[u8]]) -> String {
        format!("{numbers:?} {} {texts:?} {blobs:?}", all(documents))
    }
    fn nested(
        &self,
        map: &HashMap<&str, &str>,
        twice: &&str,
        option: &Option<&str>,
        string: &String,
    ) -> String {
        format!("{map:?} {twice} {option:?} {string}")
    }
    fn in_owned(&self, list: Vec<&str>, pair: (&str, u8), array: [&str; 2], files: Vec<&Path>) -> String {
        format!("{list:?} {pair:?} {array:?} {files:?}")
    }
    fn cows(&self, text: Cow<'_, str>, bytes: Cow<'_, [u8]>, lasting: Cow<'static, str>) -> String {
        format!("{text} {bytes:?} {lasting}")
    }
    fn elided_by_name(&self, text: &'_ str, list: Option<Vec<&'_ [u8]>>) -> usize {
        text.len() + list.map_or(0, |list| list.len())
    }
    fn parenthesised(&self, text: (&str), documents: &([Document])) -> usize {
        text.len() + documents.len()
    }

    fn options_within(
        &self,
        twice: Option<Option<&str>>,
        list: Vec<Option<&[u8]>>,
        slice: Option<&[Option<&str>]>,
    ) -> String {
        format!("{twice:?} {list:?} {slice:?}")
    }
    fn boxes(
        &self,
        bytes: &Box<[u8]>,
        lists: Box<[Vec<u8>]>,
        text: Box<&str>,
        cow: Cow<'_, [Vec<u8>]>,
    ) -> String {
        format!("{bytes:?} {lists:?} {text:?} {cow:?}")
    }
    fn names_within(&self, name: &OsString, paths: &[&Path], maybe: Option<&[PathBuf]>) -> String {
        format!("{name:?} {paths:?} {maybe:?}")
    }
    fn by_macro(&self, mut list: list_of!(u8), lent: &list_of!(String)) -> list_of!(u8) {
        list.extend(lent.iter().flat_map(|text| text.bytes()));
        list
    }

    fn unit(&mut self) -> () {}
    fn result(&mut self, fails: bool) -> Result<u32, String> {
        if fails { Err("it fails".to_owned()) } else { Ok(7) }
    }
    fn nested_results(&mut self, depth: u8) -> Result<Result<u32, String>, Vec<u8>> {
        match depth {
            0 => Err(vec![0]),
            1 => Ok(Err("one".to_owned())),
            _ => Ok(Ok(2)),
        }
    }
    fn bytes_back(&self, length: usize) -> Vec<u8> {
        vec![7; length]
    }
    fn bytes_within(&self, length: usize) -> Option<Result<Box<[u8]>, String>> {
        Some(Ok(vec![8; length].into()))
    }
    fn document_back(&self) -> Option<Document> {
        Some(Document { title: "back".to_owned() })
    }
    fn cow_back(&self) -> Cow<'static, str> {
        "cow".into()
    }
    fn path_back(&self) -> PathBuf {
        not_utf8()
    }
    fn under_an_alias(&self) -> Aliased<Vec<u8>> {
        (1, vec![2])
    }
}

fn not_utf8() -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(b"caf\xe9"))
}

/// The same call, here and through the worker.
macro_rules! same {
    ($host:ident.$method:ident($($argument:expr),*)) => {
        assert_eq!($host.$method($($argument),*).unwrap(), Here.$method($($argument),*))
    };
}

#[test]
fn owned_arguments_arrive() {
    let host = host_of(ShapesWorker(Here));
    let document = || Document { title: "title".to_owned() };
    same!(host.nothing());
    same!(host.numbers(255, i128::MIN, (7, [0.5, -1.0, f64::MAX])));
    same!(host.owned("text".to_owned(), vec![None, Some(9)], document()));
}

#[test]
fn borrowed_arguments_arrive() {
    let host = host_of(ShapesWorker(Here));
    let document = Document { title: "title".to_owned() };
    let map = HashMap::from([("key", "value")]);
    same!(host.text("text", Some("more")));
    same!(host.text("", None));
    same!(host.bytes(&[1, 2], Some(&[3]), vec![4; 5], vec![6; 7].into()));
    same!(host.bytes(&[], None, vec![], Box::default()));
    same!(host.references(&document, Some(&document), &u64::MAX));
    same!(host.references(&document, None, &0));
    same!(host.slices(&[1, 2], std::slice::from_ref(&document), &["a", "b"], &[b"c", b""]));
    same!(host.nested(&map, &"twice", &Some("option"), &"string".to_owned()));
    same!(host.in_owned(vec!["a"], ("b", 3), ["c", "d"], vec![Path::new("e")]));
    same!(host.cows("text".into(), b"bytes".into(), "lasting".into()));
    same!(host.elided_by_name("text", Some(vec![b"a", b"b"])));
    same!(host.parenthesised("text", &[]));
}

#[test]
fn borrowed_arguments_arrive_inside_others() {
    let host = host_of(ShapesWorker(Here));
    same!(host.options_within(Some(Some("text")), vec![None, Some(b"bytes")], Some(&[None, Some("more")])));
    same!(host.options_within(Some(None), vec![], None));
    let (bytes, list) = (vec![1_u8, 2], vec![vec![3_u8], vec![]]);
    same!(host.boxes(&bytes.clone().into(), list.clone().into(), Box::new("text"), list.as_slice().into()));
    same!(host.by_macro(vec![1, 2], &vec!["text".to_owned()]));
}

#[test]
fn names_of_files_need_not_be_utf8() {
    let host = host_of(ShapesWorker(Here));
    let path = not_utf8();
    same!(host.paths(&path, Some(&path), path.as_os_str(), path.clone(), vec![path.clone().into()]));
    same!(host.paths(&path, None, OsStr::new(""), PathBuf::new(), vec![]));
    same!(host.names_within(
        &path.as_os_str().to_owned(),
        &[&path, Path::new("")],
        Some(std::slice::from_ref(&path))
    ));
    same!(host.names_within(&OsString::new(), &[], None));
    same!(host.path_back());
}

#[test]
fn results_come_back() {
    let host = host_of(ShapesWorker(Here));
    same!(host.unit());
    same!(host.result(true));
    same!(host.result(false));
    for depth in 0..3 {
        same!(host.nested_results(depth));
    }
    same!(host.bytes_back(100_000));
    same!(host.bytes_within(100_000));
    same!(host.cow_back());
    same!(host.under_an_alias());
    assert_eq!(host.document_back().unwrap().unwrap().title, "back");
}

/// A worker in a thread, and the stub that calls it.
#[allow(clippy::unwrap_used, reason = "only tests call it")]
fn host_of<W: coproc::Worker + Send>(worker: W) -> W::Host {
    coproc::in_thread(|| worker).unwrap()
}

/// Fails on one side of the way or the other.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(u8),
}

#[coproc::worker]
trait Fussy {
    fn two(&self, first: u8, second: Untagged) -> u8;
    fn one(&self, only: Untagged) -> u8;
    fn flat(&self, first: u8, flat: Flat) -> u8;
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Flat {
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, u8>,
}

struct Any;

impl Fussy for Any {
    fn two(&self, first: u8, _: Untagged) -> u8 {
        first
    }
    fn one(&self, _: Untagged) -> u8 {
        0
    }
    fn flat(&self, first: u8, flat: Flat) -> u8 {
        first + flat.rest.len() as u8
    }
}

#[test]
fn what_cannot_cross_is_named_by_method_and_argument() {
    let fussy = coproc::in_thread(|| FussyWorker(Any)).unwrap();
    for (error, place) in [
        (fussy.two(1, Untagged::Number(2)).unwrap_err(), "FussyRequest::Two.second"),
        (fussy.one(Untagged::Number(2)).unwrap_err(), "FussyRequest::One.only"),
        (fussy.flat(1, Flat { rest: Default::default() }).unwrap_err(), "FussyRequest::Flat.flat"),
    ] {
        assert_eq!(error.kind(), coproc::ErrorKind::Codec);
        assert!(format!("{error:?}").contains(place), "{error:?} names {place}");
    }
}
