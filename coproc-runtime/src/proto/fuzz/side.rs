//! One side of a conversation: makes the calls of a script, and knows what has to come of them.

use std::collections::HashSet;
use std::iter;

use super::item::Item;
use super::script::{CHANNELS, Script};
use crate::proto::{
    Addressee, ChannelId, Message, MessageKind, Peer, RequestId, SendRefused, Special, Terms, Ticket,
};

/// A peer, and what is known of it from the calls that were made.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) peer: Peer,
    serves: bool,
    /// What the other side has still to take, as it will find it.
    pub(super) sent: Vec<(Ticket, Item)>,
    tickets: Vec<(Ticket, Item)>,
    /// Requests of this side that have no end yet.
    open: Vec<Open>,
    /// How many of those had a reply that was thrown away, by channel.
    lost: [u64; 4],
    /// Requests of this side that were cancelled.
    pub(super) given_up: HashSet<RequestId>,
    /// Requests of the other side that were taken and not answered, the oldest first.
    owed: Vec<Message>,
    /// All requests of the other side that were taken.
    taken: HashSet<RequestId>,
    answered: Vec<Message>,
}

#[derive(Debug)]
struct Open {
    id: RequestId,
    channel: ChannelId,
    addressee: Addressee,
}

/// Stands for the id of a norequest, which only the other side learns.
const NO_ID: RequestId = RequestId(0);

impl Side {
    pub(super) fn new(peer: Peer, serves: bool) -> Self {
        Side {
            peer,
            serves,
            sent: Vec::new(),
            tickets: Vec::new(),
            open: Vec::new(),
            lost: Default::default(),
            given_up: HashSet::new(),
            owed: Vec::new(),
            taken: HashSet::new(),
            answered: Vec::new(),
        }
    }

    /// Makes one call; what it took.
    pub(super) fn call(&mut self, script: &mut Script<'_>) -> Option<Item> {
        match script.index(13) {
            0 => self.send_norequest(script),
            1 | 2 => self.send_request(script),
            3 | 4 => self.answer(script),
            5 => self.send_special(script),
            6 => self.cancel(RequestId(script.byte().into())),
            7 => self.take_back(script),
            8 => return self.take(&script.pick(&CHANNELS)),
            9 => return self.take_reply_on(&script.pick(&CHANNELS)),
            10 => return self.take_reply(RequestId(script.byte().into())),
            11 => self.lose_interest(script),
            _ => return self.peer.take_special().map(Item::Special),
        }
        None
    }

    /// Takes all that has come on the channels that calls are made on.
    pub(super) fn take_all(&mut self) -> Vec<Item> {
        let mut taken = Vec::new();
        for channel in &CHANNELS {
            taken.extend(iter::from_fn(|| self.take(channel)));
        }
        for id in self.open.iter().map(|open| open.id).collect::<Vec<_>>() {
            taken.extend(self.take_reply(id));
        }
        taken.extend(iter::from_fn(|| self.peer.take_special()).map(Item::Special));
        taken
    }

    /// Answers all that is owed.
    pub(super) fn answer_all(&mut self) {
        while !self.owed.is_empty() {
            self.answer(&mut Script(&[]));
        }
        // Where ids come twice, or answers are given by mistake, the peer may owe another one of them than this side thinks.
        for id in self.taken.drain() {
            let _ = self.peer.send_reply_to(id, MessageKind::Reply, None, &mut Vec::new());
        }
    }

    /// Throws away all that has come.
    pub(super) fn discard_input(&mut self) {
        self.open.retain(|open| !self.peer.has_reply(open.id));
        for (channel, lost) in CHANNELS.iter().zip(&mut self.lost) {
            *lost += self.peer.available_replies(channel) as u64;
        }
        self.peer.discard_input();
        assert_eq!(self.peer.available_anywhere(), 0);
    }

    /// Whether the other side may drop it before it is taken.
    pub(super) fn may_be_dropped(&self, item: &Item) -> bool {
        matches!(item, Item::Message(message) if message.kind == MessageKind::Request
            && (message.terms.deadline.is_some() || self.given_up.contains(&message.id)))
    }

