//! Two peers against a plain model: any split, any interleaving, any end, any garbage.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::proto::channel::MAX_CHANNEL_NAME;
use crate::proto::frame::{CHUNK, ChannelField, HEADER, Header, Kind, Part};
use crate::proto::{Budget, Message, MessageKind, Priority, ProtocolError};

/// One message of a script.
#[derive(Clone, Debug)]
struct Sent {
    channel: ChannelId,
    level: Option<i32>,
    payload: Vec<u8>,
    request: bool,
}

fn sent() -> impl Strategy<Value = Sent> {
    let channel = prop_oneof![
        4 => Just(ChannelId::DEFAULT),
        1 => (0u8..2).prop_map(ChannelId::from),
        1 => Just(ChannelId::from("a name")),
        1 => Just(ChannelId::from_bytes(b"\x00bytes")),
    ];
    let size = prop_oneof![8 => 0usize..64, 1 => CHUNK - 2..CHUNK + 2, 1 => CHUNK..5 * CHUNK];
    (channel, prop::option::of(-2i32..2), size, any::<u8>(), any::<bool>()).prop_map(
        |(channel, level, size, byte, request)| Sent { channel, level, payload: vec![byte; size], request },
    )
}

fn pair(order: Order) -> (Peer, Peer) {
    (Peer::new(order, Limits::PAIR), Peer::new(order, Limits::PAIR))
}

fn send(peer: &mut Peer, message: &Sent) {
    let mut payload = message.payload.clone();
    let priority = Priority::from(message.level);
    if message.request {
        let _ =
            peer.send_request(&message.channel, priority, None, Addressee::Channel, &mut payload).unwrap();
    } else {
        let _ = peer.send_norequest(&message.channel, priority, &mut payload).unwrap();
    }
}

/// Carries up to `most` bytes; how many there were.
fn carry(from: &mut Peer, to: &mut Peer, most: usize) -> usize {
    let bytes = from.output();
    let bytes = bytes[..most.min(bytes.len())].to_vec();
    from.wrote(bytes.len());
    to.handle_bytes(&bytes).unwrap();
    bytes.len()
}

fn carry_all(from: &mut Peer, to: &mut Peer) {
    while carry(from, to, usize::MAX) > 0 {}
}

fn output(peer: &mut Peer) -> Vec<u8> {
    let mut all = Vec::new();
    while peer.has_output() {
        let bytes = peer.output().to_vec();
        peer.wrote(bytes.len());
        all.extend(bytes);
    }
    all
}

fn take_all(peer: &mut Peer, channel: &ChannelId) -> Vec<Message> {
    std::iter::from_fn(|| peer.take(channel)).collect()
}

fn channels(script: &[Sent]) -> Vec<ChannelId> {
    let mut channels: Vec<ChannelId> = Vec::new();
    for sent in script {
        if !channels.contains(&sent.channel) {
            channels.push(sent.channel.clone());
        }
    }
    channels
}

