//! A buffer that a thread encodes its messages into, kept for the next one.

use std::cell::Cell;

/// Bytes of a buffer that is kept: more than small messages take.
const MOST_KEPT: usize = 64 << 10;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Runs something with an empty buffer.
pub(super) fn with<T>(run: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    // Taken, for a value's `Serialize` may make a call itself.
    let mut buffer = SCRATCH.try_with(Cell::take).unwrap_or_default();
    let value = run(&mut buffer);
    if buffer.capacity() <= MOST_KEPT {
        buffer.clear();
        let _ = SCRATCH.try_with(|scratch| scratch.set(buffer));
    }
    value
}
