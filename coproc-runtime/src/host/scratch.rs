//! A buffer that a thread encodes its messages into, kept for the next one.

use std::cell::Cell;

use crate::proto::Payload;

/// Bytes of a buffer that is kept: more than small messages take.
const MOST_KEPT: usize = 64 << 10;

/// Offers the buffer of a reply, in place of a smaller one.
pub(super) fn offer(payload: Payload) {
    let buffer = payload.into_long();
    if buffer.capacity() > 0 {
        let _ = SCRATCH.try_with(|scratch| {
            let kept = scratch.take();
            scratch.set(if kept.capacity() < buffer.capacity() { buffer } else { kept });
        });
    }
}

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Runs something with an empty buffer.
pub(super) fn with<T>(run: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    // Taken, for a value's `Serialize` may make a call itself.
    let mut buffer = SCRATCH.try_with(Cell::take).unwrap_or_default();
    buffer.clear();
    let value = run(&mut buffer);
    if buffer.capacity() <= MOST_KEPT {
        let _ = SCRATCH.try_with(|scratch| scratch.set(buffer));
    }
    value
}
