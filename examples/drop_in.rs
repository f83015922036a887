//! A worker in the place of a value: code that was written for the trait runs on a remote one unchanged.
//!
//! ```sh
//! cargo run --release --example drop_in
//! ```

use std::io;

/// A trait as it might have been there before, and `transparent` beside `worker`: the stub implements it.
#[coproc::worker(transparent)]
trait Archive {
    /// Appends what `bytes` holds; returns how many bytes there are now.
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Fills the buffer from this place on; returns how many bytes there were.
    fn read_at(&self, place: usize, buffer: &mut [u8]) -> io::Result<usize>;
    /// Has no error to return, so somebody has to decide what a failed call gives.
    #[on_failure(0)]
    fn length(&self) -> usize;
    /// A default body runs on the host, over the calls above.
    fn read_to_end(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.length()];
        let read = self.read_at(0, &mut bytes)?;
        bytes.truncate(read);
        Ok(bytes)
    }
}

/// An archive in memory.
#[derive(Default)]
struct Memory(Vec<u8>);

impl Archive for Memory {
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "nothing to append"));
        }
        self.0.extend_from_slice(bytes);
        Ok(self.0.len())
    }
    fn read_at(&self, place: usize, buffer: &mut [u8]) -> io::Result<usize> {
        let from = self.0.get(place..).unwrap_or_default();
        let length = from.len().min(buffer.len());
        buffer[..length].copy_from_slice(&from[..length]);
        Ok(length)
    }
    fn length(&self) -> usize {
        self.0.len()
    }
}

/// Knows nothing of workers.
fn use_it(archive: &mut dyn Archive) -> io::Result<()> {
    archive.append(b"to be ")?;
    archive.append(b"or not")?;
    println!("  {}", String::from_utf8_lossy(&archive.read_to_end()?));
    println!("  {}", archive.append(b"").unwrap_err());
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use coproc::Stub;

    let entry = coproc::entry("archive", |()| ArchiveWorker(Memory::default()));
    println!("Here:");
    use_it(&mut Memory::default())?;
    println!("In another process:");
    let mut archive = entry.start(())?;
    use_it(&mut archive)?;
    archive.kill()?;
    println!("Killed:");
    println!("  {:?}", use_it(&mut archive).unwrap_err().kind());
    println!("  {} bytes", Archive::length(&archive));
    Ok(())
}
