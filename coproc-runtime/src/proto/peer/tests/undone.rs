//! What is cancelled, taken back, thrown away or answered too early.

use super::*;

#[test]
fn a_message_that_was_retracted_whole_never_leaves() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    let _ = here.send_norequest(&channel, Priority::NONE, &mut vec![0; 4 * CHUNK]).unwrap();
    let (id, _) = here
        .send_request(&channel, Priority::NONE, Terms::default(), Addressee::Caller, &mut vec![1])
        .unwrap();
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
        .send_request(&channel, Priority::NONE, Terms::default(), Addressee::Caller, &mut vec![1; 9 * CHUNK])
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
fn what_is_thrown_away_is_owed_to_nobody() {
    let (mut here, mut there) = pair(Order::Priority);
    let channel = ChannelId::DEFAULT;
    for addressee in [Addressee::Channel, Addressee::Caller, Addressee::Channel] {
        let _ =
            here.send_request(&channel, Priority::NONE, Terms::default(), addressee, &mut vec![1]).unwrap();
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
    assert!(!here.output().concat().is_empty());
    let (id, ticket) = here
        .send_request(&channel, Priority::NONE, Terms::default(), Addressee::Caller, &mut vec![2])
        .unwrap();
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
    let (id, _) = there
        .send_request(&channel, Priority::new(1), Terms::default(), Addressee::Channel, &mut vec![1])
        .unwrap();
    carry_all(&mut there, &mut here);
    assert!(here.take(&channel).is_some());
    let before = here.counters(&channel);
    let _ = here.send_error(&mut vec![2]).unwrap();
    // The pipe is full: it was offered some bytes, and takes none.
    assert!(!here.output().concat().is_empty());
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
fn an_answer_that_is_taken_back_is_still_to_be_given() {
    let (mut here, mut there) = (pair(Order::Priority).0, Peer::serving(Order::Priority, Limits::PAIR));
    let channel = ChannelId::DEFAULT;
    let (id, _) = here
        .send_request(&channel, Priority::NONE, Terms::default(), Addressee::Caller, &mut vec![1])
        .unwrap();
    carry_all(&mut here, &mut there);
    let request = there.take_next().unwrap();
    let _ = there.send_error(&mut vec![2]).unwrap();
    // The pipe is full: it was offered some bytes, and takes none.
    assert!(!there.output().concat().is_empty());
    let answer = there.answer(request.id, MessageKind::Reply, &mut vec![3]).unwrap();
    assert!(there.take_back(answer) && there.is_wanted(id));
    here.cancel(id);
    carry_all(&mut here, &mut there);
    assert!(!there.is_wanted(id));
    let answer = there.answer(request.id, MessageKind::Reply, &mut vec![3]).unwrap();
    assert!(there.take_back(answer));
    assert_eq!(there.counters(&channel).messages_sent, 0);
}

#[test]
fn each_of_many_requests_is_taken_or_cancelled_once_however_few_cancellations_come_at_a_time() {
    let (mut here, mut there) =
        (Peer::new(Order::Priority, Limits::PAIR), Peer::serving(Order::Priority, Limits::PAIR));
    let channel = ChannelId::DEFAULT;
    let ids: Vec<RequestId> = (0..10_000)
        .map(|number| {
            let priority = Priority::new(number % 3);
            here.send_request(&channel, priority, Terms::default(), Addressee::Caller, &mut vec![1])
                .unwrap()
                .0
        })
        .collect();
    carry_all(&mut here, &mut there);
    let is_cancelled = |id: &RequestId| id.get() % 5 == 2 || (4000..6000).contains(&id.get());
    let mut taken = Vec::new();
    for id in ids.iter().filter(|id| is_cancelled(id)) {
        here.cancel(*id);
        carry_all(&mut here, &mut there);
        if id.get() % 7 == 0 {
            let next = there.take_next().unwrap();
            let _ = there.answer(next.id, MessageKind::Reply, &mut vec![]).unwrap();
            taken.push(next.id);
        }
    }
    while let Some(next) = there.take_next() {
        let _ = there.answer(next.id, MessageKind::Reply, &mut vec![]).unwrap();
        taken.push(next.id);
    }
    carry_all(&mut there, &mut here);
    let answered = ids.iter().filter(|id| here.take_reply(**id).is_some()).count();
    assert_eq!(answered, ids.iter().filter(|id| !is_cancelled(id)).count());
    assert!(taken.len() >= answered && taken.len() < ids.len());
    assert!(ids.iter().all(|id| here.outstanding.remove(id.get()).is_none()), "each had an answer");
    assert_eq!((there.available_anywhere(), there.unsolicited), (0, Account::default()));
}