proptest! {
    /// The model of a priority messenger: a stable sort of what was sent.
    #[test]
    fn any_split_gives_the_messages_in_order_of_priority(script in prop::collection::vec(sent(), 0..30), cuts in prop::collection::vec(1usize..100_000, 1..50)) {
        let (mut here, mut there) = pair(Order::Priority);
        for message in &script {
            send(&mut here, message);
        }
        let mut cuts = cuts.into_iter().cycle();
        while carry(&mut here, &mut there, cuts.next().unwrap()) > 0 {}
        for channel in channels(&script) {
            let mut expected: Vec<&Sent> = script.iter().filter(|sent| sent.channel == channel).collect();
            expected.sort_by_key(|sent| Priority::from(sent.level));
            prop_assert_eq!(there.available(&channel), expected.len());
            let taken = take_all(&mut there, &channel);
            prop_assert_eq!(taken.len(), expected.len());
            for (message, sent) in taken.iter().zip(expected) {
                prop_assert_eq!(&message.payload, &sent.payload);
                prop_assert_eq!(message.priority, Priority::from(sent.level));
                prop_assert_eq!(message.kind == MessageKind::Request, sent.request);
            }
        }
    }

    #[test]
    fn fifo_keeps_the_order_sent(script in prop::collection::vec(sent(), 0..30), cut in 1usize..100_000) {
        let (mut here, mut there) = pair(Order::Fifo);
        for message in &script {
            send(&mut here, &Sent { level: None, ..message.clone() });
        }
        while carry(&mut here, &mut there, cut) > 0 {}
        for channel in channels(&script) {
            let taken: Vec<Vec<u8>> = take_all(&mut there, &channel).into_iter().map(|m| m.payload).collect();
            let expected: Vec<Vec<u8>> =
                script.iter().filter(|sent| sent.channel == channel).map(|sent| sent.payload.clone()).collect();
            prop_assert_eq!(taken, expected);
        }
    }

    /// Both sides send, take, answer, cancel and carry in any order: nothing is lost or doubled, and the counters agree.
    #[test]
    fn any_interleaving_of_two_peers_loses_and_doubles_nothing(steps in prop::collection::vec((0u8..8, any::<bool>(), sent(), any::<Index>()), 0..120)) {
        let (mut left, mut right) = pair(Order::Priority);
        // By side: requests sent and their fate; norequests sent and taken.
        let mut open: [Vec<RequestId>; 2] = Default::default();
        let mut cancelled = [0u64; 2];
        let mut replies = [0u64; 2];
        let mut norequests = [[0u64; 2]; 2];
        let mut to_answer: [Vec<RequestId>; 2] = Default::default();
        let channel = ChannelId::DEFAULT;
        let take = |peer: &mut Peer, me: usize, norequests: &mut [[u64; 2]; 2], to_answer: &mut [Vec<RequestId>; 2]| {
            while let Some(message) = peer.take(&ChannelId::DEFAULT) {
                match message.kind {
                    MessageKind::NoRequest => norequests[me][1] += 1,
                    MessageKind::Request => to_answer[me].push(message.id),
                    other => panic!("{other:?} is addressed to its caller"),
                }
            }
        };
        for (step, on_the_right, message, index) in steps {
            let me = usize::from(on_the_right);
            let (peer, other) = if on_the_right { (&mut right, &mut left) } else { (&mut left, &mut right) };
            let mut payload = message.payload.clone();
            let priority = Priority::from(message.level);
            match step {
                0 | 1 => {
                    let (id, _) = peer.send_request(&channel, priority, None, Addressee::Caller, &mut payload).unwrap();
                    open[me].push(id);
                }
                2 => {
                    let _ = peer.send_norequest(&channel, priority, &mut payload).unwrap();
                    norequests[me][0] += 1;
                }
                3 => take(peer, me, &mut norequests, &mut to_answer),
                4 => if !to_answer[me].is_empty() {
                    let id = to_answer[me].swap_remove(index.index(to_answer[me].len()));
                    let _ = peer.send_reply_to(id, MessageKind::Reply, None, &mut payload).unwrap();
                    prop_assert_eq!(peer.send_reply_to(id, MessageKind::Reply, None, &mut payload), Err(SendRefused::NotOwed(id)));
                },
                5 => if !open[me].is_empty() {
                    let id = open[me].swap_remove(index.index(open[me].len()));
                    peer.cancel(id);
                    cancelled[me] += 1;
                },
                _ => {
                    carry(peer, other, index.index(200_000) + 1);
                }
            }
            for (me, peer) in [(0, &mut left), (1, &mut right)] {
                open[me].retain(|id| match peer.take_reply(*id) {
                    Some(reply) => {
                        assert_eq!(reply.kind, MessageKind::Reply);
                        replies[me] += 1;
                        false
                    }
                    None => true,
                });
            }
        }
        for _ in 0..4 {
            for (me, peer) in [(0, &mut left), (1, &mut right)] {
                take(peer, me, &mut norequests, &mut to_answer);
                for id in to_answer[me].drain(..) {
                    let _ = peer.send_reply_to(id, MessageKind::Reply, None, &mut vec![1]).unwrap();
                }
            }
            while carry(&mut left, &mut right, usize::MAX) + carry(&mut right, &mut left, usize::MAX) > 0 {}
        }
        for (me, peer) in [(0, &mut left), (1, &mut right)] {
            for id in open[me].drain(..) {
                prop_assert_eq!(peer.take_reply(id).map(|reply| reply.kind), Some(MessageKind::Reply));
                replies[me] += 1;
            }
            let counters = peer.counters(&channel);
            prop_assert_eq!(counters.remaining, 0);
            prop_assert_eq!(counters.replies_received, replies[me]);
            prop_assert_eq!(counters.requests_sent, replies[me] + cancelled[me]);
            prop_assert!(!peer.has_output());
            prop_assert!(peer.replies.is_empty() && peer.unsolicited.is_empty());
        }
        prop_assert_eq!(norequests[0][0], norequests[1][1]);
        prop_assert_eq!(norequests[1][0], norequests[0][1]);
    }

    #[test]
    fn an_end_at_any_byte_keeps_what_was_whole(script in prop::collection::vec(sent(), 1..12), at in any::<Index>(), close: bool) {
        let (mut here, mut there) = pair(Order::Priority);
        let mut stream = Vec::new();
        let mut ends = vec![0];
        for message in &script {
            send(&mut here, message);
            stream.extend(output(&mut here));
            ends.push(stream.len());
        }
        let cut = at.index(stream.len() + 1);
        if close {
            let _ = there.send_close_request();
        }
        there.handle_bytes(&stream[..cut]).unwrap();
        let whole = ends.iter().filter(|end| **end <= cut).count() - 1;
        prop_assert_eq!(there.available_anywhere(), whole);
        let expected = match (ends.contains(&cut), close) {
            (false, _) => End::Truncated,
            (true, true) => End::Closed,
            (true, false) => End::Dropped,
        };
        prop_assert_eq!(there.handle_end(), expected);
        prop_assert!(!there.has_output());
        prop_assert_eq!(there.available_anywhere(), whole);
    }

    /// Valid frames with some bytes changed reach deeper than noise does.
    #[test]
    fn any_garbage_is_a_value_or_an_error(script in prop::collection::vec(sent(), 0..6), noise in prop::collection::vec((any::<Index>(), any::<u8>()), 0..8), tail: Vec<u8>, serving: bool) {
        let (mut here, _) = pair(Order::Priority);
        for message in &script {
            send(&mut here, message);
        }
        let mut stream = output(&mut here);
        for (at, byte) in noise {
            if !stream.is_empty() {
                let at = at.index(stream.len());
                stream[at] = byte;
            }
        }
        stream.extend(&tail);
        let mut there = if serving { Peer::serving(Order::Priority, Limits::HOST) } else { Peer::new(Order::Priority, Limits::HOST) };
        let outcome = there.handle_bytes(&stream);
        if outcome.is_ok() {
            there.handle_end();
        }
        while there.take_next().is_some() || there.take_special().is_some() {}
    }
}

