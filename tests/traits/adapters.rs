//! A transparent stub behind an adapter is what the standard library takes: `Read`, `Seek`, `Iterator`, `Hasher`.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom, Write};

use crate::remote;

/// A file as a worker offers it.
#[coproc::worker(transparent)]
trait Device {
    fn pull(&mut self, buffer: &mut [u8]) -> io::Result<usize>;
    fn push(&mut self, buffer: &[u8]) -> io::Result<usize>;
    fn position(&mut self, to: Option<u64>, by: i64) -> io::Result<u64>;
}

impl Device for Cursor<Vec<u8>> {
    fn pull(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read(buffer)
    }
    fn push(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.write(&buffer[..buffer.len().min(5)])
    }
    fn position(&mut self, to: Option<u64>, by: i64) -> io::Result<u64> {
        self.seek(to.map_or(SeekFrom::Current(by), SeekFrom::Start))
    }
}

struct File<D>(D);

impl<D: Device> Read for File<D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.pull(buffer)
    }
}

impl<D: Device> Write for File<D> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.push(buffer)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<D: Device> Seek for File<D> {
    fn seek(&mut self, from: SeekFrom) -> io::Result<u64> {
        match from {
            SeekFrom::Start(to) => self.0.position(Some(to), 0),
            SeekFrom::Current(by) => self.0.position(None, by),
            SeekFrom::End(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

/// What a program does with a file, and what is in it then.
fn told(device: impl Device) -> io::Result<(Vec<String>, String, io::ErrorKind)> {
    let mut file = File(device);
    file.write_all(b"to be or not to be\nthat is\n\nthe question")?;
    file.rewind()?;
    let lines = BufReader::with_capacity(7, &mut file).lines().collect::<Result<_, _>>()?;
    file.seek(SeekFrom::Start(3))?;
    let mut text = String::new();
    (&mut file).take(2).read_to_string(&mut text)?;
    file.seek_relative(4)?;
    let mut bytes = Vec::new();
    io::copy(&mut (&mut file).take(3), &mut bytes)?;
    text.extend(bytes.into_iter().map(char::from));
    file.read_to_string(&mut text)?;
    let past = file.seek(SeekFrom::Current(-100)).err().map_or(io::ErrorKind::Other, |error| error.kind());
    Ok((lines, text, past))
}

#[test]
fn a_device_is_a_file() {
    let expected = told(Cursor::new(Vec::new())).unwrap();
    assert_eq!(expected.0.len(), 4);
    assert_eq!(told(remote(DeviceWorker(Cursor::new(Vec::new())))).unwrap(), expected);
}

/// An iterator over what a worker finds.
#[coproc::worker(transparent, on_failure = default)]
trait Search: Clone {
    type Hit: Ord;

    fn advance(&mut self) -> Option<Self::Hit>;
    #[remote]
    fn advance_by(&mut self, count: usize) -> Vec<Self::Hit> {
        (0..count).map_while(|_| self.advance()).collect()
    }
    fn hint(&self) -> (usize, Option<usize>) {
        (0, None)
    }
    #[local]
    fn hits(self) -> Hits<Self>
    where
        Self: Sized,
    {
        Hits(self)
    }
}

struct Hits<S>(S);

impl<S: Search> Iterator for Hits<S> {
    type Item = S::Hit;

    fn next(&mut self) -> Option<S::Hit> {
        self.0.advance()
    }
    fn nth(&mut self, n: usize) -> Option<S::Hit> {
        self.0.advance_by(n + 1).into_iter().nth(n)
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.hint()
    }
}

#[derive(Clone)]
struct Squares(u64);

impl Search for Squares {
    type Hit = (u64, String);

    fn advance(&mut self) -> Option<(u64, String)> {
        self.0 = self.0.checked_sub(1)?;
        Some((self.0 * self.0, format!("{}²", self.0)))
    }
}

#[test]
fn a_search_is_an_iterator() {
    fn told(search: impl Search<Hit = (u64, String)>) -> Vec<(u64, String)> {
        let mut hits = search.hits();
        let mut told: Vec<_> = hits.by_ref().take(2).collect();
        told.extend(hits.nth(3));
        told.extend(hits.by_ref().step_by(2).filter(|(square, _)| square % 2 == 0).max());
        assert_eq!((hits.next(), hits.size_hint()), (None, (0, None)));
        told
    }
    assert_eq!(told(remote(SearchWorker(Squares(12)))), told(Squares(12)));
}

/// Bytes go in without an answer.
#[coproc::worker(transparent, on_failure = panic)]
trait Digest {
    #[norequest]
    fn update(&mut self, bytes: &[u8]);
    fn digest(&self) -> [u8; 8];
    fn digest_into(&mut self, output: &mut [u8; 8], reset: bool);
    #[local]
    fn chain(&mut self, bytes: &[u8]) -> &mut Self
    where
        Self: Sized,
    {
        self.update(bytes);
        self
    }
}

#[derive(Default)]
struct Standard(DefaultHasher);

impl Digest for Standard {
    fn update(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }
    fn digest(&self) -> [u8; 8] {
        self.0.finish().to_le_bytes()
    }
    fn digest_into(&mut self, output: &mut [u8; 8], reset: bool) {
        let digest = self.digest();
        output.iter_mut().zip(digest).for_each(|(output, byte)| *output ^= byte);
        if reset {
            *self = Standard::default();
        }
    }
}

struct AsHasher<D>(D);

impl<D: Digest> Hasher for AsHasher<D> {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
    fn finish(&self) -> u64 {
        u64::from_le_bytes(self.0.digest())
    }
}

#[test]
fn a_digest_is_a_hasher() {
    fn told(digest: impl Digest) -> (u64, [u8; 8], [u8; 8]) {
        let mut hasher = AsHasher(digest);
        ("text", vec![1_u8, 2], Some('c'), [7_u64; 4]).hash(&mut hasher);
        let hash = hasher.finish();
        let (mut first, mut second) = ([0xff; 8], [0; 8]);
        hasher.0.chain(b"more").chain(b"").digest_into(&mut first, true);
        hasher.0.chain(b"again").digest_into(&mut second, false);
        (hash, first, second)
    }
    assert_eq!(told(remote(DigestWorker(Standard::default()))), told(Standard::default()));
}
