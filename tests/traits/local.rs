//! `#[local]` keeps a method out of the messages: generic ones, closures, iterators, trait objects, `Self` by value.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};
use std::io;

use serde::{Deserialize, Serialize};

use crate::{remote, same};

/// As a database, with what cannot cross beside what can.
#[coproc::worker]
trait Table: Send {
    type Row: Clone + Display;

    fn get(&self, id: u32) -> Option<Self::Row>;
    fn put(&mut self, id: u32, row: &Self::Row) -> bool;
    fn ids(&self) -> Vec<u32>;
    #[local]
    fn each(&self, with: &mut dyn FnMut(u32, Self::Row));
    #[local]
    fn write_to<W: Write>(&self, writer: &mut W) -> fmt::Result
    where
        Self: Sized,
    {
        self.ids().into_iter().filter_map(|id| self.get(id)).try_for_each(|row| write!(writer, "{row};"))
    }
    #[local]
    fn rows(&self) -> Box<dyn Iterator<Item = Self::Row> + '_> {
        Box::new(self.ids().into_iter().filter_map(|id| self.get(id)))
    }
    #[local]
    fn with(mut self, id: u32, row: Self::Row) -> Self
    where
        Self: Sized,
    {
        self.put(id, &row);
        self
    }
    #[local]
    fn sort_by(&mut self, by: fn(&Self::Row, &Self::Row) -> std::cmp::Ordering);
    #[local]
    fn first_mut(&mut self) -> Option<&mut Self::Row>;
    #[local]
    fn boxed() -> Box<dyn Table<Row = Self::Row>>
    where
        Self: Default + Sized + 'static,
    {
        Box::new(Self::default())
    }
}

#[derive(Default)]
struct Memory(BTreeMap<u32, String>);

impl Table for Memory {
    type Row = String;

    fn get(&self, id: u32) -> Option<String> {
        self.0.get(&id).cloned()
    }
    fn put(&mut self, id: u32, row: &String) -> bool {
        self.0.insert(id, row.clone()).is_none()
    }
    fn ids(&self) -> Vec<u32> {
        self.0.keys().copied().collect()
    }
    fn each(&self, with: &mut dyn FnMut(u32, String)) {
        self.0.iter().for_each(|(id, row)| with(*id, row.clone()));
    }
    fn sort_by(&mut self, by: fn(&String, &String) -> std::cmp::Ordering) {
        let mut rows: Vec<_> = std::mem::take(&mut self.0).into_values().collect();
        rows.sort_by(by);
        self.0 = (0..).zip(rows).collect();
    }
    fn first_mut(&mut self) -> Option<&mut String> {
        self.0.values_mut().next()
    }
}

#[test]
fn what_stays_does_not_hinder_what_crosses() {
    let mut here = Memory::default().with(3, "c".to_owned());
    let there = remote(TableWorker(Memory::default().with(3, "c".to_owned())));
    same!(here, there =>
        put(1, &"a".to_owned()), put(1, &"b".to_owned()), get(1), get(2), ids());
    // In place, all of them are there.
    here.sort_by(|one, other| other.cmp(one));
    here.first_mut().unwrap().push('!');
    let mut seen = Vec::new();
    here.each(&mut |id, row| seen.push((id, row)));
    assert_eq!(seen, [(0, "c!".to_owned()), (1, "b".to_owned())]);
    let mut text = String::new();
    here.write_to(&mut text).unwrap();
    assert_eq!((text.as_str(), here.rows().count()), ("c!;b;", 2));
    assert!(Memory::boxed().rows().next().is_none());
}

/// An error of the user's, which a failure of the worker becomes.
#[derive(Serialize, Deserialize, Debug)]
struct Lost(String);

impl From<coproc::Error> for Lost {
    fn from(error: coproc::Error) -> Lost {
        Lost(error.to_string())
    }
}

/// Where the stub implements the trait, it runs them on the host, over remote calls.
#[coproc::worker(transparent)]
trait Blobs {
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;
    fn names(&self) -> Result<Vec<String>, Lost>;
    #[local]
    fn update<T>(&mut self, name: &str, with: impl FnOnce(&mut Vec<u8>) -> T) -> io::Result<T>
    where
        Self: Sized,
    {
        let mut bytes = self.read(name)?;
        let value = with(&mut bytes);
        self.write(name, &bytes)?;
        Ok(value)
    }
    #[local]
    fn all<'b>(&'b self) -> Box<dyn Iterator<Item = io::Result<Vec<u8>>> + 'b> {
        match self.names() {
            Ok(names) => Box::new(names.into_iter().map(|name| self.read(&name))),
            Err(Lost(reason)) => Box::new(std::iter::once(Err(io::Error::other(reason)))),
        }
    }
    #[local]
    fn copy_to(&self, other: &mut dyn Blobs) -> io::Result<usize> {
        let names = self.names().map_err(|Lost(reason)| io::Error::other(reason))?;
        names.iter().try_for_each(|name| other.write(name, &self.read(name)?))?;
        Ok(names.len())
    }
    #[local]
    fn map<B: Blobs>(self, with: impl FnOnce(Self) -> B) -> B
    where
        Self: Sized,
    {
        with(self)
    }
    #[local]
    fn kind() -> &'static str
    where
        Self: Sized,
    {
        "blobs"
    }
}

#[derive(Default)]
struct Named(BTreeMap<String, Vec<u8>>);

impl Blobs for Named {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.0.get(name).cloned().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, name))
    }
    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        if name.is_empty() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        self.0.insert(name.to_owned(), bytes.to_owned());
        Ok(())
    }
    fn names(&self) -> Result<Vec<String>, Lost> {
        Ok(self.0.keys().cloned().collect())
    }
    fn kind() -> &'static str {
        "named"
    }
}

/// Runs on any implementation: what it says is the same for each.
fn told<B: Blobs>(mut blobs: B) -> Vec<String> {
    let mut told = Vec::new();
    for (name, bytes) in [("a", &b"one"[..]), ("b", b"two"), ("", b"")] {
        told.push(format!("{:?}", blobs.write(name, bytes)));
    }
    let mut captured = 0;
    for name in ["a", "c"] {
        let updated = blobs.update(name, |bytes| {
            bytes.push(b'!');
            captured += bytes.len();
            bytes.len()
        });
        told.push(format!("{updated:?} {captured}"));
    }
    told.extend(blobs.all().map(|bytes| format!("{bytes:?}")));
    let mut copy = Named::default();
    told.push(format!("{:?} {:?}", blobs.copy_to(&mut copy), copy.0));
    let other = blobs.map(|blobs| Named::from_iter([("names", blobs.names().unwrap().concat())]));
    told.push(format!("{:?}", other.0));
    told
}

impl FromIterator<(&'static str, String)> for Named {
    fn from_iter<I: IntoIterator<Item = (&'static str, String)>>(all: I) -> Named {
        Named(all.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect())
    }
}

#[test]
fn what_stays_runs_over_remote_calls() {
    assert_eq!(told(remote(BlobsWorker(Named::default()))), told(Named::default()));
    assert_eq!((BlobsHost::kind(), Named::kind()), ("blobs", "named"));
    let (mut there, source) =
        (remote(BlobsWorker(Named::default())), Named::from_iter([("x", "y".to_owned())]));
    assert_eq!(source.copy_to(&mut there).unwrap(), 1);
    assert_eq!(Blobs::read(&there, "x").unwrap(), b"y");
}