    /// Takes note that the other side has dropped a request whose time was over: what it says instead of an answer.
    pub(super) fn drop_expired(&mut self, item: &Item) {
        let is_dropped = |sent: &Item| match (sent, item) {
            (Item::Message(request), Item::Message(end)) => {
                request.kind == MessageKind::Request
                    && request.id == end.id
                    && request.terms.deadline.is_some()
            }
            _ => false,
        };
        let at = self.sent.iter().position(|(_, sent)| is_dropped(sent));
        assert!(
            matches!(item, Item::Message(end) if end.kind == MessageKind::Cancelled && at.is_some()),
            "{item:?}"
        );
        drop(self.sent.remove(at.unwrap()));
    }

    /// Whether a request of this side has no end yet.
    pub(super) fn is_waiting(&self) -> bool {
        !self.open.is_empty()
    }

    /// What holds between any two calls.
    pub(super) fn check(&self) {
        let mut available = self.peer.queued_together() + usize::from(self.peer.has_special());
        for (channel, lost) in CHANNELS.iter().zip(self.lost) {
            let open = || self.open.iter().filter(|open| open.channel == *channel);
            let addressed = open().filter(|open| open.addressee == Addressee::Channel).count() as u64 - lost;
            let counters = self.peer.counters(channel);
            assert_eq!(counters.remaining, open().count() as u64 - lost);
            assert_eq!(self.peer.expected(channel), addressed);
            assert!(self.peer.available_replies(channel) as u64 <= addressed);
            available += self.peer.available(channel);
        }
        assert!(available <= self.peer.available_anywhere());
    }

    fn send_norequest(&mut self, script: &mut Script<'_>) {
        let (channel, priority, payload) = (script.pick(&CHANNELS), script.priority(), script.payload());
        let terms = Terms { deadline: None, ..script.terms() };
        let outcome = given_parted(&payload, |payload, tail| {
            self.peer.send_norequest_with(&channel, priority, terms.delivery, payload, tail)
        });
        if let Ok(ticket) = outcome {
            let kind = MessageKind::NoRequest;
            let message = Message { kind, channel, priority, id: NO_ID, terms, payload: payload.into() };
            self.note(ticket, Item::Message(message));
        }
    }

    fn send_request(&mut self, script: &mut Script<'_>) {
        let (channel, priority, payload) = (script.pick(&CHANNELS), script.priority(), script.payload());
        let terms = script.terms();
        let addressee = script.pick(&[Addressee::Channel, Addressee::Caller]);
        let outcome = given_parted(&payload, |payload, tail| {
            self.peer.send_request_with(&channel, priority, terms, addressee, payload, tail)
        });
        if let Ok((id, ticket)) = outcome {
            self.open.push(Open { id, channel: channel.clone(), addressee });
            let message =
                Message { kind: MessageKind::Request, channel, priority, id, terms, payload: payload.into() };
            self.note(ticket, Item::Message(message));
        }
    }

    fn answer(&mut self, script: &mut Script<'_>) {
        if self.owed.is_empty() {
            return;
        }
        let mut at = script.index(self.owed.len());
        let (given_priority, payload) = (script.flag().then(|| script.priority()), script.payload());
        let mut kind = script.pick(&[MessageKind::Reply, MessageKind::Failure]);
        let oldest = script.flag() && !self.serves;
        if oldest {
            at = self.owed.iter().position(|request| request.channel == self.owed[at].channel).unwrap();
            kind = MessageKind::Reply;
        }
        let request = self.owed.remove(at);
        let mut priority = given_priority.unwrap_or(request.priority);
        let outcome = if self.serves {
            priority = request.priority;
            if !self.peer.is_wanted(request.id) {
                kind = MessageKind::Cancelled;
            }
            given_parted(&payload, |payload, tail| self.peer.answer_with(request.id, kind, payload, tail))
        } else {
            given(&payload, |payload| match oldest {
                true => self.peer.send_reply(&request.channel, given_priority, payload),
                false => self.peer.send_reply_to(request.id, kind, given_priority, payload),
            })
        };
        match outcome {
            Ok(ticket) => {
                let Message { id, ref channel, .. } = request;
                let payload = if kind == MessageKind::Cancelled { Vec::new() } else { payload };
                let message = Message {
                    kind,
                    channel: channel.clone(),
                    priority,
                    id,
                    terms: Terms::default(),
                    payload: payload.into(),
                };
                self.note(ticket, Item::Message(message));
                self.answered.push(request);
            }
            Err(SendRefused::MessageTooLong { .. }) => self.owed.insert(at, request),
            // Another request has the same id: the other side is none of ours.
            Err(_) => {}
        }
    }