#[test]
fn an_urgent_message_passes_between_two_chunks() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let _ = here.send_norequest(&channel, Priority::new(5), &mut vec![0; 10 * CHUNK]).unwrap();
    carry(&mut here, &mut there, CHUNK);
    let _ = here.send_norequest(&channel, Priority::new(1), &mut vec![1; 3 * CHUNK]).unwrap();
    carry(&mut here, &mut there, CHUNK);
    let _ = here.send_norequest(&channel, Priority::new(0), &mut vec![2]).unwrap();
    let mut order = Vec::new();
    while carry(&mut here, &mut there, 1000) > 0 {
        order.extend(take_all(&mut there, &channel).into_iter().map(|message| message.payload[0]));
    }
    assert_eq!(order, [2, 1, 0]);
}

#[test]
fn a_message_that_was_retracted_whole_never_leaves() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let _ = here.send_norequest(&channel, Priority::NONE, &mut vec![0; 4 * CHUNK]).unwrap();
    let (id, _) = here.send_request(&channel, Priority::NONE, None, Addressee::Caller, &mut vec![1]).unwrap();
    here.cancel(id);
    carry_all(&mut here, &mut there);
    assert_eq!(there.available(&channel), 1);
    assert_eq!(here.counters(&channel).remaining, 0);
}

#[test]
fn a_request_that_is_cancelled_half_way_is_never_seen() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let (id, _) = here
        .send_request(&channel, Priority::NONE, None, Addressee::Caller, &mut vec![1; 9 * CHUNK])
        .unwrap();
    carry(&mut here, &mut there, 2 * CHUNK);
    here.cancel(id);
    carry_all(&mut here, &mut there);
    carry_all(&mut there, &mut here);
    assert_eq!(there.available_anywhere(), 0);
    assert!(there.inbox.is_between_messages());
    assert!(here.outstanding.remove(id.get()).is_none());
}

