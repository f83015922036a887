//! Large buffers, kept to be used again: a fresh one costs as much in page faults as its trip through the pipe.

use std::hint;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::sync::Instant;

/// From so many bytes on a buffer is worth keeping: smaller ones an allocator has at hand.
pub(crate) const LARGE: usize = 64 << 10;

/// Bytes that a process keeps at most: a call of 16 MiB there and back, and another one.
const MOST: usize = 64 << 20;

/// Buffers that a process keeps at most.
const MOST_BUFFERS: usize = 16;

/// How long buffers are kept that nobody uses, as long as some thread of the process waits for messages and looks after them.
const IDLE: Duration = Duration::from_secs(1);

/// Bytes of the stack of a thread that does nothing but give memory back.
const STACK: usize = 64 << 10;

static KEPT: Mutex<Kept> = Mutex::new(Kept { buffers: Vec::new(), bytes: 0, used: None });

/// Whether there are any: most processes have none, and need no lock to learn so.
static ANY: AtomicBool = AtomicBool::new(false);

/// Whether the allocator is still to be told, once there are large messages.
static TO_BE_TOLD: AtomicBool = AtomicBool::new(false);

/// An allocation of so many bytes, once freed, has glibc's allocator keep what is freed from then on: up to that size nothing has
/// pages of its own, and the kernel gets back only what is free beyond twice as much (`mallopt(3)`, `M_MMAP_THRESHOLD`). It is
/// nearly the largest that has this effect.
const LESSON: usize = (32 << 20) - (64 << 10);

/// Has this process, which is a worker's, keep the memory of large values too, once there are any: what methods take and return
/// is allocated anew in each call.
pub(crate) fn keep_heap() {
    TO_BE_TOLD.store(true, Ordering::Relaxed);
}

/// Keeps a buffer that is not needed any more, if it is worth it.
pub(crate) fn keep(buffer: Vec<u8>) {
    // The model checker's clock is another one.
    if buffer.capacity() < LARGE || cfg!(shuttle) {
        return;
    }
    if TO_BE_TOLD.swap(false, Ordering::Relaxed) {
        teach();
    }
    if buffer.capacity() > MOST { let_go(buffer) } else { with(|kept| kept.add(buffer)) }
}

/// Has the allocator keep what is freed from now on.
fn teach() {
    // No page of it is touched; any other allocator sees an allocation come and go. A worker that may not have as much goes without.
    let mut lesson = Vec::<u8>::new();
    let _ = lesson.try_reserve_exact(LESSON);
    drop(hint::black_box(lesson));
}

/// The same of one that a user has made, and will make again: an allocator that has it back has it at hand for that. So it is
/// kept only where none of its size is.
pub(crate) fn keep_first(buffer: Vec<u8>) {
    let is_first = with(|kept| kept.fitting(buffer.len()).is_none());
    if is_first {
        keep(buffer);
    }
}

/// A buffer for so many bytes, if one is kept; what it holds is of no meaning.
pub(crate) fn take(bytes: usize) -> Option<Vec<u8>> {
    if bytes < LARGE || !ANY.load(Ordering::Relaxed) {
        return None;
    }
    with(|kept| kept.take(bytes))
}

/// Makes room for `more` bytes behind those of `into`.
pub(crate) fn reserve(into: &mut Vec<u8>, more: usize) {
    let bytes = into.len().saturating_add(more);
    if bytes <= into.capacity() {
        return;
    }
    match take(bytes) {
        Some(mut buffer) => {
            buffer.clear();
            buffer.extend_from_slice(into);
            keep(std::mem::replace(into, buffer));
        }
        None => into.reserve(more),
    }
}

/// Lets go what nobody has used for a while; when there will be more to let go, if anything is left.
pub(crate) fn release_idle() -> Option<Instant> {
    if !ANY.load(Ordering::Relaxed) {
        return None;
    }
    with(|kept| {
        let moment = kept.used? + IDLE;
        if moment > Instant::now() {
            return Some(moment);
        }
        *kept = Kept { buffers: Vec::new(), bytes: 0, used: None };
        None
    })
}

/// Gives the memory of a huge buffer back, which takes the kernel so long that a more urgent call would have to wait for it: 20 ms
/// for 256 MiB. It has no place here, where it would drive out all others.
fn let_go(buffer: Vec<u8>) {
    // Where there can be no other thread, this one does it.
    let _ = thread::Builder::new().stack_size(STACK).spawn(move || drop(buffer));
}

fn with<T>(change: impl FnOnce(&mut Kept) -> T) -> T {
    let mut kept: MutexGuard<'_, Kept> = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let outcome = change(&mut kept);
    ANY.store(!kept.buffers.is_empty(), Ordering::Relaxed);
    outcome
}

#[derive(Debug)]
struct Kept {
    /// The one that was used last stands last.
    buffers: Vec<Vec<u8>>,
    bytes: usize,
    used: Option<Instant>,
}

impl Kept {
    /// The smallest that is large enough, but none of which half would be of no use; of equal ones the one that was used last.
    fn fitting(&self, bytes: usize) -> Option<usize> {
        let fits = |buffer: &Vec<u8>| (bytes..=bytes.saturating_mul(2)).contains(&buffer.capacity());
        let fitting = self.buffers.iter().enumerate().rev().filter(|(_, buffer)| fits(buffer));
        Some(fitting.min_by_key(|(_, buffer)| buffer.capacity())?.0)
    }

    fn add(&mut self, buffer: Vec<u8>) {
        self.used = Some(Instant::now());
        self.bytes += buffer.capacity();
        self.buffers.push(buffer);
        while self.bytes > MOST || self.buffers.len() > MOST_BUFFERS {
            self.bytes -= self.buffers.remove(0).capacity();
        }
    }

    fn take(&mut self, bytes: usize) -> Option<Vec<u8>> {
        let buffer = self.buffers.remove(self.fitting(bytes)?);
        self.bytes -= buffer.capacity();
        self.used = Some(Instant::now());
        Some(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_too_large_is_not_kept() {
        keep(Vec::with_capacity(MOST + 1));
        assert!(take(MOST + 1).is_none());
    }

    #[test]
    fn what_is_kept_fits_and_is_bounded() {
        let mut kept = Kept { buffers: Vec::new(), bytes: 0, used: None };
        for mebibytes in 1..=20 {
            kept.add(Vec::with_capacity(mebibytes << 20));
        }
        assert!(kept.bytes <= MOST && kept.buffers.len() <= MOST_BUFFERS);
        assert!(kept.take(4 << 20).is_none(), "what fits was used too long ago");
        let largest = kept.take(20 << 20).unwrap();
        assert!(kept.take(20 << 20).is_none());
        kept.add(largest);
        assert_eq!(kept.take(11 << 20).unwrap().capacity(), 18 << 20);
        assert_eq!(kept.bytes, kept.buffers.iter().map(Vec::capacity).sum());
    }
}
