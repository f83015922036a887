//! A service whose every answer can be checked by who asks.

use std::time::Duration;

/// What the soak calls.
#[coproc::worker(panic = "continue")]
pub(crate) trait Soak {
    /// Gives the text back.
    fn echo(&self, text: &str) -> String;
    /// Gives the bytes back, each one changed.
    fn invert(&self, bytes: &[u8]) -> Vec<u8>;
    /// Adds up.
    fn sum(&self, numbers: &[f64]) -> f64;
    /// Divides, or says why not.
    fn divide(&self, dividend: i64, divisor: i64) -> Result<i64, String>;
    /// Adds an entry to the ledger of a caller; nothing is sent back.
    #[norequest]
    fn note(&mut self, caller: u64, entry: u64);
    /// The ledger of a caller, which is empty then.
    fn ledger(&mut self, caller: u64) -> Vec<u64>;
    /// Gives the number back, ahead of others.
    #[priority(-1)]
    fn urgent(&self, number: u64) -> u64;
    /// Works until nobody waits any more, but not for ever.
    fn work(&self);
    /// Panics with the text.
    fn panic(&self, text: &str);
    /// Exits with the code.
    fn exit(&self, code: i32);
}

/// The ledgers of all callers.
#[derive(Default)]
pub(crate) struct Ledger(std::collections::HashMap<u64, Vec<u64>>);

impl Soak for Ledger {
    fn echo(&self, text: &str) -> String {
        text.into()
    }

    fn invert(&self, bytes: &[u8]) -> Vec<u8> {
        bytes.iter().map(|byte| !byte).collect()
    }

    fn sum(&self, numbers: &[f64]) -> f64 {
        numbers.iter().sum()
    }

    fn divide(&self, dividend: i64, divisor: i64) -> Result<i64, String> {
        dividend.checked_div(divisor).ok_or_else(|| format!("{dividend} by {divisor}"))
    }

    fn note(&mut self, caller: u64, entry: u64) {
        self.0.entry(caller).or_default().push(entry);
    }

    fn ledger(&mut self, caller: u64) -> Vec<u64> {
        self.0.remove(&caller).unwrap_or_default()
    }

    fn urgent(&self, number: u64) -> u64 {
        number
    }

    fn work(&self) {
        for _ in 0..1000 {
            if coproc::cancelled() {
                return;
            }
            std::thread::sleep(Duration::from_micros(500));
        }
    }

    fn panic(&self, text: &str) {
        panic!("{text}");
    }

    fn exit(&self, code: i32) {
        eprintln!("exits with {code}");
        std::process::exit(code);
    }
}
