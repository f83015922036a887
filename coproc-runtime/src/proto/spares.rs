//! Buffers of payloads that are done with, for those that come.

/// Bytes that are kept in all: about what one read brings.
const MOST: usize = 128 << 10;

/// Bytes of a buffer that serves payloads of any length; a larger one has to be filled by half, for its message may stay in a
/// queue.
const HANDY: usize = 4 << 10;

/// Buffers of payloads that are done with, for those that come: no allocation for each.
#[derive(Debug, Default)]
pub(super) struct Spares {
    buffers: Vec<Vec<u8>>,
    bytes: usize,
}

impl Spares {
    pub(super) fn is_empty(&self) -> bool {
        self.buffers.is_empty()
    }

    /// Takes a buffer, if it is of any use, and leaves none.
    pub(super) fn add(&mut self, buffer: &mut Vec<u8>) {
        if buffer.capacity() > 0 && self.bytes + buffer.capacity() <= MOST {
            self.bytes += buffer.capacity();
            self.buffers.push(std::mem::take(buffer));
        }
    }

    /// A buffer with a copy of these bytes.
    pub(super) fn copy(&mut self, bytes: &[u8]) -> Vec<u8> {
        let buffer = self.buffers.pop().unwrap_or_default();
        self.bytes -= buffer.capacity();
        // One that is too small or too large is let go: its size is out of use.
        let is_handy = buffer.capacity() <= HANDY.max(bytes.len().saturating_mul(2));
        let mut buffer = if is_handy { buffer } else { Vec::new() };
        buffer.clear();
        buffer.extend_from_slice(bytes);
        buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_kept_than_that() {
        let mut spares = Spares::default();
        for length in (0..1000).chain([MOST]) {
            spares.add(&mut vec![0; length]);
        }
        assert!(
            spares.bytes <= MOST && spares.buffers.iter().map(Vec::capacity).sum::<usize>() == spares.bytes
        );
        while !spares.is_empty() {
            assert_eq!(spares.copy(b"some"), b"some");
        }
        assert_eq!(spares.bytes, 0);
    }
}
