//! The last of what a worker has printed.

use std::collections::VecDeque;

/// The last bytes of all that was printed.
#[derive(Clone, Debug)]
pub(super) struct Tail {
    bytes: VecDeque<u8>,
    most: usize,
    /// Something was dropped in front.
    is_cut: bool,
}

impl Tail {
    pub(super) fn new(most: usize) -> Self {
        Tail { bytes: VecDeque::new(), most, is_cut: false }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let kept = bytes.get(bytes.len().saturating_sub(self.most)..).unwrap_or_default();
        let surplus = (self.bytes.len() + kept.len()).saturating_sub(self.most);
        self.is_cut |= surplus > 0 || kept.len() < bytes.len();
        self.bytes.drain(..surplus);
        self.bytes.extend(kept);
    }

    /// What is kept, without the rest of a line whose beginning is not, unless that is all there is.
    pub(super) fn text(&self) -> String {
        let bytes: Vec<u8> = self.bytes.iter().copied().collect();
        let start =
            bytes.iter().position(|byte| self.is_cut && *byte == b'\n').map_or(0, |newline| newline + 1);
        let whole = bytes.get(start..).filter(|whole| !whole.is_empty()).unwrap_or(&bytes);
        String::from_utf8_lossy(whole).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_begins_with_a_line() {
        for step in 1..20 {
            let mut tail = Tail::new(9);
            for piece in b"first\nsecond\nthird\n".chunks(step) {
                tail.push(piece);
            }
            assert_eq!(tail.text(), "third");
        }
        let mut all = Tail::new(100);
        all.push(b"first\nsecond\n");
        assert_eq!(all.text(), "first\nsecond");
        let mut nothing = Tail::new(0);
        nothing.push(b"first\n");
        assert_eq!(nothing.text(), "");
    }
}