#[test]
fn a_close_request_goes_behind_and_an_error_ahead() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let _ = here.send_norequest(&channel, Priority::NONE, &mut vec![0; 4 * CHUNK]).unwrap();
    let _ = here.send_close_request();
    let _ = here.send_error(&mut b"late".to_vec()).unwrap();
    let mut seen = Vec::new();
    while carry(&mut here, &mut there, 1000) > 0 {
        while let Some(special) = there.take_special() {
            seen.push((special, there.available(&channel)));
        }
    }
    assert_eq!(seen, [(Special::Error(b"late".to_vec()), 0), (Special::CloseRequest, 1)]);
}

#[test]
fn replies_that_nobody_asked_for_or_twice_are_refused() {
    let channel = ChannelId::DEFAULT;
    let (mut here, mut there) = pair(Order::Priority);
    let (id, _) =
        here.send_request(&channel, Priority::NONE, None, Addressee::Channel, &mut vec![1]).unwrap();
    carry_all(&mut here, &mut there);
    let request = there.take(&channel).unwrap();
    for _ in 0..2 {
        let _ = there.answer(&request, MessageKind::Reply, &mut vec![2]).unwrap();
    }
    let twice = output(&mut there);
    assert_eq!(here.handle_bytes(&twice), Err(ProtocolError::UnexpectedReply(id.get())));
    assert_eq!(here.take(&channel).map(|reply| reply.payload), Some(vec![2]));
}

#[test]
fn replies_go_to_the_oldest_request_taken_and_none_is_an_error() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::from("c");
    let none = Err(SendRefused::NothingToAnswer(channel.clone()));
    for level in [2, 1] {
        let _ = here
            .send_request(&channel, Priority::new(level), None, Addressee::Channel, &mut vec![level as u8])
            .unwrap();
    }
    carry_all(&mut here, &mut there);
    assert_eq!(there.send_reply(&channel, None, &mut vec![]), none);
    assert_eq!(take_all(&mut there, &channel).len(), 2);
    assert_eq!(here.expected(&channel), 2);
    for _ in 0..2 {
        let _ = there.send_reply(&channel, None, &mut vec![9]).unwrap();
    }
    assert_eq!(there.send_reply(&channel, None, &mut vec![]), none);
    carry_all(&mut there, &mut here);
    let levels: Vec<_> = take_all(&mut here, &channel).iter().map(|reply| reply.priority.level()).collect();
    assert_eq!(levels, [Some(1), Some(2)]);
    assert_eq!((here.expected(&channel), here.counters(&channel).remaining), (0, 0));
}

#[test]
fn a_host_that_owes_too_many_replies_reads_on_once_it_has_given_one() {
    let unsolicited = Budget { messages: 2, ..Budget::UNSOLICITED };
    let mut host = Peer::hosting(Order::Fifo, Limits { unsolicited, ..Limits::HOST });
    let mut worker = Peer::new(Order::Fifo, Limits::WORKER);
    for _ in 0..2 {
        send(&mut worker, &Sent { channel: ChannelId::DEFAULT, level: None, payload: vec![], request: true });
        carry_all(&mut worker, &mut host);
        assert!(host.wants_input());
        assert!(host.take(&ChannelId::DEFAULT).is_some());
    }
    assert!(!host.wants_input());
    let _ = host.send_reply(&ChannelId::DEFAULT, None, &mut vec![]).unwrap();
    assert!(host.wants_input());
}

#[test]
fn past_a_budget_reading_stops_until_something_is_taken() {
    let mut limits = Limits::PAIR;
    limits.unsolicited.messages = 3;
    let mut here = Peer::new(Order::Priority, Limits::PAIR);
    let mut there = Peer::new(Order::Priority, limits);
    let channel = ChannelId::DEFAULT;
    for count in 1..=3 {
        assert!(there.wants_input());
        let _ = here.send_norequest(&channel, Priority::NONE, &mut vec![count]).unwrap();
        carry_all(&mut here, &mut there);
    }
    assert!(!there.wants_input());
    assert!(there.take(&channel).is_some());
    assert!(there.wants_input());
}

