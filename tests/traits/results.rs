//! Results under every name: those of the standard library, of other crates, and one that is a tuple.

use std::{fmt, io};

use serde::{Deserialize, Serialize};

use crate::{remote, same};

/// What an RPC crate calls its result.
type RpcResult<T> = std::result::Result<T, RpcError>;

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct RpcError {
    code: i32,
    data: Option<Vec<u8>>,
}

/// A node's RPC service; its request type has a lifetime.
#[coproc::worker]
trait EthApi {
    fn block_number(&self) -> RpcResult<u64>;
    fn balance(&self, address: [u8; 20], block: Option<u64>) -> RpcResult<Option<u128>>;
    fn call(&mut self, data: &[u8]) -> RpcResult<Vec<u8>>;
    fn nothing(&mut self, fails: bool) -> RpcResult<()> {
        if fails { self.call(&[]).map(drop) } else { Ok(()) }
    }
    fn both(&self, first: RpcResult<u8>) -> RpcResult<RpcResult<u8>>;
}

struct Node(u64);

impl EthApi for Node {
    fn block_number(&self) -> RpcResult<u64> {
        Ok(self.0)
    }
    fn balance(&self, address: [u8; 20], block: Option<u64>) -> RpcResult<Option<u128>> {
        match block {
            Some(block) if block > self.0 => Err(RpcError { code: -32000, data: None }),
            _ => Ok((address[0] > 0).then_some(u128::MAX)),
        }
    }
    fn call(&mut self, data: &[u8]) -> RpcResult<Vec<u8>> {
        self.0 += 1;
        if data.is_empty() { Err(RpcError { code: 3, data: Some(vec![1, 2]) }) } else { Ok(data.repeat(2)) }
    }
    fn both(&self, first: RpcResult<u8>) -> RpcResult<RpcResult<u8>> {
        Ok(first)
    }
}

#[test]
fn an_rpc_result_crosses() {
    let (mut here, there) = (Node(5), remote(EthApiWorker(Node(5))));
    same!(here, there =>
        block_number(), balance([0; 20], None), balance([1; 20], Some(5)), balance([1; 20], Some(6)),
        call(b"data"), call(&[]), nothing(true), nothing(false), block_number(),
        both(Ok(1)), both(Err(RpcError { code: 0, data: None })),
    );
}

mod store {
    use super::{Deserialize, Serialize, fmt};

    /// A crate's own result, with its own error as a default.
    pub(crate) type Result<T = (), E = Error> = std::result::Result<T, E>;

    #[derive(Serialize, Deserialize, Debug, PartialEq, Eq, Clone)]
    pub(crate) enum Error {
        NotFound { key: String },
        Corrupted(u64, Box<Error>),
        Closed,
    }

    impl fmt::Display for Error {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(formatter, "{self:?}")
        }
    }

    impl std::error::Error for Error {}

    #[coproc::worker]
    pub(crate) trait Engine: Send + 'static {
        fn open(&mut self) -> Result;
        fn get(&self, key: &str) -> Result<Option<Vec<u8>>>;
        fn put(&mut self, key: &str, value: &[u8]) -> self::Result<(), crate::results::store::Error>;
        fn verify(&self, offset: u64) -> Result<(), (u64, Error)>;
        fn get_or_default(&self, key: &str) -> Result<Vec<u8>> {
            match self.get(key) {
                Err(Error::NotFound { .. }) => Ok(Vec::new()),
                found => Ok(found?.unwrap_or_default()),
            }
        }
    }

    impl Engine for Option<Vec<(String, Vec<u8>)>> {
        fn open(&mut self) -> Result {
            match self {
                Some(_) => Err(Error::Corrupted(1, Box::new(Error::Closed))),
                None => {
                    *self = Some(Vec::new());
                    Ok(())
                }
            }
        }
        fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
            let pairs = self.as_ref().ok_or(Error::Closed)?;
            let found = pairs.iter().find(|(known, _)| known == key);
            let (_, value) = found.ok_or_else(|| Error::NotFound { key: key.to_owned() })?;
            Ok((!value.is_empty()).then(|| value.clone()))
        }
        fn put(&mut self, key: &str, value: &[u8]) -> Result<(), Error> {
            self.as_mut().ok_or(Error::Closed)?.push((key.to_owned(), value.to_vec()));
            Ok(())
        }
        fn verify(&self, offset: u64) -> Result<(), (u64, Error)> {
            self.as_ref().map(drop).ok_or((offset, Error::Closed))
        }
    }
}

#[test]
fn a_crates_own_result_crosses() {
    use store::{Engine, EngineWorker};

    let (mut here, there) = (None::<Vec<_>>, remote(EngineWorker(None::<Vec<_>>)));
    same!(here, there =>
        verify(7), get("key"), put("key", b"value"), open(), open(), put("key", b"value"), put("", b""),
        get("key"), get(""), get("none"), get_or_default("none"), get_or_default("key"), verify(7),
    );
}

/// A result that is none: a status beside a value.
type Outcome<T, E = &'static str> = (bool, T, std::marker::PhantomData<fn(E)>);

