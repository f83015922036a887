//! Out-arguments as readers and devices have them: changed in the worker, carried back into the caller's place.

use std::convert::identity;
use std::io::{self, Read, Seek, SeekFrom, Write};

use coproc::Stub;
use serde::{Deserialize, Serialize};

use crate::remote;

/// Calls a method with a place to change, in place and through a worker, and compares both results and both places.
macro_rules! changes_alike {
    ($here:expr, $there:expr, $told:path => $($method:ident(&mut $place:expr $(, $argument:expr)*)),* $(,)?) => {$({
        let (mut here, mut there) = ($place, $place);
        let returned = $there.$method(&mut there $(, $argument)*).unwrap();
        let expected = $here.$method(&mut here $(, $argument)*);
        assert_eq!($told(returned), $told(expected), stringify!($method));
        assert_eq!(there, here, stringify!($method));
    })*};
}

pub(crate) use changes_alike;

/// An error as people see it.
fn shown<T>(outcome: io::Result<T>) -> Result<T, (io::ErrorKind, String)> {
    outcome.map_err(|error| (error.kind(), error.to_string()))
}

/// `Read`, `Write` and `Seek` in one.
#[coproc::worker]
trait File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;
    fn read_to_end(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize>;
    fn read_to_string(&mut self, buffer: &mut String) -> io::Result<usize>;
    fn read_exact(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        match self.read(buffer)? {
            length if length == buffer.len() => Ok(()),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
    fn read_vectored(&mut self, buffers: &mut [Vec<u8>]) -> io::Result<usize>;
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize>;
    fn seek(&mut self, position: &mut u64, from: bool) -> io::Result<u64>;
}

struct Memory(io::Cursor<Vec<u8>>);

impl Memory {
    fn new() -> Memory {
        Memory(io::Cursor::new(b"0123456789".to_vec()))
    }
}

impl File for Memory {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
    fn read_to_end(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        self.0.read_to_end(buffer)
    }
    fn read_to_string(&mut self, buffer: &mut String) -> io::Result<usize> {
        self.0.read_to_string(buffer)
    }
    fn read_vectored(&mut self, buffers: &mut [Vec<u8>]) -> io::Result<usize> {
        buffers.iter_mut().map(|buffer| self.0.read(buffer)).sum()
    }
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.write(buffer)
    }
    fn seek(&mut self, position: &mut u64, from_end: bool) -> io::Result<u64> {
        let from = if from_end { SeekFrom::End(-(*position as i64)) } else { SeekFrom::Start(*position) };
        *position = self.0.seek(from)?;
        Ok(self.0.get_ref().len() as u64)
    }
}

fn files_are_read(there: &FileHost) {
    let mut here = Memory::new();
    changes_alike!(here, there, shown =>
        read(&mut [7_u8; 3]),
        read(&mut [7_u8; 0]),
        read_to_end(&mut vec![1, 2]),
        read(&mut [7_u8; 3]),
        read_exact(&mut [7_u8; 3]),
        seek(&mut 4_u64, false),
        read_to_string(&mut "> ".to_owned()),
        seek(&mut 100_u64, true),
        seek(&mut 6_u64, true),
        read_vectored(&mut [vec![0; 4], vec![], vec![0; 4]]),
        read_exact(&mut [0_u8; 2]),
    );
    assert_eq!(there.write(&[0xff; 4]).unwrap().unwrap(), here.write(&[0xff; 4]).unwrap());
    changes_alike!(here, there, shown =>
        seek(&mut 0_u64, false),
        // It isn't UTF-8: nothing is added.
        read_to_string(&mut "> ".to_owned()),
    );
}

#[test]
fn a_file_fills_buffers() {
    let there = remote(FileWorker(Memory::new()));
    files_are_read(&there);
    there.seek(&mut 8, false).unwrap().unwrap();
    let mut buffer = [9; 4];
    let later = [there.start().read(&buffer), there.start().read(&buffer)];
    let [first, second] = later.map(|call| call.wait().unwrap());
    assert_eq!((first.0.unwrap(), first.1), (4, b"89\xff\xff".to_vec()));
    assert_eq!((second.0.unwrap(), second.1), (2, vec![0xff, 0xff, 9, 9]));
    assert_eq!(buffer, [9; 4]);
    assert_eq!(there.read(&mut buffer[1..3]).unwrap().unwrap(), 0);
}

fn file() -> coproc::Entry<FileHost, Vec<u8>> {
    coproc::test_entry("changed::file_worker", |content| FileWorker(Memory(io::Cursor::new(content))))
}

#[test]
fn file_worker() {
    let _ = file();
}

#[test]
fn a_file_in_a_process_fills_buffers() {
    files_are_read(&file().start(b"0123456789".to_vec()).unwrap());
}

/// As a device behind a bus: words are changed in place.
#[coproc::worker]
trait SpiBus<Word: Copy + 'static = u8> {
    type Error;

    fn transfer(&mut self, read: &mut [Word], write: &[Word]) -> Result<(), Self::Error>;
    fn transfer_in_place(&mut self, words: &mut [Word]) -> Result<(), Self::Error>;
    fn transaction(&mut self, operations: &mut [Operation<Word>]) -> Result<u32, Self::Error> {
        let mut count = 0;
        for operation in operations {
            count += 1;
            match operation {
                Operation::Read(words) | Operation::Transfer(words) => self.transfer_in_place(words)?,
                Operation::Wait(nanoseconds) => *nanoseconds = 0,
            }
        }
        Ok(count)
    }
    fn flush(&mut self) -> Result<(), Self::Error>;
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
enum Operation<Word> {
    Read(Vec<Word>),
    Transfer(Vec<Word>),
    Wait(u32),
}

#[derive(Default)]
struct Loopback {
    last: u16,
    open: bool,
}

impl SpiBus<u16> for Loopback {
    type Error = String;

    fn transfer(&mut self, read: &mut [u16], write: &[u16]) -> Result<(), String> {
        read.iter_mut()
            .zip(write)
            .for_each(|(read, write)| *read = std::mem::replace(&mut self.last, *write));
        if read.len() == write.len() { Ok(()) } else { Err(format!("{} words lack", read.len())) }
    }
    fn transfer_in_place(&mut self, words: &mut [u16]) -> Result<(), String> {
        words.iter_mut().for_each(|word| std::mem::swap(word, &mut self.last));
        self.open = !self.open;
        if self.open { Ok(()) } else { Err("closed".to_owned()) }
    }
    fn flush(&mut self) -> Result<(), String> {
        self.last = 0;
        Ok(())
    }
}

#[test]
fn words_are_changed_in_place() {
    let (mut here, there) = (Loopback::default(), remote(SpiBusWorker(Loopback::default())));
    let operations = [Operation::Transfer(vec![1, 2, 3]), Operation::Wait(9), Operation::Read(vec![0; 2])];
    changes_alike!(here, there, identity =>
        transfer(&mut [0; 3], &[1, 2, 3]),
        transfer(&mut [0; 1], &[1, 2]),
        transfer_in_place(&mut [7; 4]),
        // Fails in the middle: what was changed until then is changed.
        transaction(&mut operations.clone()),
        transaction(&mut operations[..1].to_vec()),
        transaction(&mut []),
    );
    assert_eq!(there.flush().unwrap(), here.flush());
}
