//! A service of many shapes, and what holds of its messages whatever bytes they are read from: a fuzzer's and tests'.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{CStr, OsStr};
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use coproc::Worker;
use coproc::codec::{self, CodecErrorKind, Reply, Source};
use serde::{Deserialize, Serialize};

#[coproc::worker]
trait Shapes {
    fn text(&mut self, text: &str, maybe: Option<&str>, words: &[&str], owned: String) -> String;
    fn bytes(&self, bytes: &[u8], maybe: Option<&[u8]>, pieces: &[&[u8]], owned: Vec<u8>) -> Option<Vec<u8>>;
    fn names(&self, path: &Path, name: &OsStr, program: &CStr, owned: Vec<PathBuf>) -> Vec<PathBuf>;
    fn integers(&self, small: u8, signed: i16, wide: &u128, wider: i128, not_zero: NonZeroU32)
    -> (u128, i64);
    fn other_numbers(
        &self,
        letter: char,
        truth: bool,
        real: f64,
        single: f32,
        order: Ordering,
    ) -> (char, f32);
    fn slices(&self, numbers: &[u64], lists: &[Vec<i8>], trees: &[&Tree], one: &[u16; 5]) -> Vec<Vec<u64>>;
    fn arrays(&self, long: [u8; 70], grid: &[[char; 3]; 2], none: [u64; 0]) -> [u8; 70];
    fn tuples(&self, pair: (u8, String), nested: &((), (bool, [Option<char>; 3]))) -> (Vec<u8>, PathBuf);
    fn options(&self, maybe: Option<Option<Option<u8>>>, tree: Option<&Tree>) -> Result<Option<bool>, Tree>;
    fn maps(&self, map: BTreeMap<u16, Vec<u8>>, lent: &BTreeMap<&str, &[u8]>) -> BTreeMap<u16, Vec<u8>>;
    fn sets(&self, set: &BTreeSet<(char, u8)>, empty: BTreeSet<()>) -> BTreeMap<(), Tree>;
    fn trees(&mut self, tree: Tree, lent: &Tree, boxed: Box<Tree>) -> Vec<Tree>;
    fn documents(&self, document: &Document, many: Vec<Document>) -> Cow<'_, str>;
    fn empties(&self, units: &[()], empties: Vec<Empty>, unit: ()) -> Vec<Empty>;
    fn times(&self, left: Duration, at: SystemTime, span: &RangeInclusive<i32>, to: SocketAddr) -> Duration;
    fn changed(&mut self, list: &mut Vec<Tree>, numbers: &mut [u32], maybe: Option<&mut String>) -> bool;
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    async fn later(&self, text: &str) -> Result<String, String>;
    #[norequest]
    fn log(&self, level: i8, text: &str, fields: &[(String, Tree)]);
    #[norequest]
    fn forget(&mut self);
}

/// Maps whose order is not that of their entries.
#[coproc::worker]
trait Unordered {
    fn map(&self, map: HashMap<String, Vec<u8>>, lent: &HashMap<&str, u8>) -> HashMap<u8, Tree>;
}

/// A type whose depth the bytes decide.
#[derive(Clone, Serialize, Deserialize)]
enum Tree {
    Leaf,
    Number(i64),
    Deep(Box<Tree>),
    Both(Box<Tree>, Box<Tree>),
    Named { name: String, maybe: Option<Box<Tree>> },
    Many(Vec<Tree>),
    Map(BTreeMap<u8, Tree>),
}

