//! What goes from one side to the other.

use crate::proto::{Message, Special};

/// What one side sends and the other takes.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Item {
    Message(Message),
    Special(Special),
}

impl Item {
    /// Whether it keeps its place ahead of one that was sent later.
    pub(super) fn goes_ahead_of(&self, later: &Item) -> bool {
        match (self, later) {
            (Item::Message(this), Item::Message(later)) => {
                let is_reply = this.kind.is_reply() || later.kind.is_reply();
                !is_reply && this.channel == later.channel && this.priority == later.priority
            }
            (Item::Special(Special::Error(_)), Item::Special(Special::Error(_))) => true,
            _ => false,
        }
    }
}
