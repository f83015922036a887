//! Borrowed returns of every shape: they come back owned.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{alike, remote};

/// Neither `Clone` nor `Default`, as for all that is returned by reference here.
#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Entry {
    word: String,
    uses: Vec<u32>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Missing {
    Word(String),
    All,
}

/// Text, values and what they are in.
#[coproc::worker]
trait Dictionary: Send {
    fn language(&self) -> &str;
    fn first(&self) -> &Entry;
    fn entries(&self) -> &[Entry];
    fn find(&self, word: &str) -> Option<&Entry>;
    fn resolve(&self, word: &str) -> Result<&Entry, Missing>;
    fn uses(&self, word: &str) -> Option<&[u32]>;
    fn words(&self) -> Vec<&str>;
    fn by_word(&self) -> BTreeMap<&str, &Entry>;
    fn one_by_word(&self, word: &str) -> HashMap<&str, Vec<&Entry>>;
    fn pair(&self) -> (&str, &Entry, usize);
    fn both(&self, more: bool) -> Option<(&str, Option<&[u32]>)>;
    fn ends(&self) -> [&Entry; 2];
    fn complete(&self, prefix: &str) -> Result<Vec<&str>, &str>;
    fn nested(&self, word: &str) -> Result<Option<&Entry>, (&str, &Missing)>;
    fn boxed(&self) -> Box<[&str]>;
    fn twice(&self) -> &&str;
    fn kinds(&self) -> &'static [&'static str];
    fn longest(&self) -> Option<&Entry> {
        self.entries().iter().max_by_key(|entry| entry.word.len())
    }
    fn touch(&mut self, word: &str) -> Option<&u32>;
    fn cheapest(&mut self) -> &Option<Entry>;
}

struct Words {
    entries: Vec<Entry>,
    language: &'static str,
    missing: Missing,
    cheapest: Option<Entry>,
}

impl Words {
    fn new() -> Words {
        let entry = |word: &str, uses: &[u32]| Entry { word: word.to_owned(), uses: uses.to_owned() };
        Words {
            entries: vec![entry("to", &[1, 5]), entry("be", &[2]), entry("question", &[])],
            language: "en",
            missing: Missing::All,
            cheapest: None,
        }
    }
}

impl Dictionary for Words {
    fn language(&self) -> &str {
        self.language
    }
    fn first(&self) -> &Entry {
        &self.entries[0]
    }
    fn entries(&self) -> &[Entry] {
        &self.entries
    }
    fn find(&self, word: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.word == word)
    }
    fn resolve(&self, word: &str) -> Result<&Entry, Missing> {
        self.find(word).ok_or_else(|| Missing::Word(word.to_owned()))
    }
    fn uses(&self, word: &str) -> Option<&[u32]> {
        self.find(word).map(|entry| &*entry.uses)
    }
    fn words(&self) -> Vec<&str> {
        self.entries.iter().map(|entry| &*entry.word).collect()
    }
    fn by_word(&self) -> BTreeMap<&str, &Entry> {
        self.entries.iter().map(|entry| (&*entry.word, entry)).collect()
    }
    fn one_by_word(&self, word: &str) -> HashMap<&str, Vec<&Entry>> {
        self.find(word).map(|entry| (&*entry.word, vec![entry, self.first()])).into_iter().collect()
    }
    fn pair(&self) -> (&str, &Entry, usize) {
        (self.language, &self.entries[1], self.entries.len())
    }
    fn both(&self, more: bool) -> Option<(&str, Option<&[u32]>)> {
        Some((self.language, more.then(|| self.uses("to"))?))
    }
    fn ends(&self) -> [&Entry; 2] {
        [&self.entries[0], &self.entries[self.entries.len() - 1]]
    }
    fn complete(&self, prefix: &str) -> Result<Vec<&str>, &str> {
        let found: Vec<_> = self.words().into_iter().filter(|word| word.starts_with(prefix)).collect();
        if found.is_empty() { Err(self.language) } else { Ok(found) }
    }
    fn nested(&self, word: &str) -> Result<Option<&Entry>, (&str, &Missing)> {
        if word.is_empty() { Err((self.language, &self.missing)) } else { Ok(self.find(word)) }
    }
    fn boxed(&self) -> Box<[&str]> {
        self.words().into()
    }
    fn twice(&self) -> &&str {
        &self.language
    }
    fn kinds(&self) -> &'static [&'static str] {
        &["noun", "verb"]
    }
    fn touch(&mut self, word: &str) -> Option<&u32> {
        let entry = self.entries.iter_mut().find(|entry| entry.word == word)?;
        entry.uses.push(9);
        entry.uses.last()
    }
    fn cheapest(&mut self) -> &Option<Entry> {
        self.cheapest = self.entries.pop();
        &self.cheapest
    }
}

fn everything_comes_back(mut here: Words, there: &DictionaryHost) {
    alike!(here, there =>
        language(), first(), entries(), find("to"), find("x"), resolve("be"), resolve("x"),
        uses("to"), uses("x"), words(), by_word(), one_by_word("be"), one_by_word("x"), pair(),
        both(true), both(false), ends(), complete("q"), complete("x"), nested("to"), nested("x"),
        nested(""), boxed(), twice(), kinds(), longest(), touch("to"), touch("x"), uses("to"), cheapest(),
        entries(),
    );
}

