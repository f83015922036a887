//! Drop-in: code that was written for the trait runs on a remote implementation of it unchanged.

use std::cell::Cell;
use std::fmt;
use std::io;
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};

use serde::{Deserialize, Serialize};

use crate::remote;

/// An error that has a place for the failure of a worker.
#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
enum StorageError {
    ReadOnly,
    TooLarge { most: usize },
    Gone(String),
}

impl From<coproc::Error> for StorageError {
    fn from(error: coproc::Error) -> Self {
        StorageError::Gone(format!("{:?}", error.kind()))
    }
}

impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        StorageError::Gone(format!("{:?}", error.kind()))
    }
}

type Stored<T> = Result<T, StorageError>;

/// A storage with what others are built of it. `Debug` and `Send + Sync + 'static` hold for the stub as well.
#[coproc::worker(transparent)]
trait Storage: fmt::Debug + Send + Sync + 'static {
    fn read(&self, key: &str) -> Stored<Option<Vec<u8>>>;
    fn write(&mut self, key: &str, value: &[u8]) -> Stored<()>;
    fn keys(&self, prefix: Option<&str>) -> io::Result<Vec<String>>;
    /// What is in the buffer is changed only where the call succeeds.
    fn read_into(&self, key: &str, buffer: &mut Vec<u8>) -> Stored<usize>;
    /// Runs on the host, over remote calls.
    fn append(&mut self, key: &str, value: &[u8]) -> Stored<usize> {
        let mut all = self.read(key)?.unwrap_or_default();
        all.extend_from_slice(value);
        self.write(key, &all)?;
        RUNS.set(RUNS.get() + 1);
        Ok(all.len())
    }
    /// Runs in the worker, in one call.
    #[remote]
    fn copy(&mut self, from: &str, to: &str) -> Stored<bool> {
        let Some(value) = self.read(from)? else { return Ok(false) };
        self.write(to, &value)?;
        RUNS.set(RUNS.get() + 1);
        Ok(true)
    }
    /// It borrows, and so it runs on the host only.
    fn label(&self) -> &str {
        "storage"
    }
    /// There is no worker to ask.
    fn version() -> u8
    where
        Self: Sized,
    {
        3
    }
}

thread_local! {
    /// How often default bodies have run on this thread.
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

#[derive(Debug, Default)]
struct Memory {
    pairs: Vec<(String, Vec<u8>)>,
    read_only: bool,
}

impl Storage for Memory {
    fn read(&self, key: &str) -> Stored<Option<Vec<u8>>> {
        Ok(self.pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone()))
    }
    fn write(&mut self, key: &str, value: &[u8]) -> Stored<()> {
        match value.len() {
            _ if self.read_only => return Err(StorageError::ReadOnly),
            9.. => return Err(StorageError::TooLarge { most: 8 }),
            _ => self.pairs.retain(|(known, _)| known != key),
        }
        self.pairs.push((key.to_owned(), value.to_owned()));
        Ok(())
    }
    fn keys(&self, prefix: Option<&str>) -> io::Result<Vec<String>> {
        let keys = self.pairs.iter().map(|(key, _)| key).filter(|key| key.starts_with(prefix.unwrap_or("")));
        let keys: Vec<_> = keys.cloned().collect();
        if keys.is_empty() { Err(io::Error::new(io::ErrorKind::NotFound, "no keys")) } else { Ok(keys) }
    }
    fn read_into(&self, key: &str, buffer: &mut Vec<u8>) -> Stored<usize> {
        buffer.extend(self.read(key)?.ok_or(StorageError::ReadOnly)?);
        Ok(buffer.len())
    }
}

/// What a program does with a storage, told in words.
fn use_of(storage: &mut dyn Storage) -> Vec<String> {
    let mut told = vec![format!("{:?}", storage.keys(None)), storage.label().to_owned()];
    for (key, value) in [("a", &b"one"[..]), ("ab", b"two"), ("a", b"much too long"), ("b", b"")] {
        told.push(format!("{:?} {:?}", storage.write(key, value), storage.read(key)));
    }
    told.push(format!("{:?} {:?}", storage.append("a", b"more"), storage.append("a", b"too much")));
    told.push(format!("{:?} {:?}", storage.copy("a", "c"), storage.copy("x", "y")));
    let mut buffer = b"> ".to_vec();
    told.push(format!(
        "{:?} {:?}",
        storage.read_into("ab", &mut buffer),
        storage.read_into("x", &mut buffer)
    ));
    told.push(format!("{buffer:?} {:?} {:?}", storage.keys(Some("a")), storage.keys(Some("x"))));
    told
}

/// Generic code, which keeps what it is given.
struct Cache<S: Storage> {
    storage: S,
    hits: u32,
}

impl<S: Storage> Cache<S> {
    fn get(&mut self, key: &str) -> Stored<Vec<u8>> {
        match self.storage.read(key)? {
            Some(value) => {
                self.hits += 1;
                Ok(value)
            }
            None => {
                self.storage.write(key, key.as_bytes())?;
                Ok(key.into())
            }
        }
    }
}