#[derive(Clone, Serialize, Deserialize)]
struct Document {
    #[serde(with = "coproc::carry::path")]
    path: PathBuf,
    #[serde(with = "coproc::carry::bytes")]
    text: Vec<u8>,
    marks: Vec<(u32, Mark)>,
    parent: Option<Box<Document>>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum Mark {
    Bold,
    Colour(u8, u8, u8),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Empty;

macro_rules! crosses {
    ($bytes:ident: $($message:ty),* => $form:expr) => {$(
        if let Ok(message) = codec::decode::<$message>($bytes)
            && let Some(written) = encoded(&message)
        {
            let again = codec::decode::<$message>(&written).unwrap();
            assert_eq!(encoded(&again).map($form), Some(written.clone()).map($form));
        }
    )*};
}
/// Reads any bytes as every message: what can be read can be written, and is read as the same again.
pub(crate) fn codec(bytes: &[u8]) {
    crosses!(bytes: ShapesRequest<'_>, ShapesNoRequest<'_>, ShapesReply => |written| written);
    crosses!(bytes: UnorderedRequest<'_>, UnorderedReply => sorted);
    let mut reply = Reply::default();
    let mut executor = |_future: Pin<&mut (dyn Future<Output = ()> + '_)>| {};
    if ShapesWorker(Echo).request(Source::whole(bytes), &mut reply, &mut executor).is_ok() {
        let reply = std::mem::take(reply.bytes());
        assert_eq!(encoded(&codec::decode::<ShapesReply>(&reply).unwrap()), Some(reply));
    }
    let _ = ShapesWorker(Echo).norequest(Source::whole(bytes), &mut executor);
}

/// A message's bytes; none for more empty elements than so few bytes may stand for.
fn encoded(message: &impl Serialize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    match codec::encode(message, &mut bytes) {
        Ok(()) => Some(bytes),
        Err(error) => {
            assert_eq!(error.kind(), CodecErrorKind::TooManyElements, "{error}");
            None
        }
    }
}

fn sorted(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.sort_unstable();
    bytes
}

/// Returns what it is given.
struct Echo;

impl Shapes for Echo {
    fn text(&mut self, text: &str, maybe: Option<&str>, words: &[&str], owned: String) -> String {
        [text, maybe.unwrap_or_default(), &words.concat(), &owned].concat()
    }
    fn bytes(&self, bytes: &[u8], maybe: Option<&[u8]>, pieces: &[&[u8]], owned: Vec<u8>) -> Option<Vec<u8>> {
        maybe.map(|maybe| [bytes, maybe, &pieces.concat(), &owned].concat())
    }
    fn names(&self, path: &Path, name: &OsStr, program: &CStr, mut owned: Vec<PathBuf>) -> Vec<PathBuf> {
        owned.push(path.join(name).join(program.to_string_lossy().as_ref()));
        owned
    }
    fn integers(&self, small: u8, signed: i16, wide: &u128, _: i128, not_zero: NonZeroU32) -> (u128, i64) {
        (wide / u128::from(not_zero.get()), i64::from(signed) - i64::from(small))
    }
    fn other_numbers(&self, letter: char, _: bool, _: f64, single: f32, order: Ordering) -> (char, f32) {
        if order == Ordering::Less { (letter, single) } else { ('\0', f32::NAN) }
    }
    fn slices(&self, numbers: &[u64], lists: &[Vec<i8>], trees: &[&Tree], one: &[u16; 5]) -> Vec<Vec<u64>> {
        vec![numbers.to_vec(), vec![lists.len() as u64, trees.len() as u64], one.map(u64::from).to_vec()]
    }
    fn arrays(&self, long: [u8; 70], _: &[[char; 3]; 2], _: [u64; 0]) -> [u8; 70] {
        long
    }
    fn tuples(&self, pair: (u8, String), _: &((), (bool, [Option<char>; 3]))) -> (Vec<u8>, PathBuf) {
        (vec![pair.0], pair.1.into())
    }
    fn options(&self, maybe: Option<Option<Option<u8>>>, tree: Option<&Tree>) -> Result<Option<bool>, Tree> {
        tree.map_or(Ok(maybe.flatten().map(|maybe| maybe.is_some())), |tree| Err(tree.clone()))
    }
    fn maps(&self, mut map: BTreeMap<u16, Vec<u8>>, lent: &BTreeMap<&str, &[u8]>) -> BTreeMap<u16, Vec<u8>> {
        map.extend(lent.iter().map(|(name, bytes)| (name.len() as u16, bytes.to_vec())));
        map
    }
    fn sets(&self, set: &BTreeSet<(char, u8)>, empty: BTreeSet<()>) -> BTreeMap<(), Tree> {
        empty.into_iter().map(|()| ((), Tree::Number(set.len() as i64))).collect()
    }
    fn trees(&mut self, tree: Tree, lent: &Tree, boxed: Box<Tree>) -> Vec<Tree> {
        vec![tree, lent.clone(), *boxed]
    }
    fn documents(&self, document: &Document, many: Vec<Document>) -> Cow<'_, str> {
        format!("{:?} {}", document.path, many.len()).into()
    }
    fn empties(&self, _: &[()], empties: Vec<Empty>, (): ()) -> Vec<Empty> {
        empties
    }
    fn times(&self, left: Duration, _: SystemTime, _: &RangeInclusive<i32>, _: SocketAddr) -> Duration {
        left
    }
    fn changed(&mut self, list: &mut Vec<Tree>, numbers: &mut [u32], maybe: Option<&mut String>) -> bool {
        list.push(Tree::Leaf);
        numbers.reverse();
        maybe.map(|text| text.push('!')).is_some()
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let name = path.file_name().ok_or(io::ErrorKind::NotFound)?;
        Ok(name.as_encoded_bytes().to_vec())
    }
    async fn later(&self, text: &str) -> Result<String, String> {
        if text.is_empty() { Err("nothing".to_owned()) } else { Ok(text.to_owned()) }
    }
    fn log(&self, _: i8, _: &str, _: &[(String, Tree)]) {}
    fn forget(&mut self) {}
}