#[test]
fn a_message_above_the_limit_is_refused_on_both_sides() {
    let mut limits = Limits::PAIR;
    limits.message = 10;
    limits.unsolicited_message = 10;
    let (mut here, _) = pair(Order::Priority);
    let mut there = Peer::new(Order::Priority, limits);
    let channel = ChannelId::DEFAULT;
    let too_long = ProtocolError::MessageTooLong { length: 2 << 20, limit: 10 };
    let _ = here.send_norequest(&channel, Priority::NONE, &mut vec![0; 2 << 20]).unwrap();
    let first = here.output()[..HEADER + 8].to_vec();
    assert_eq!(there.handle_bytes(&first), Err(too_long));
    let refused = there.send_norequest(&channel, Priority::NONE, &mut vec![0; 11]);
    assert_eq!(refused, Err(SendRefused::MessageTooLong { length: 11, limit: 10 }));
}

/// A side with these budgets for what nobody asked for, and one that keeps to nothing.
fn bounded(bytes: u64, messages: u64) -> (Peer, Peer) {
    let mut limits = Limits::HOST;
    limits.unsolicited = Budget { bytes, messages };
    limits.unsolicited_message = bytes;
    (Peer::new(Order::Priority, limits), Peer::new(Order::Priority, Limits::PAIR))
}

#[test]
fn replies_and_other_messages_of_a_channel_keep_one_order() {
    for (order, expected) in [(Order::Fifo, [1, 2, 3, 4]), (Order::Priority, [4, 3, 1, 2])] {
        let (mut here, mut there) = (Peer::new(order, Limits::PAIR), Peer::new(order, Limits::PAIR));
        let channel = ChannelId::DEFAULT;
        for _ in 0..2 {
            let _ =
                here.send_request(&channel, Priority::NONE, None, Addressee::Channel, &mut vec![0]).unwrap();
        }
        carry_all(&mut here, &mut there);
        assert_eq!(take_all(&mut there, &channel).len(), 2);
        let _ = there.send_reply(&channel, None, &mut vec![1]).unwrap();
        carry_all(&mut there, &mut here);
        let _ = there.send_norequest(&channel, Priority::NONE, &mut vec![2]).unwrap();
        carry_all(&mut there, &mut here);
        let _ = there.send_reply(&channel, Some(Priority::new(1)), &mut vec![3]).unwrap();
        carry_all(&mut there, &mut here);
        let _ = there.send_norequest(&channel, Priority::new(0), &mut vec![4]).unwrap();
        carry_all(&mut there, &mut here);
        let taken: Vec<u8> = take_all(&mut here, &channel).iter().map(|message| message.payload[0]).collect();
        assert_eq!(taken, expected, "{order:?}");
    }
}

#[test]
fn a_large_reply_is_not_held_back_by_what_nobody_asked_for() {
    let (mut here, mut there) = bounded(1 << 20, 100);
    let channel = ChannelId::DEFAULT;
    let (id, _) = here.send_request(&channel, Priority::NONE, None, Addressee::Caller, &mut vec![1]).unwrap();
    carry_all(&mut here, &mut there);
    let request = there.take(&channel).unwrap();
    let _ = there.send_norequest(&channel, Priority::new(0), &mut vec![2]).unwrap();
    let _ = there.answer(&request, MessageKind::Reply, &mut vec![3; 4 << 20]).unwrap();
    while there.has_output() {
        assert!(here.wants_input());
        carry(&mut there, &mut here, usize::MAX);
    }
    assert!(here.has_reply(id));
}

#[test]
fn messages_that_never_end_are_bounded() {
    let (mut here, mut there) = bounded(1 << 20, 100);
    let fault = (0..100).find_map(|number| {
        let ticket = there.send_norequest(&ChannelId::DEFAULT, Priority::new(-number), &mut vec![0; 1 << 20]);
        let _ = ticket.unwrap();
        let bytes = there.output().to_vec();
        there.wrote(bytes.len());
        here.handle_bytes(&bytes).err()
    });
    assert!(matches!(fault, Some(ProtocolError::TooMuchOpen { .. })), "{fault:?}");
}

