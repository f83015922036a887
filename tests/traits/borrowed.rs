//! Borrowed arguments as people take them: text, bytes, slices, paths, values of their own.
#![allow(clippy::borrowed_box, clippy::ptr_arg, reason = "odd shapes are what is tested")]

use std::collections::BTreeMap;
use std::ffi::{CStr, OsStr};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{remote, same};

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
struct Document {
    title: String,
    words: Vec<String>,
}

#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Title,
    Words { most: u8 },
}

/// A full-text index.
#[coproc::worker]
trait IndexWriter {
    fn add_document(&mut self, id: u64, document: &Document) -> usize;
    fn add_documents(&mut self, documents: &[Document]) -> Vec<usize>;
    fn update(&mut self, document: Option<&Document>, field: &Field) -> bool;
    fn matching(&self, terms: &[&str], fields: Option<&[Field]>, limit: &Option<usize>) -> Vec<u64>;
    fn delete(&mut self, term: &str) -> u64;
}

#[derive(Default)]
struct Words(BTreeMap<u64, Document>);

impl IndexWriter for Words {
    fn add_document(&mut self, id: u64, document: &Document) -> usize {
        self.0.insert(id, document.clone());
        document.words.len()
    }
    fn add_documents(&mut self, documents: &[Document]) -> Vec<usize> {
        documents.iter().zip(100..).map(|(document, id)| self.add_document(id, document)).collect()
    }
    fn update(&mut self, document: Option<&Document>, field: &Field) -> bool {
        match (document, field, self.0.values_mut().next()) {
            (Some(document), Field::Title, Some(first)) => first.title.clone_from(&document.title),
            (Some(document), Field::Words { most }, Some(first)) => {
                first.words = document.words.iter().take((*most).into()).cloned().collect();
            }
            _ => return false,
        }
        true
    }
    fn matching(&self, terms: &[&str], fields: Option<&[Field]>, limit: &Option<usize>) -> Vec<u64> {
        let fields = fields.unwrap_or(&[Field::Title, Field::Words { most: u8::MAX }]);
        let matches = |document: &Document, term: &str| {
            fields.iter().any(|field| match field {
                Field::Title => document.title.contains(term),
                Field::Words { most } => document.words.iter().take((*most).into()).any(|word| word == term),
            })
        };
        let found = self.0.iter().filter(|(_, document)| terms.iter().all(|term| matches(document, term)));
        found.map(|(id, _)| *id).take(limit.unwrap_or(usize::MAX)).collect()
    }
    fn delete(&mut self, term: &str) -> u64 {
        let before = self.0.len();
        self.0.retain(|_, document| !document.words.iter().any(|word| word == term));
        (before - self.0.len()) as u64
    }
}

#[test]
fn an_index_is_lent_documents() {
    let document = |title: &str| Document {
        title: title.to_owned(),
        words: title.split(' ').map(str::to_owned).collect(),
    };
    let (mut here, there) = (Words::default(), remote(IndexWriterWorker(Words::default())));
    let many = [document("to be or not to be"), document(""), document("not")];
    same!(here, there =>
        update(Some(&many[0]), &Field::Title),
        add_document(u64::MAX, &document("ünïcödé words")),
        add_documents(&many), add_documents(&[]),
        matching(&["not"], None, &None),
        matching(&["not", "be"], Some(&[Field::Words { most: 2 }]), &Some(1)),
        matching(&["to", "be"], Some(&[Field::Words { most: 2 }, Field::Title]), &Some(0)),
        matching(&[], Some(&[]), &Some(2)),
        update(None, &Field::Title),
        update(Some(&document("new be be")), &Field::Words { most: 1 }),
        matching(&["new"], None, &None),
        delete("not"), delete("nothing"), matching(&[], None, &None),
    );
}

/// What is lent out of the message as it lies there, also behind another reference and inside an option.
#[coproc::worker]
trait Digest {
    fn update(&mut self, data: &[u8]);
    fn update_text(&mut self, text: &'_ str, salt: Option<&'_ str>);
    fn update_all<'d>(&mut self, chunks: &'d [&'d [u8]], last: Option<&'d [u8]>);
    fn update_lines(&mut self, lines: &[String], words: Option<&[String]>, counts: &[u16; 3]);
    fn update_file(&mut self, path: &Path, extension: Option<&OsStr>, program: &CStr);
    fn finish(&self, key: &[u8; 4], twice: &&str) -> [u8; 8];
}

#[derive(Default)]
struct Sum(u64);