#[test]
fn references_come_back_owned() {
    let there = remote(DictionaryWorker(Words::new()));
    everything_comes_back(Words::new(), &there);
    // Nothing borrows: the types are these.
    let _: (String, Vec<String>) = (there.language().unwrap(), there.words().unwrap());
    let _: (Option<Entry>, Option<Vec<u32>>) = (there.find("to").unwrap(), there.uses("to").unwrap());
    let _: Result<Entry, Missing> = there.resolve("to").unwrap();
    let _: HashMap<String, Vec<Entry>> = there.one_by_word("to").unwrap();
    let _: (String, Entry, usize) = there.pair().unwrap();
    let _: Result<Option<Entry>, (String, Missing)> = there.nested("").unwrap();
}

fn dictionary() -> coproc::Entry<DictionaryHost, ()> {
    coproc::test_entry("returned::dictionary_worker", |()| DictionaryWorker(Words::new()))
}

#[test]
fn dictionary_worker() {
    let _ = dictionary();
}

#[test]
fn references_come_back_from_a_process() {
    everything_comes_back(Words::new(), &dictionary().start(()).unwrap());
}

/// Bytes and names of files.
#[coproc::worker]
trait Vfs {
    fn root(&self) -> &Path;
    fn find(&self, name: &OsStr) -> Option<&Path>;
    fn name(&self, path: &Path) -> io::Result<&OsStr>;
    fn read(&self, path: &Path) -> io::Result<&[u8]>;
    fn read_text(&self, path: &Path) -> io::Result<&str>;
    fn all(&self) -> Vec<&Path>;
    fn blobs(&self) -> Vec<&[u8]>;
    fn files(&self) -> BTreeMap<&Path, &[u8]>;
    fn checked(&self, path: &Path) -> Result<&[u8], &Path>;
    fn slot(&self, number: usize) -> Option<Option<&[u8]>>;
    fn paths(&self) -> &[PathBuf];
    fn slashed(&self, path: &Path) -> Cow<'_, Path>;
}

struct Memory {
    paths: Vec<PathBuf>,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Memory {
    fn new() -> Memory {
        let files = [("/", &b"\xff\x00"[..]), ("/a/b.txt", b"text"), ("/c", &[0; 300])];
        let files: BTreeMap<_, _> = files.map(|(path, bytes)| (path.into(), bytes.to_owned())).into();
        Memory { paths: files.keys().cloned().collect(), files }
    }
}

impl Vfs for Memory {
    fn root(&self) -> &Path {
        Path::new("/")
    }
    fn find(&self, name: &OsStr) -> Option<&Path> {
        self.paths.iter().find(|path| path.file_name() == Some(name)).map(PathBuf::as_path)
    }
    fn name(&self, path: &Path) -> io::Result<&OsStr> {
        let known = self.paths.iter().find(|known| *known == path).ok_or(io::ErrorKind::NotFound)?;
        known.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it has no name"))
    }
    fn read(&self, path: &Path) -> io::Result<&[u8]> {
        self.files.get(path).map(Vec::as_slice).ok_or_else(|| io::Error::from_raw_os_error(2))
    }
    fn read_text(&self, path: &Path) -> io::Result<&str> {
        std::str::from_utf8(self.read(path)?).map_err(|error| io::Error::other(error.to_string()))
    }
    fn all(&self) -> Vec<&Path> {
        self.paths.iter().map(PathBuf::as_path).collect()
    }
    fn blobs(&self) -> Vec<&[u8]> {
        self.files.values().map(Vec::as_slice).collect()
    }
    fn files(&self) -> BTreeMap<&Path, &[u8]> {
        self.files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect()
    }
    fn checked(&self, path: &Path) -> Result<&[u8], &Path> {
        self.files.get(path).map(Vec::as_slice).ok_or(self.root())
    }
    fn slot(&self, number: usize) -> Option<Option<&[u8]>> {
        Some(self.files.get(self.paths.get(number)?).map(Vec::as_slice).filter(|bytes| bytes.len() < 100))
    }
    fn paths(&self) -> &[PathBuf] {
        &self.paths
    }
    fn slashed(&self, path: &Path) -> Cow<'_, Path> {
        match self.paths.iter().find(|known| *known == path) {
            Some(known) => known.into(),
            None => self.root().join(path).into(),
        }
    }
}

#[test]
fn bytes_and_paths_come_back_owned() {
    let (here, there) = (Memory::new(), remote(VfsWorker(Memory::new())));
    alike!(here, there => root(), all(), blobs(), files(), paths());
    alike!(here, there => find(OsStr::new("c")), find(OsStr::new("d")), slot(0), slot(2), slot(3));
    for path in ["/", "/a/b.txt", "/c", "x"].map(Path::new) {
        alike!(here, there =>
            name(path), read(path), read_text(path), checked(path), slashed(path));
    }
    let _: (PathBuf, Vec<PathBuf>, Vec<Vec<u8>>) =
        (there.root().unwrap(), there.all().unwrap(), there.blobs().unwrap());
    let _: (io::Result<OsString>, Result<Vec<u8>, PathBuf>) =
        (there.name(Path::new("/c")).unwrap(), there.checked(Path::new("/c")).unwrap());
}
