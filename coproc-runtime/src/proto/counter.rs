//! What has passed on a channel, counted.

/// The counters of one channel, since the messenger was made.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct Counters {
    /// Requests sent.
    pub requests_sent: u64,
    /// Replies taken by a receive call, failures among them.
    pub replies_received: u64,
    /// Messages sent: norequests, requests and replies.
    pub messages_sent: u64,
    /// Messages taken by a receive call: norequests, requests and replies.
    pub messages_received: u64,
    /// Requests sent whose reply has not been taken yet, cancelled ones apart.
    pub remaining: u64,
}
