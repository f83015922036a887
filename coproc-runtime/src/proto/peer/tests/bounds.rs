//! What the other side can make one hold, and what is not sent because it would not be taken.

use super::*;

#[test]
fn a_host_that_owes_too_many_replies_reads_on_once_it_has_given_one() {
    let unsolicited = Budget { messages: 2, ..Budget::UNSOLICITED };
    let mut host = Peer::hosting(Order::Fifo, Limits { unsolicited, ..Limits::HOST });
    let mut worker = Peer::new(Order::Fifo, Limits::WORKER);
    for _ in 0..2 {
        send(
            &mut worker,
            &Sent { channel: ChannelId::DEFAULT, level: None, payload: vec![], head: 0, request: true },
        );
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
    let ahead = HEADER + 8 + usize::from(ALIGNED);
    let first = here.output().concat()[..ahead].to_vec();
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
fn a_large_reply_is_not_held_back_by_what_nobody_asked_for() {
    let (mut here, mut there) = bounded(1 << 20, 100);
    let channel = ChannelId::DEFAULT;
    let (id, _) = here
        .send_request(&channel, Priority::NONE, Terms::default(), Addressee::Caller, &mut vec![1])
        .unwrap();
    carry_all(&mut here, &mut there);
    let request = there.take(&channel).unwrap();
    let _ = there.send_norequest(&channel, Priority::new(0), &mut vec![2]).unwrap();
    let _ = there.send_reply_to(request.id, MessageKind::Reply, None, &mut vec![3; 4 << 20]).unwrap();
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
        let bytes = there.output().concat();
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
fn answers_that_nobody_reads_stop_the_reading() {
    let (mut here, mut there) = bounded(1 << 20, 100);
    let mut rounds = 0;
    while here.wants_input() {
        let channel = ChannelId::DEFAULT;
        let (id, _) = there
            .send_request(&channel, Priority::NONE, Terms::default(), Addressee::Caller, &mut vec![1])
            .unwrap();
        carry_all(&mut there, &mut here);
        there.cancel(id);
        carry_all(&mut there, &mut here);
        // The pipe is full: it was offered some bytes, and takes none.
        assert!(!here.output().concat().is_empty());
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
            here.send_request(&channel, Priority::NONE, Terms::default(), Addressee::Caller, &mut vec![1])
                .unwrap()
                .0
        })
        .collect();
    carry_all(&mut here, &mut there);
    let _ = here.send_norequest(&channel, Priority::NONE, &mut vec![1]).unwrap();
    // The pipe is full: it was offered some bytes, and takes none.
    assert!(!here.output().concat().is_empty());
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
    assert!(!here.output().concat().is_empty());
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

#[test]
fn large_buffers_that_are_lent_to_messages_that_never_end_are_bounded() {
    let (mut here, _) = bounded(1 << 20, 1 << 10);
    let mut lent = 0;
    let fault = (0..1000).find_map(|id| {
        let (whole, chunk) = (1_u64 << 20, 32 << 10);
        let mut first = Header { part: Part::First, ..Header::bare(Kind::NoRequest, id) };
        first.length = (first.prefix() + chunk) as u32;
        let mut bytes = Vec::new();
        first.write(&mut bytes);
        bytes.extend_from_slice(&whole.to_le_bytes());
        let outcome = here.handle_bytes(&bytes).and_then(|()| {
            let mut opening = here
                .opening(|bytes| {
                    lent += bytes;
                    Some(vec![0; bytes])
                })
                .unwrap();
            let count = opening.buffer().len();
            here.handle_filled(opening, count)
        });
        outcome.err()
    });
    assert!(matches!(fault, Some(ProtocolError::TooMuchOpen { .. })), "{fault:?}");
    assert!(lent < 8 << 20, "{lent} bytes");
}

#[test]
fn short_messages_do_not_hold_the_buffers_of_long_ones() {
    let (mut here, mut there) = bounded(1 << 20, 1 << 20);
    while here.wants_input() {
        here.recycle(&mut Vec::with_capacity(CHUNK));
        let _ = there.send_norequest(&ChannelId::DEFAULT, Priority::NONE, &mut vec![7; 40]).unwrap();
        carry_all(&mut there, &mut here);
    }
    let held = take_all(&mut here, &ChannelId::DEFAULT);
    let held: usize = held.into_iter().map(|message| message.payload.into_vec().capacity()).sum();
    assert!(held < 1 << 20, "{held} bytes are held for a MiB");
}
