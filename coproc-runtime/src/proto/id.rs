//! Request ids and priorities.

use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

/// The number that a request carries and its reply repeats; unique for one sender.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RequestId(pub(super) u64);

impl RequestId {
    /// The number on the wire.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How urgent a message is: lower numbers go first, [`Priority::NONE`] goes last, equal ones go in the order sent.
///
/// # Examples
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::proto::Priority;
///
/// assert!(Priority::new(-1) < Priority::new(0));
/// assert!(Priority::new(i32::MAX) < Priority::NONE);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(i64);

impl Priority {
    /// No priority: behind every message that has one.
    pub const NONE: Priority = Priority(i64::MAX);

    /// Before every message of a user: what keeps a conversation in order (errors, cancellations).
    pub(super) const FIRST: Priority = Priority(i64::MIN);

    /// The priority of this level; lower levels go first.
    #[must_use]
    pub const fn new(level: i32) -> Self {
        Priority(level as i64)
    }

    /// The level, if there is one.
    #[must_use]
    pub fn level(self) -> Option<i32> {
        i32::try_from(self.0).ok()
    }
}

impl Default for Priority {
    fn default() -> Self {
        Priority::NONE
    }
}

impl From<i32> for Priority {
    fn from(level: i32) -> Self {
        Priority::new(level)
    }
}

impl From<Option<i32>> for Priority {
    fn from(level: Option<i32>) -> Self {
        level.map_or(Priority::NONE, Priority::new)
    }
}

impl fmt::Debug for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Priority::NONE => f.write_str("Priority(none)"),
            Priority::FIRST => f.write_str("Priority(first)"),
            Priority(level) => write!(f, "Priority({level})"),
        }
    }
}

/// Hashes ids that are made here and so need no defence against a chosen key: one multiplication.
#[derive(Default)]
pub(super) struct IdHasher(u64);

pub(super) type IdHash = BuildHasherDefault<IdHasher>;

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        // Fibonacci hashing (Knuth, TAOCP 6.4): 2^64 divided by the golden ratio spreads consecutive ids.
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
