//! How much a pipe holds: more where large messages go through it, as far as the user may.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::system::{self, End};

/// Bytes that a wide pipe holds: the most that a user without privileges may ask for (`pipe(7)`, `pipe-max-size`).
pub(crate) const WIDE: usize = 1 << 20;

/// Bytes that the wide pipes of this process hold in all: a quarter of what those of a user without privileges may hold, past
/// which new ones are as small as two pages (`pipe(7)`, `pipe-user-pages-soft`).
const MOST: usize = 16 << 20;

/// Bytes that they may hold now.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// What was done about the width of a pipe.
#[derive(Debug, Default)]
pub(super) struct Width {
    is_taken: AtomicBool,
    /// The kernel won't have it.
    is_refused: AtomicBool,
}

impl Width {
    /// Widens a pipe that so many bytes do not fit into, if that can be; how much it holds then, if it is one.
    pub(super) fn widen(&self, end: &End, bytes: usize) -> Option<usize> {
        let size = system::pipe_size(end)?;
        if bytes <= size || size >= WIDE || self.is_refused.load(Ordering::Relaxed) || !take() {
            return Some(size);
        }
        let wide = system::set_pipe_size(end, WIDE);
        self.is_taken.store(wide.is_ok(), Ordering::Relaxed);
        self.is_refused.store(wide.is_err(), Ordering::Relaxed);
        if wide.is_err() {
            give_back();
        }
        Some(wide.unwrap_or(size))
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