fn by_value(mut storage: impl Storage) -> Vec<String> {
    use_of(&mut storage)
}

fn there() -> StorageHost {
    remote(StorageWorker(Memory::default()))
}

#[test]
fn code_for_the_trait_takes_the_stub() {
    let expected = use_of(&mut Memory::default());
    assert_eq!(by_value(there()), expected);
    assert_eq!(use_of(&mut there()), expected);
    let mut boxed: Vec<Box<dyn Storage>> = vec![Box::new(Memory::default()), Box::new(there())];
    for storage in &mut boxed {
        assert_eq!(use_of(&mut **storage), expected);
    }
    let shared: Arc<Mutex<dyn Storage>> = Arc::new(Mutex::new(there()));
    assert_eq!(use_of(&mut *shared.lock().unwrap()), expected);
    let shared: Arc<RwLock<dyn Storage>> = shared_with_a_thread(there());
    assert_eq!(shared.read().unwrap().read("key").unwrap(), Some(b"here".to_vec()));
    assert_eq!((<StorageHost as Storage>::version(), Memory::version()), (3, 3));
}

fn shared_with_a_thread(storage: impl Storage) -> Arc<RwLock<dyn Storage>> {
    let shared: Arc<RwLock<dyn Storage>> = Arc::new(RwLock::new(storage));
    let other = Arc::clone(&shared);
    std::thread::spawn(move || other.write().unwrap().append("key", b"here").unwrap()).join().unwrap();
    shared
}

#[test]
fn generic_code_keeps_the_stub() {
    fn told(storage: impl Storage) -> String {
        let mut cache = Cache { storage, hits: 0 };
        let told = ["a", "a", "too long a key", "b"].map(|key| cache.get(key));
        format!("{told:?} {}", cache.hits)
    }
    assert_eq!(told(there()), told(Memory::default()));
}

#[test]
fn default_bodies_run_on_the_host_unless_they_are_remote() {
    fn runs(storage: &mut dyn Storage) -> (u32, u32) {
        let before = RUNS.get();
        storage.append("a", b"b").unwrap();
        let appended = RUNS.get() - before;
        assert!(storage.copy("a", "c").unwrap());
        (appended, RUNS.get() - before - appended)
    }
    assert_eq!(runs(&mut Memory::default()), (1, 1));
    assert_eq!(runs(&mut there()), (1, 0));
    // By its own name, the stub's method calls the worker for each.
    let there = there();
    assert_eq!(there.append("a", b"b").unwrap(), Ok(1));
    assert_eq!((RUNS.get(), there.label().unwrap().as_str(), there.version().unwrap()), (3, "storage", 3));
}

/// The author's own trait above it: it is not a service, and the user says what the stub is called.
trait Named {
    const KIND: &'static str;

    fn name(&self) -> String;
}

trait Priced: Named {
    fn price(&self) -> u32 {
        self.name().len() as u32
    }
}

#[coproc::worker(transparent, on_failure = panic)]
trait Plugin: Priced + Clone + PartialEq<u32> {
    fn run(&mut self, argument: i64, by: &[Option<&str>]) -> i64;
    fn described(&self) -> String {
        format!("{} {} {}", Self::KIND, self.name(), self.price())
    }
    #[local]
    fn run_twice(&mut self, argument: i64) -> (i64, Self)
    where
        Self: Sized,
    {
        (self.run(argument, &[]) + self.run(argument, &[None, Some("x")]), self.clone())
    }
}

#[derive(Clone)]
struct Adder {
    sum: Rc<Cell<i64>>,
}

impl Named for Adder {
    const KIND: &'static str = "plugin";

    fn name(&self) -> String {
        "adder".to_owned()
    }
}

impl Named for PluginHost {
    const KIND: &'static str = "plugin";

    fn name(&self) -> String {
        "adder".to_owned()
    }
}

impl<T: Named> Priced for T {}

impl PartialEq<u32> for Adder {
    fn eq(&self, other: &u32) -> bool {
        self.price() == *other
    }
}

impl PartialEq<u32> for PluginHost {
    fn eq(&self, other: &u32) -> bool {
        self.price() == *other
    }
}

impl Plugin for Adder {
    fn run(&mut self, argument: i64, by: &[Option<&str>]) -> i64 {
        self.sum.set(self.sum.get() + argument + by.len() as i64);
        self.sum.get()
    }
}

#[test]
fn the_user_gives_the_stub_what_stands_above_the_trait() {
    fn told(mut plugin: impl Plugin) -> (String, i64, i64, bool) {
        let (sum, mut again) = plugin.run_twice(20);
        (plugin.described(), sum, again.run(1, &[Some("y")]), plugin == 5)
    }
    let there = coproc::in_thread(|| PluginWorker(Adder { sum: Rc::default() })).unwrap();
    assert_eq!(told(there), told(Adder { sum: Rc::default() }));
}