#[test]
fn large_messages_overtake_each_other_as_far_as_the_other_side_holds_them() {
    let (mut here, there) = bounded(1 << 20, 1);
    let mut there = there.sending_within(1 << 20, 1 << 20);
    let channel = ChannelId::DEFAULT;
    let send = |there: &mut Peer, level: u8, size: usize| {
        let ticket = there.send_norequest(&channel, Priority::new(level.into()), &mut vec![level; size]);
        let _ = ticket.unwrap();
    };
    for level in [9, 8, 7, 6, 5, 4] {
        send(&mut there, level, 1 << 20);
        for _ in 0..12 {
            carry(&mut there, &mut here, usize::MAX);
        }
    }
    let (before, unfinished) = (here.available(&channel), here.inbox.held().unsolicited.messages);
    send(&mut there, 1, 100);
    carry(&mut there, &mut here, usize::MAX);
    assert_eq!(
        (here.available(&channel), unfinished),
        (before + 1, 1),
        "a small one passes between two chunks"
    );
    carry_all(&mut there, &mut here);
    assert_eq!(here.available(&channel), 7);
}

#[test]
fn the_channels_of_messages_that_never_end_are_bounded() {
    let (mut here, _) = bounded(1 << 20, 1 << 20);
    let channel = ChannelId::from("x".repeat(MAX_CHANNEL_NAME));
    let mut first = Header { part: Part::First, ..Header::bare(Kind::NoRequest, 0) };
    first.channel = ChannelField::of(&channel);
    first.length = first.prefix() as u32;
    let fault = (0..1000).find_map(|id| {
        let mut bytes = Vec::new();
        Header { id, ..first }.write(&mut bytes);
        bytes.extend_from_slice(channel.name());
        bytes.extend_from_slice(&1_u64.to_le_bytes());
        here.handle_bytes(&bytes).err()
    });
    assert!(matches!(fault, Some(ProtocolError::TooMuchOpen { .. })), "{fault:?}");
}

#[test]
fn a_large_reply_that_nobody_asked_for_is_refused_at_its_first_chunk() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let (id, _) =
        there.send_request(&channel, Priority::NONE, None, Addressee::Caller, &mut vec![1]).unwrap();
    carry_all(&mut there, &mut here);
    let request = here.take(&channel).unwrap();
    let _ = here.answer(&request, MessageKind::Reply, &mut vec![0; 10 * CHUNK]).unwrap();
    let first = here.output()[..2 * HEADER].to_vec();
    let mut stranger = Peer::new(Order::Priority, Limits::PAIR);
    assert_eq!(stranger.handle_bytes(&first), Err(ProtocolError::UnexpectedReply(id.get())));
}

#[test]
fn answers_that_nobody_reads_stop_the_reading() {
    let (mut here, mut there) = bounded(1 << 20, 100);
    let mut rounds = 0;
    while here.wants_input() {
        let channel = ChannelId::DEFAULT;
        let (id, _) =
            there.send_request(&channel, Priority::NONE, None, Addressee::Caller, &mut vec![1]).unwrap();
        carry_all(&mut there, &mut here);
        there.cancel(id);
        carry_all(&mut there, &mut here);
        // The pipe is full: it was offered some bytes, and takes none.
        assert!(!here.output().is_empty());
        rounds += 1;
        assert!(rounds < 1 << 20, "the answers grow without end");
    }
}

#[test]
fn cancelling_any_number_of_ones_own_requests_goes_on_reading() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let ids: Vec<RequestId> = (0..100_000)
        .map(|_| {
            here.send_request(&channel, Priority::NONE, None, Addressee::Caller, &mut vec![1]).unwrap().0
        })
        .collect();
    carry_all(&mut here, &mut there);
    let _ = here.send_norequest(&channel, Priority::NONE, &mut vec![1]).unwrap();
    // The pipe is full: it was offered some bytes, and takes none.
    assert!(!here.output().is_empty());
    for id in ids {
        here.cancel(id);
    }
    assert!(here.wants_input());
}

#[test]
fn taking_a_message_back_from_a_channel_that_was_forgotten_counts_nothing() {
    let (mut here, mut there) = pair(Order::Priority);
    let idle = ChannelId::from("idle");
    let _ = here.send_norequest(&ChannelId::DEFAULT, Priority::NONE, &mut vec![1]).unwrap();
    assert!(!here.output().is_empty());
    let ticket = here.send_norequest(&idle, Priority::NONE, &mut vec![1]).unwrap();
    for number in 0..140_000u32 {
        let channel = ChannelId::from(number);
        let _ = there.send_norequest(&channel, Priority::NONE, &mut vec![]).unwrap();
        carry_all(&mut there, &mut here);
        assert!(here.take(&channel).is_some());
    }
    assert!(here.take_back(ticket));
    assert_eq!(here.counters(&idle).messages_sent, 0);
}

