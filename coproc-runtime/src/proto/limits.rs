//! The two budgets that keep the other side from filling this one's memory.

/// A limit, or one that a fuzzer reaches with few bytes.
pub(super) const fn limit(limit: usize, fuzzing: usize) -> usize {
    if cfg!(fuzzing) { fuzzing } else { limit }
}

/// How much may be queued: bytes of payload and count of messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Bytes of payload, each message counted with [`Budget::OVERHEAD`] more.
    pub bytes: u64,
    /// Count of messages.
    pub messages: u64,
}

impl Budget {
    /// What a queued message costs beside its payload, in bytes; near what its entry in a queue takes.
    pub const OVERHEAD: u64 = 128;

    /// For replies to one's own requests, a GiB and 4,194,304 messages: they were asked for, so the bound only has to end a
    /// runaway.
    pub const REPLIES: Budget = Budget { bytes: 1 << 30, messages: 4 << 20 };

    /// For what nobody asked for, 64 MiB and 65,536 messages: small enough that 16 hostile workers fit into a GiB.
    pub const UNSOLICITED: Budget = Budget { bytes: 64 << 20, messages: 64 << 10 };
}

/// What one side is ready to hold.
///
/// Past a budget a side stops reading, and the pipe holds the other side back; nothing is dropped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// For replies to one's own outstanding requests.
    pub replies: Budget,
    /// For requests and norequests of the other side.
    pub unsolicited: Budget,
    /// The longest single message, in bytes, a GiB in each of the constants; a longer one is a fault of the other side.
    pub message: u64,
    /// The same for requests and norequests of the other side.
    pub unsolicited_message: u64,
}

impl Limits {
    /// Of a bare pair of messengers, whose two sides trust each other: the generous budget for everything.
    pub const PAIR: Limits = Limits {
        replies: Budget::REPLIES,
        unsolicited: Budget::REPLIES,
        message: Budget::REPLIES.bytes,
        unsolicited_message: Budget::REPLIES.bytes,
    };

    /// Of a host, which trusts no worker.
    ///
    /// A worker can have its host hold as much as `unsolicited` that nobody asked for; with nothing of it to be taken, an
    /// `unsolicited_message` more, in parts of messages; and the addresses of as many requests again that were taken and not
    /// answered: less than 200 MiB. Replies come to requests only, and are the caller's to bound, by `replies`.
    pub const HOST: Limits = Limits {
        unsolicited: Budget::UNSOLICITED,
        unsolicited_message: Budget::UNSOLICITED.bytes,
        ..Limits::PAIR
    };

    /// Of a worker: it trusts its host, but lets no more than this be sent ahead of it.
    pub const WORKER: Limits = Limits { unsolicited: Budget::UNSOLICITED, ..Limits::PAIR };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::PAIR
    }
}

/// What is held at the moment, against a budget.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Account {
    pub(super) bytes: u64,
    pub(super) messages: u64,
}

impl Account {
    #[inline]
    pub(super) fn add(&mut self, payload: usize) {
        self.bytes = self.bytes.saturating_add(payload as u64 + Budget::OVERHEAD);
        self.messages = self.messages.saturating_add(1);
    }

    #[inline]
    pub(super) fn remove(&mut self, payload: usize) {
        self.bytes = self.bytes.saturating_sub(payload as u64 + Budget::OVERHEAD);
        self.messages = self.messages.saturating_sub(1);
    }

    pub(super) fn is_empty(self) -> bool {
        self.messages == 0
    }

    pub(super) fn reaches(self, budget: Budget, extra_bytes: u64) -> bool {
        self.bytes.saturating_add(extra_bytes) >= budget.bytes || self.messages >= budget.messages
    }
}
