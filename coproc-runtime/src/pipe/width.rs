//! How much a pipe holds: more where large messages go through it, as far as the user may.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::system::{self, End};

/// Bytes that a wide pipe holds: the most that a user without privileges may ask for (`pipe(7)`, `pipe-max-size`).
pub(crate) const WIDE: usize = 1 << 20;

/// The same while a huge message is written: what is more urgent waits for all that the pipe holds. Half as much is slower by a
/// tenth.
const NARROW: usize = WIDE / 2;

/// From so many bytes on that are left of it a message is huge: it takes longer than anybody would wait.
const HUGE: usize = 32 << 20;

/// Bytes that the wide pipes of this process hold in all: a quarter of what those of a user without privileges may hold, past
/// which new ones are as small as two pages (`pipe(7)`, `pipe-user-pages-soft`).
const MOST: usize = 16 << 20;

/// Bytes that they may hold now.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// What is known of the width of a pipe.
#[derive(Debug, Default)]
pub(super) struct Width {
    /// Bytes that it holds for good, for it is wide, or the kernel won't have it wider; 0 as long as that is not known.
    settled: AtomicUsize,
    is_taken: AtomicBool,
    is_narrow: AtomicBool,
}

impl Width {
    /// How many bytes the pipe holds, if it is one.
    pub(super) fn size(&self, end: &End) -> Option<usize> {
        match self.settled.load(Ordering::Relaxed) {
            0 => {
                let size = system::pipe_size(end)?;
                if size >= WIDE {
                    self.settled.store(size, Ordering::Relaxed);
                }
                Some(size)
            }
            size => Some(size),
        }
    }

    /// Has a wide pipe hold less while `left` bytes of a huge message are still to be written, until the rest of it fits.
    pub(super) fn adapt(&self, end: &End, left: usize) {
        let was_narrow = self.is_narrow.load(Ordering::Relaxed);
        let is_narrow = left >= HUGE || was_narrow && left >= WIDE;
        if is_narrow == was_narrow || self.settled.load(Ordering::Relaxed) < WIDE && !was_narrow {
            return;
        }
        // It is refused where the pipe holds more now, and may be to grow again.
        let size = system::set_pipe_size(end, if is_narrow { NARROW } else { WIDE });
        if let Ok(size) = size {
            self.settled.store(size, Ordering::Relaxed);
        }
        self.is_narrow.store(is_narrow && size.is_ok(), Ordering::Relaxed);
    }

    /// Widens a pipe that so many bytes do not fit into, if that can be; how much it holds then, if it is one.
    pub(super) fn widen(&self, end: &End, bytes: usize) -> Option<usize> {
        let size = self.size(end)?;
        if bytes <= size || self.settled.load(Ordering::Relaxed) > 0 || !take() {
            return Some(size);
        }
        let wide = system::set_pipe_size(end, WIDE);
        self.is_taken.store(wide.is_ok(), Ordering::Relaxed);
        if wide.is_err() {
            give_back();
        }
        let size = wide.unwrap_or(size);
        self.settled.store(size, Ordering::Relaxed);
        Some(size)
    }
}

impl Drop for Width {
    fn drop(&mut self) {
        if *self.is_taken.get_mut() {
            give_back();
        }
    }
}

fn take() -> bool {
    let more = |taken: usize| taken.checked_add(WIDE).filter(|taken| *taken <= MOST);
    TAKEN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
}

fn give_back() {
    TAKEN.fetch_sub(WIDE, Ordering::Relaxed);
}

#[cfg(all(test, target_os = "linux", not(shuttle)))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_widened_once_and_only_where_something_does_not_fit() {
        let (_read, write) = os_pipe::pipe().unwrap();
        let (end, width) = (End::from(write), Width::default());
        let size = width.size(&end).unwrap();
        assert_eq!(width.widen(&end, size), Some(size));
        assert_eq!(width.settled.load(Ordering::Relaxed), 0, "it may yet be widened");
        let widened = width.widen(&end, size + 1).unwrap();
        // The kernel may refuse it to this user; then that is not asked for again.
        assert!(widened == WIDE || widened == size && !width.is_taken.load(Ordering::Relaxed));
        assert_eq!(width.settled.load(Ordering::Relaxed), widened);
        assert_eq!((width.size(&end), width.widen(&end, 2 * WIDE)), (Some(widened), Some(widened)));
    }

    #[test]
    fn a_wide_pipe_is_narrow_while_a_huge_message_goes_through_it() {
        let (_read, write) = os_pipe::pipe().unwrap();
        let (end, width) = (End::from(write), Width::default());
        width.adapt(&end, HUGE);
        assert!(!width.is_narrow.load(Ordering::Relaxed), "it is not even wide");
        if width.widen(&end, 2 * WIDE) != Some(WIDE) {
            // The kernel refuses it to this user.
            return;
        }
        let sizes = [(HUGE - 1, WIDE), (HUGE, NARROW), (WIDE, NARROW), (WIDE - 1, WIDE), (HUGE - 1, WIDE)];
        for (left, size) in sizes {
            width.adapt(&end, left);
            assert_eq!(width.size(&end), Some(size), "{left} bytes left");
            assert_eq!(system::pipe_size(&end), Some(size));
        }
    }
}