#[test]
fn the_names_of_channels_count_against_the_budget() {
    let (mut here, mut there) = bounded(1 << 20, 1 << 20);
    let mut count = 0;
    while here.wants_input() {
        count += 1;
        let channel = ChannelId::from(format!("{count:04000}"));
        let _ = there.send_norequest(&channel, Priority::NONE, &mut vec![]).unwrap();
        carry_all(&mut there, &mut here);
    }
    assert!(count < 300, "{count} names of 4000 bytes are more than a MiB");
}

#[test]
fn any_number_of_channels_is_used_one_after_the_other() {
    let (mut here, mut there) = pair(Order::Priority);
    for number in 0..200_000u32 {
        let channel = ChannelId::from(number);
        let _ = there.send_norequest(&channel, Priority::NONE, &mut vec![]).unwrap();
        carry_all(&mut there, &mut here);
        assert!(here.take(&channel).is_some());
    }
}

#[test]
fn channels_that_are_idle_are_forgotten_on_both_sides() {
    let mut here = Peer::hosting(Order::Priority, Limits::HOST);
    let mut there = Peer::serving(Order::Priority, Limits::WORKER);
    let first = ChannelId::from(0);
    for number in 0..140_000 {
        let channel = ChannelId::from(number);
        let _ = here.send_norequest(&channel, Priority::NONE, &mut vec![]).unwrap();
        carry_all(&mut here, &mut there);
        assert!(there.take_next().is_some());
    }
    assert_eq!((here.counters(&first), there.counters(&first)), Default::default());
}

#[test]
fn what_the_other_side_does_not_take_is_not_sent() {
    let mut worker = Peer::serving(Order::Priority, Limits::WORKER).sending_within(1000, 100);
    let refused = worker.send_norequest(&ChannelId::DEFAULT, Priority::NONE, &mut vec![0; 101]);
    assert_eq!(refused, Err(SendRefused::MessageTooLong { length: 101, limit: 100 }));
    let refused = worker.send_error(&mut vec![0; 101]);
    assert_eq!(refused, Err(SendRefused::MessageTooLong { length: 101, limit: 100 }));
}

#[test]
fn a_close_request_can_be_made_again_once_it_was_heard() {
    let (mut here, mut there) = pair(Order::Priority);
    for _ in 0..2 {
        for _ in 0..3 {
            let _ = here.send_close_request();
        }
        carry_all(&mut here, &mut there);
        assert_eq!(there.take_special(), Some(Special::CloseRequest));
        assert_eq!(there.take_special(), None);
    }
    assert!(there.is_asked_to_close());
}

#[test]
fn what_is_thrown_away_is_owed_to_nobody() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    for addressee in [Addressee::Channel, Addressee::Caller, Addressee::Channel] {
        let _ = here.send_request(&channel, Priority::NONE, None, addressee, &mut vec![1]).unwrap();
    }
    carry_all(&mut here, &mut there);
    assert_eq!(take_all(&mut there, &channel).len(), 3);
    for _ in 0..2 {
        let _ = there.send_reply(&channel, None, &mut vec![2]).unwrap();
    }
    let _ = there.send_close_request();
    carry_all(&mut there, &mut here);
    here.discard_input();
    assert_eq!((here.expected(&channel), here.counters(&channel).remaining), (1, 1));
    let _ = there.send_close_request();
    carry_all(&mut there, &mut here);
    assert_eq!(here.take_special(), Some(Special::CloseRequest));
}

#[test]
fn a_reply_to_a_request_that_has_not_left_is_refused() {
    let (mut here, _) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let _ = here.send_norequest(&channel, Priority::NONE, &mut vec![1]).unwrap();
    // The pipe is full: it was offered some bytes, and takes none.
    assert!(!here.output().is_empty());
    let (id, ticket) =
        here.send_request(&channel, Priority::NONE, None, Addressee::Caller, &mut vec![2]).unwrap();
    let mut reply = Vec::new();
    Header::bare(Kind::Reply, id.get()).write(&mut reply);
    assert_eq!(here.handle_bytes(&reply), Err(ProtocolError::UnexpectedReply(id.get())));
    assert!(here.take_back(ticket));
    assert!(!here.has_reply(id) && here.replies.is_empty());
    assert_eq!(here.counters(&channel).remaining, 0);
}

