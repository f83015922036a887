//! Requests of the other side that were taken here and not answered yet.

use std::collections::{HashMap, VecDeque};

use crate::proto::limits::{Account, Budget};
use crate::proto::{ChannelId, Message, Priority};

/// What a reply needs of its request.
#[derive(Clone, Debug)]
pub(super) struct Debt {
    pub(super) id: u64,
    pub(super) channel: ChannelId,
    pub(super) priority: Priority,
}

/// Debts by id, and by channel in the order taken.
#[derive(Debug, Default)]
pub(super) struct Owed {
    /// The other side chooses the ids, so the hash must not be one that it knows.
    by_id: HashMap<u64, Debt>,
    /// Ids that were settled by id stay here until they come to the front, or make up half.
    by_channel: HashMap<ChannelId, VecDeque<u64>>,
    account: Account,
}

impl Owed {
    pub(super) fn add(&mut self, request: &Message) {
        if self.by_channel.len() > 64 && self.by_channel.len() > 2 * self.by_id.len() {
            self.forget_channels();
        }
        let debt = Debt { id: request.id.0, channel: request.channel.clone(), priority: request.priority };
        // Only a side that doesn't keep to the rules sends an id once more; it gets one answer.
        if !self.by_id.contains_key(&debt.id) {
            self.by_channel.entry(debt.channel.clone()).or_default().push_back(debt.id);
            self.note(debt);
        }
    }

    /// Owes again what was settled by a reply that never left.
    pub(super) fn put_back(&mut self, debt: Debt) {
        self.by_channel.entry(debt.channel.clone()).or_default().push_front(debt.id);
        self.note(debt);
    }

    pub(super) fn settle(&mut self, id: u64) -> Option<Debt> {
        let debt = self.forget(id)?;
        if let Some(order) = self.by_channel.get_mut(&debt.channel) {
            if order.front() == Some(&id) {
                order.pop_front();
            } else if order.len() > 64 && order.len() > 2 * self.by_id.len() {
                order.retain(|id| self.by_id.contains_key(id));
            }
        }
        Some(debt)
    }

    /// The oldest of a channel.
    pub(super) fn settle_oldest(&mut self, channel: &ChannelId) -> Option<Debt> {
        while let Some(id) = self.by_channel.get_mut(channel)?.pop_front() {
            if let Some(debt) = self.forget(id) {
                return Some(debt);
            }
        }
        None
    }

    /// Whether so much is owed that no more is to be taken on.
    pub(super) fn reaches(&self, budget: Budget) -> bool {
        self.account.reaches(budget, 0)
    }

    fn note(&mut self, debt: Debt) {
        self.account.add(debt.channel.name().len());
        if let Some(same) = self.by_id.insert(debt.id, debt) {
            self.account.remove(same.channel.name().len());
        }
    }

    fn forget(&mut self, id: u64) -> Option<Debt> {
        let debt = self.by_id.remove(&id)?;
        self.account.remove(debt.channel.name().len());
        Some(debt)
    }

    /// Forgets the channels on which nothing is owed.
    fn forget_channels(&mut self) {
        self.by_channel.retain(|_, order| {
            order.retain(|id| self.by_id.contains_key(id));
            !order.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{MessageKind, Payload, RequestId, Terms};

    fn request(id: u64) -> Message {
        Message {
            kind: MessageKind::Request,
            channel: ChannelId::from(id),
            priority: Priority::NONE,
            id: RequestId(id),
            terms: Terms::default(),
            payload: Payload::EMPTY,
        }
    }

    #[test]
    fn channels_on_which_nothing_is_owed_are_forgotten() {
        let mut owed = Owed::default();
        for id in 0..1000 {
            owed.add(&request(id));
            // The first stays owed.
            let settled = if id == 0 { None } else { owed.settle(id) };
            assert_eq!(settled.is_some(), id > 0);
        }
        assert!(owed.by_channel.len() < 100);
        assert!(owed.settle_oldest(&ChannelId::from(0)).is_some());
    }

    #[test]
    fn an_id_that_comes_again_is_owed_once() {
        let mut owed = Owed::default();
        for _ in 0..1000 {
            owed.add(&request(7));
        }
        assert_eq!(owed.by_channel[&ChannelId::from(7)].len(), 1);
        assert!(!owed.reaches(Budget { messages: 2, ..Budget::UNSOLICITED }));
        assert!(owed.settle(7).is_some());
        assert!(owed.settle_oldest(&ChannelId::from(7)).is_none());
    }

    #[test]
    fn what_is_owed_again_beside_the_same_id_counts_once() {
        let mut owed = Owed::default();
        owed.add(&request(7));
        let settled = owed.settle(7).unwrap();
        owed.add(&request(7));
        owed.put_back(settled);
        assert!(owed.settle(7).is_some());
        assert!(owed.account.is_empty());
    }
}