/// Called like the trait's other names, and a plain type.
type Option_<T> = Vec<T>;

/// Aliases in all places, behind references too.
#[coproc::worker]
trait Registers {
    fn read(&self, register: u8) -> Outcome<u16>;
    fn write(&mut self, register: u8, value: Option_<u16>) -> Outcome<(), String>;
    fn many(&self, registers: &Option_<u8>) -> Option_<Outcome<u16>>;
}

struct Bank([u16; 4]);

impl Registers for Bank {
    fn read(&self, register: u8) -> Outcome<u16> {
        let value = self.0.get(usize::from(register));
        (value.is_some(), value.copied().unwrap_or_default(), std::marker::PhantomData)
    }
    fn write(&mut self, register: u8, value: Option_<u16>) -> Outcome<(), String> {
        let place = self.0.get_mut(usize::from(register)).zip(value.first());
        (place.map(|(place, value)| *place = *value).is_some(), (), std::marker::PhantomData)
    }
    fn many(&self, registers: &Option_<u8>) -> Option_<Outcome<u16>> {
        registers.iter().map(|register| self.read(*register)).collect()
    }
}

#[test]
fn a_result_may_be_a_tuple() {
    let (mut here, there) = (Bank([1, 2, 3, 4]), remote(RegistersWorker(Bank([1, 2, 3, 4]))));
    same!(here, there => read(0), read(4), write(1, vec![7]), write(4, vec![7]), write(0, vec![]), many(&vec![0, 1, 9]));
}

/// `io::Result` under names of one's own.
mod names {
    pub(super) type Io<T> = std::io::Result<T>;
    pub(super) type Either<T> = std::result::Result<T, std::io::Error>;
}

/// A file system.
#[coproc::worker]
trait Vfs {
    fn read(&self, path: &std::path::Path) -> io::Result<Vec<u8>>;
    fn create(&mut self, path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()>;
    fn length(&self, path: &std::path::Path) -> names::Io<Option<u64>>;
    fn remove(&mut self, path: &std::path::Path) -> names::Either<()> {
        self.length(path)?;
        Err(io::Error::other("read-only"))
    }
    fn last_error(&self) -> Option<io::Error>;
    fn raise(&self, code: i32) -> Result<u8, io::Error>;
    fn both(&self, code: i32) -> (i32, io::Error);
}

#[derive(Default)]
struct InMemory(std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>);

impl Vfs for InMemory {
    fn read(&self, path: &std::path::Path) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
    fn create(&mut self, path: &std::path::Path, bytes: &[u8]) -> io::Result<()> {
        match self.0.insert(path.to_owned(), bytes.to_vec()) {
            None => Ok(()),
            Some(_) => {
                Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is there", path.display())))
            }
        }
    }
    fn length(&self, path: &std::path::Path) -> names::Io<Option<u64>> {
        let bytes = self.0.get(path).ok_or(io::Error::from_raw_os_error(2))?;
        Ok((!bytes.is_empty()).then_some(bytes.len() as u64))
    }
    fn last_error(&self) -> Option<io::Error> {
        (!self.0.is_empty()).then(|| io::Error::other(RpcFailure))
    }
    fn raise(&self, code: i32) -> Result<u8, io::Error> {
        if code == 0 { Ok(0) } else { Err(io::Error::from_raw_os_error(code)) }
    }
    fn both(&self, code: i32) -> (i32, io::Error) {
        (code, io::Error::from_raw_os_error(code))
    }
}

#[derive(Debug)]
struct RpcFailure;

impl fmt::Display for RpcFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the far end failed")
    }
}

impl std::error::Error for RpcFailure {}

/// What there is to compare of an error of `std::io`.
fn parts(error: io::Error) -> (io::ErrorKind, Option<i32>, String) {
    (error.kind(), error.raw_os_error(), error.to_string())
}

#[test]
fn errors_of_io_cross() {
    let (mut here, there) = (InMemory::default(), remote(VfsWorker(InMemory::default())));
    let (a, b) = (std::path::Path::new("a"), std::path::Path::new("b"));
    macro_rules! same_parts {
        ($($method:ident($($argument:expr),*)),* $(,)?) => {$(
            let back = there.$method($($argument),*).unwrap();
            assert_eq!(back.map_err(parts), here.$method($($argument),*).map_err(parts), stringify!($method));
        )*};
    }
    assert!(there.last_error().unwrap().is_none() && here.last_error().is_none());
    same_parts!(read(a), create(a, b"bytes"), read(a), create(a, b""), read(a), length(a), create(b, b"b"));
    same_parts!(length(b), length("c".as_ref()), remove(a), remove("c".as_ref()));
    assert_eq!(there.last_error().unwrap().map(parts), here.last_error().map(parts));
    for code in [0, 2, 11, 13, 9999] {
        same_parts!(raise(code));
    }
    let both = |(code, error): (i32, io::Error)| (code, parts(error));
    assert_eq!(both(there.both(13).unwrap()), both(here.both(13)));
}
