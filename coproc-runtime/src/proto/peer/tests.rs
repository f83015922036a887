//! Two peers against a plain model: any split, any interleaving, any end, any garbage.

mod bounds;
mod undone;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::proto::channel::MAX_CHANNEL_NAME;
use crate::proto::frame::{ALIGNED, CHUNK, ChannelField, HEADER, Header, Kind, Part};
use crate::proto::{Budget, Message, MessageKind, Priority, ProtocolError, Terms};

/// One message of a script.
#[derive(Clone, Debug)]
struct Sent {
    channel: ChannelId,
    level: Option<i32>,
    payload: Vec<u8>,
    /// Bytes of the payload that are ahead of its tail.
    head: usize,
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
    let head = prop_oneof![2 => Just(usize::MAX), 1 => 0usize..16, 1 => 0..2 * CHUNK];
    (channel, prop::option::of(-2i32..2), size, head, any::<u8>(), any::<bool>()).prop_map(
        |(channel, level, size, head, first, request)| {
            let payload: Vec<u8> = (0..size).map(|index| first.wrapping_add(index as u8)).collect();
            Sent { channel, level, payload, head: head.min(size), request }
        },
    )
}

fn pair(order: Order) -> (Peer, Peer) {
    (Peer::new(order, Limits::PAIR), Peer::new(order, Limits::PAIR))
}

fn send(peer: &mut Peer, message: &Sent) {
    let mut payload = message.payload[..message.head].to_vec();
    let tail = &mut message.payload[message.head..].to_vec();
    let (channel, priority, terms) = (&message.channel, Priority::from(message.level), Terms::default());
    if message.request {
        let sent = peer.send_request_with(channel, priority, terms, Addressee::Channel, &mut payload, tail);
        let _ = sent.unwrap();
    } else {
        let _ = peer.send_norequest_with(channel, priority, terms.delivery, &mut payload, tail).unwrap();
    }
}

/// Carries up to `most` bytes; how many there were.
fn carry(from: &mut Peer, to: &mut Peer, most: usize) -> usize {
    let bytes = from.output().concat();
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
        let bytes = peer.output().concat();
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
            let taken: Vec<_> = take_all(&mut there, &channel).into_iter().map(|m| m.payload).collect();
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
                    let (id, _) = peer.send_request(&channel, priority, Terms::default(), Addressee::Caller, &mut payload).unwrap();
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
fn what_is_being_written_holds_back_what_is_no_more_urgent() {
    let (mut here, mut there) = pair(Order::Priority);
    let mut worker = Peer::serving(Order::Priority, Limits::WORKER);
    let channel = ChannelId::DEFAULT;
    let mut ask = |level| {
        let priority = Priority::new(level);
        let _ =
            here.send_request(&channel, priority, Terms::default(), Addressee::Caller, &mut vec![]).unwrap();
        carry_all(&mut here, &mut worker);
        worker.take_next().unwrap()
    };
    let (large, urgent, patient) = (ask(3), ask(2), ask(3));
    let _ = worker.answer(large.id, MessageKind::Reply, &mut vec![0; 10 * CHUNK]).unwrap();
    assert!(carry(&mut worker, &mut there, 1) > 0);
    assert!(!worker.must_write_before(&urgent));
    assert!(worker.must_write_before(&patient));
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
    assert_eq!(seen, [(Special::Error(b"late"[..].into()), 0), (Special::CloseRequest, 1)]);
}

#[test]
fn replies_that_nobody_asked_for_or_twice_are_refused() {
    let channel = ChannelId::DEFAULT;
    let (mut here, mut there) = pair(Order::Priority);
    let (id, _) = here
        .send_request(&channel, Priority::NONE, Terms::default(), Addressee::Channel, &mut vec![1])
        .unwrap();
    carry_all(&mut here, &mut there);
    let request = there.take(&channel).unwrap();
    let _ = there.send_reply_to(request.id, MessageKind::Reply, None, &mut vec![2]).unwrap();
    let twice = output(&mut there).repeat(2);
    assert_eq!(here.handle_bytes(&twice), Err(ProtocolError::UnexpectedReply(id.get())));
    assert_eq!(here.take(&channel).map(|reply| reply.payload), Some([2][..].into()));
}

#[test]
fn replies_go_to_the_oldest_request_taken_and_none_is_an_error() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::from("c");
    let none = Err(SendRefused::NothingToAnswer(channel.clone()));
    for level in [2, 1] {
        let _ = here
            .send_request(
                &channel,
                Priority::new(level),
                Terms::default(),
                Addressee::Channel,
                &mut vec![level as u8],
            )
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
fn replies_and_other_messages_of_a_channel_keep_one_order() {
    for (order, expected) in [(Order::Fifo, [1, 2, 3, 4]), (Order::Priority, [4, 3, 1, 2])] {
        let (mut here, mut there) = (Peer::new(order, Limits::PAIR), Peer::new(order, Limits::PAIR));
        let channel = ChannelId::DEFAULT;
        for _ in 0..2 {
            let _ = here
                .send_request(&channel, Priority::NONE, Terms::default(), Addressee::Channel, &mut vec![0])
                .unwrap();
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
fn a_large_reply_that_nobody_asked_for_is_refused_at_its_first_chunk() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let (id, _) = there
        .send_request(&channel, Priority::NONE, Terms::default(), Addressee::Caller, &mut vec![1])
        .unwrap();
    carry_all(&mut there, &mut here);
    let request = here.take(&channel).unwrap();
    let _ = here.send_reply_to(request.id, MessageKind::Reply, None, &mut vec![0; 10 * CHUNK]).unwrap();
    let first = here.output().concat()[..2 * HEADER].to_vec();
    let mut stranger = Peer::new(Order::Priority, Limits::PAIR);
    assert_eq!(stranger.handle_bytes(&first), Err(ProtocolError::UnexpectedReply(id.get())));
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
