//! The service that is called.

use crate::contender::Tree;

/// What the bench calls.
#[coproc::worker]
pub(crate) trait Service {
    /// The next number.
    fn add(&self, number: u64) -> u64;
    /// Counts; nothing is sent back.
    #[norequest]
    fn note(&mut self, number: u64);
    /// How many notes there were since the last time.
    fn noted(&mut self) -> u64;
    /// Gives the bytes back.
    fn bytes(&self, bytes: &[u8]) -> Vec<u8>;
    /// Gives the bytes back, without a copy of its own.
    fn owned(&self, bytes: Vec<u8>) -> Vec<u8>;
    /// Gives the numbers back.
    fn numbers(&self, numbers: &[f64]) -> Vec<f64>;
    /// Gives the text back.
    fn text(&self, text: &str) -> String;
    /// Gives the tree back.
    fn tree(&self, tree: Tree) -> Tree;
    /// Sleeps.
    fn rest(&self, milliseconds: u64);
    /// Makes a reply of so many bytes ready.
    fn prepare(&mut self, size: u64);
    /// Gives what is ready.
    fn prepared(&mut self) -> Vec<u8>;
    /// The next number, ahead of others.
    #[priority(0)]
    fn urgent(&self, number: u64) -> u64;
}

/// Its state.
#[derive(Default)]
pub(crate) struct Store {
    notes: u64,
    prepared: Vec<u8>,
}

impl Service for Store {
    fn add(&self, number: u64) -> u64 {
        number + 1
    }

    fn note(&mut self, _: u64) {
        self.notes += 1;
    }

    fn noted(&mut self) -> u64 {
        std::mem::take(&mut self.notes)
    }

    fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        bytes.to_vec()
    }

    fn owned(&self, bytes: Vec<u8>) -> Vec<u8> {
        bytes
    }

    fn numbers(&self, numbers: &[f64]) -> Vec<f64> {
        numbers.to_vec()
    }

    fn text(&self, text: &str) -> String {
        text.to_owned()
    }

    fn tree(&self, tree: Tree) -> Tree {
        tree
    }

    fn rest(&self, milliseconds: u64) {
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
    }

    fn prepare(&mut self, size: u64) {
        self.prepared = vec![1; usize::try_from(size).unwrap_or_default()];
    }

    fn prepared(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.prepared)
    }

    fn urgent(&self, number: u64) -> u64 {
        number + 1
    }
}