impl Digest for Sum {
    fn update(&mut self, data: &[u8]) {
        for byte in data {
            self.0 = self.0.rotate_left(7) ^ u64::from(*byte) ^ 0x9E37;
        }
    }
    fn update_text(&mut self, text: &str, salt: Option<&str>) {
        self.update(text.as_bytes());
        self.update(salt.unwrap_or("none").as_bytes());
    }
    fn update_all(&mut self, chunks: &[&[u8]], last: Option<&[u8]>) {
        for chunk in chunks.iter().copied().chain(last) {
            self.update(chunk);
            self.update(&[0]);
        }
    }
    fn update_lines(&mut self, lines: &[String], words: Option<&[String]>, counts: &[u16; 3]) {
        self.update(format!("{lines:?} {words:?} {counts:?}").as_bytes());
    }
    fn update_file(&mut self, path: &Path, extension: Option<&OsStr>, program: &CStr) {
        self.update(path.as_os_str().as_encoded_bytes());
        self.update(extension.map_or(b"none", OsStr::as_encoded_bytes));
        self.update(program.to_bytes());
    }
    fn finish(&self, key: &[u8; 4], twice: &&str) -> [u8; 8] {
        (self.0 ^ u64::from(u32::from_le_bytes(*key)) ^ twice.len() as u64).to_be_bytes()
    }
}

#[test]
fn a_digest_is_lent_bytes() {
    let (mut here, there) = (Sum::default(), remote(DigestWorker(Sum::default())));
    let lines = ["one".to_owned(), String::new()];
    same!(here, there =>
        update(b"bytes"), finish(&[0; 4], &"a"), update(&[]), update(&[7; 70_000]), finish(b"keys", &""),
        update_text("", None), update_text("text\0", Some("")), finish(b"keys", &""),
        update_all(&[], None), update_all(&[b"a", b"", b"bc"], Some(b"")), finish(b"keys", &""),
        update_lines(&lines, Some(&lines), &[1, 2, 3]), update_lines(&[], None, &[0; 3]), finish(b"keys", &""),
        update_file(Path::new("/a/b.c"), Some(OsStr::new("c")), c"program"), finish(b"keys", &""),
        update_file(Path::new(""), None, c""), finish(b"keys", &""),
    );
}

/// Values of the standard library behind references, and references behind generic types of other crates.
#[coproc::worker]
trait Calendar {
    fn holiday(&mut self, day: &std::time::Duration, name: &String);
    fn between(&self, days: &std::ops::Range<u64>, names: &std::collections::BTreeSet<String>) -> Vec<u64>;
    fn address(&self, host: &std::net::IpAddr, port: &std::num::NonZeroU16) -> std::net::SocketAddr;
    fn boxed(&self, text: &Box<str>, boxed: &Box<String>, list: &Vec<u8>, option: &Option<u8>) -> String;
    fn pair(&self, pair: &(String, u8), array: &[Option<String>; 2], unit: &()) -> usize;
    fn numbers(&self, wide: &u128, negative: &i8, real: &f64, letter: &char, truth: &bool) -> String;
}

#[derive(Default)]
struct Holidays(BTreeMap<u64, String>);

impl Calendar for Holidays {
    fn holiday(&mut self, day: &std::time::Duration, name: &String) {
        self.0.insert(day.as_secs(), name.clone());
    }
    fn between(&self, days: &std::ops::Range<u64>, names: &std::collections::BTreeSet<String>) -> Vec<u64> {
        let named = self.0.range(days.clone()).filter(|(_, name)| names.contains(*name));
        named.map(|(day, _)| *day).collect()
    }
    fn address(&self, host: &std::net::IpAddr, port: &std::num::NonZeroU16) -> std::net::SocketAddr {
        (*host, port.get()).into()
    }
    fn boxed(&self, text: &Box<str>, boxed: &Box<String>, list: &Vec<u8>, option: &Option<u8>) -> String {
        format!("{text}{boxed}{list:?}{option:?}")
    }
    fn pair(&self, pair: &(String, u8), array: &[Option<String>; 2], (): &()) -> usize {
        pair.0.len() + usize::from(pair.1) + array.iter().flatten().map(String::len).sum::<usize>()
    }
    fn numbers(&self, wide: &u128, negative: &i8, real: &f64, letter: &char, truth: &bool) -> String {
        format!("{wide} {negative} {real:?} {letter:?} {truth}")
    }
}

#[test]
fn values_of_the_standard_library_are_lent() {
    use std::time::Duration;

    let (mut here, there) = (Holidays::default(), remote(CalendarWorker(Holidays::default())));
    let names = ["a".to_owned()].into();
    same!(here, there =>
        holiday(&Duration::from_secs(4), &"a".to_owned()), holiday(&Duration::from_secs(5), &"b".to_owned()),
        between(&(0..9), &names), between(&(5..5), &Default::default()),
        address(&"::1".parse().unwrap(), &std::num::NonZeroU16::MIN),
        boxed(&"text".into(), &Box::new(String::from("boxed")), &vec![1], &None),
        pair(&("four".to_owned(), 4), &[None, Some("three".to_owned())], &()),
        numbers(&u128::MAX, &i8::MIN, &-0.0, &'\u{10FFFF}', &true),
    );
}