#[test]
fn what_is_taken_back_was_never_sent() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let (id, _) =
        there.send_request(&channel, Priority::new(1), None, Addressee::Channel, &mut vec![1]).unwrap();
    carry_all(&mut there, &mut here);
    assert!(here.take(&channel).is_some());
    let before = here.counters(&channel);
    let _ = here.send_error(&mut vec![2]).unwrap();
    // The pipe is full: it was offered some bytes, and takes none.
    assert!(!here.output().is_empty());
    for kind in [MessageKind::Reply, MessageKind::Failure] {
        let answer = here.send_reply_to(id, kind, Some(Priority::new(5)), &mut vec![3]).unwrap();
        assert!(here.take_back(answer));
    }
    let close = here.send_close_request();
    assert!(here.take_back(close));
    assert_eq!(here.counters(&channel), before);
    let _ = here.send_reply(&channel, None, &mut vec![4]).unwrap();
    carry_all(&mut here, &mut there);
    assert_eq!(there.take(&channel).map(|reply| reply.priority), Some(Priority::new(1)));
    assert_eq!(here.handle_end(), End::Dropped);
}

#[test]
fn ids_that_the_other_side_chooses_cost_no_time() {
    let mut here = Peer::new(Order::Priority, Limits::HOST);
    for number in 0..100_000 {
        // The same lower half for all of them: with the hash for one's own ids this takes minutes.
        let mut request = Vec::new();
        Header::bare(Kind::Request, number << 40).write(&mut request);
        here.handle_bytes(&request).unwrap();
        assert!(here.take(&ChannelId::DEFAULT).is_some());
    }
}

#[test]
fn an_answer_that_is_taken_back_is_still_to_be_given() {
    let (mut here, mut there) = (pair(Order::Priority).0, Peer::serving(Order::Priority, Limits::PAIR));
    let channel = ChannelId::DEFAULT;
    let (id, _) = here.send_request(&channel, Priority::NONE, None, Addressee::Caller, &mut vec![1]).unwrap();
    carry_all(&mut here, &mut there);
    let request = there.take_next().unwrap();
    let _ = there.send_error(&mut vec![2]).unwrap();
    // The pipe is full: it was offered some bytes, and takes none.
    assert!(!there.output().is_empty());
    let answer = there.answer(&request, MessageKind::Reply, &mut vec![3]).unwrap();
    assert!(there.take_back(answer) && there.is_wanted(id));
    here.cancel(id);
    carry_all(&mut here, &mut there);
    assert!(!there.is_wanted(id));
    let answer = there.answer(&request, MessageKind::Reply, &mut vec![3]).unwrap();
    assert!(there.take_back(answer));
    assert_eq!(there.counters(&channel).messages_sent, 0);
}

#[test]
fn a_message_on_one_channel_too_many_is_not_counted() {
    let mut here = Peer::new(Order::Priority, Limits::HOST);
    let fault = (0..200_000).find_map(|number| {
        let mut bytes = Vec::new();
        let channel = ChannelField::Natural(number);
        Header { channel, ..Header::bare(Kind::NoRequest, number) }.write(&mut bytes);
        here.handle_bytes(&bytes).err().map(|error| (number, error))
    });
    let Some((count, ProtocolError::TooManyChannels(_))) = fault else { panic!("{fault:?}") };
    for number in 0..count {
        assert!(here.take(&ChannelId::from(number)).is_some());
    }
    assert!(here.unsolicited.is_empty());
}

#[test]
fn channels_of_which_only_cancelled_requests_came_are_forgotten() {
    let mut host = Peer::hosting(Order::Fifo, Limits::HOST);
    for id in 0..1000_u64 {
        let channel = ChannelId::from("x".repeat(4000) + &id.to_string());
        let mut bytes = Vec::new();
        let mut request = Header { channel: ChannelField::of(&channel), ..Header::bare(Kind::Request, id) };
        request.length = request.prefix() as u32;
        request.write(&mut bytes);
        bytes.extend_from_slice(channel.name());
        Header::bare(Kind::Cancel, id).write(&mut bytes);
        host.handle_bytes(&bytes).unwrap();
        assert!(host.channels.get(&channel).is_none());
        host.discard_output();
    }
}