    fn send_special(&mut self, script: &mut Script<'_>) {
        if script.flag() {
            let ticket = self.peer.send_close_request();
            self.note(ticket, Item::Special(Special::CloseRequest));
            return;
        }
        let payload = script.payload();
        if let Ok(ticket) = given(&payload, |payload| self.peer.send_error(payload)) {
            self.note(ticket, Item::Special(Special::Error(payload.into())));
        }
    }

    fn cancel(&mut self, id: RequestId) {
        let open = self.open.iter().position(|open| open.id == id);
        let remaining = |side: &Self| open.map(|at| side.peer.counters(&side.open[at].channel).remaining);
        let before = remaining(self);
        self.peer.cancel(id);
        let after = remaining(self);
        if let Some(at) = open {
            if after < before {
                self.open.remove(at);
                self.given_up.insert(id);
            } else {
                assert_eq!(self.open[at].addressee, Addressee::Channel, "its reply waits on the channel");
            }
        }
    }

    /// Lets time pass, or gives up what is to be answered.
    fn lose_interest(&mut self, script: &mut Script<'_>) {
        if script.flag() {
            self.peer.handle_time(script.moment());
        } else if !self.owed.is_empty() {
            let request = self.owed[script.index(self.owed.len())].id;
            self.peer.give_up(request);
        }
    }

    fn take_back(&mut self, script: &mut Script<'_>) {
        if self.tickets.is_empty() {
            return;
        }
        let (ticket, item) = script.pick(&self.tickets);
        let written = self.peer.is_written(&mut ticket.clone());
        if !self.peer.take_back(ticket) {
            return;
        }
        assert!(!written, "it has left");
        let at = self.sent.iter().position(|(sent, _)| *sent == ticket).expect("taken back twice");
        drop(self.sent.remove(at));
        let Item::Message(message) = item else { return };
        match message.kind {
            MessageKind::NoRequest => {}
            MessageKind::Request => self.open.retain(|open| open.id != message.id),
            _ => {
                let at = self.answered.iter().rposition(|request| request.id == message.id).unwrap();
                self.owed.insert(0, self.answered.remove(at));
            }
        }
    }

    fn take(&mut self, channel: &ChannelId) -> Option<Item> {
        let next = self.peer.peek_next().cloned();
        let message = self.peer.take_next();
        assert_eq!(message, next);
        let message = message.or_else(|| self.peer.take(channel))?;
        Some(self.took(message))
    }

    fn take_reply_on(&mut self, channel: &ChannelId) -> Option<Item> {
        let available = self.peer.available_replies(channel);
        let message = self.peer.take_reply_on(channel);
        assert_eq!(message.is_some(), available > 0);
        message.map(|message| self.took(message))
    }

    fn take_reply(&mut self, id: RequestId) -> Option<Item> {
        let available = self.peer.has_reply(id);
        let message = self.peer.take_reply(id);
        assert_eq!(message.is_some(), available);
        message.map(|message| self.took(message))
    }

    fn took(&mut self, mut message: Message) -> Item {
        match message.kind {
            MessageKind::NoRequest => message.id = NO_ID,
            MessageKind::Request => {
                self.taken.insert(message.id);
                self.owed.push(message.clone());
            }
            _ => {
                let at = self.open.iter().position(|open| open.id == message.id).expect("a second end");
                assert_eq!(self.open.remove(at).channel, message.channel);
            }
        }
        Item::Message(message)
    }

    fn note(&mut self, ticket: Ticket, item: Item) {
        self.sent.push((ticket, item.clone()));
        self.tickets.push((ticket, item));
    }
}

/// Sends a payload, which is taken or left as it was.
fn given<T>(
    payload: &[u8],
    send: impl FnOnce(&mut Vec<u8>) -> Result<T, SendRefused>,
) -> Result<T, SendRefused> {
    let mut given = payload.to_vec();
    let outcome = send(&mut given);
    assert_eq!(given, if outcome.is_ok() { &[] } else { payload });
    outcome
}

/// The same of a payload whose end may be a tail, as its first byte says.
fn given_parted<T>(
    payload: &[u8],
    send: impl FnOnce(&mut Vec<u8>, &mut Vec<u8>) -> Result<T, SendRefused>,
) -> Result<T, SendRefused> {
    let head = match payload.first() {
        Some(first) if first % 2 == 1 => payload.len().min(usize::from(first / 2 % 16)),
        _ => payload.len(),
    };
    let (head, tail) = payload.split_at(head);
    given(head, |head| send(head, &mut tail.to_vec()))
}
