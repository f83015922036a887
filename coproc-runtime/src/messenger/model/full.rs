//! Full pipes and full budgets: who waits for room, and who reads meanwhile.

use std::sync::atomic::{AtomicU8, Ordering};

use super::pair::{TIGHT, explore, explore_on_time, in_ms, pair, receive, receive_on, spawn, tell};
use crate::messenger::{Core, Flush, MessengerError, Wait};
use crate::proto::{Budget, ChannelId, Limits, Priority};
use crate::sync::{Arc, Instant};

#[test]
fn a_sender_waits_for_room_beside_a_leader_that_reads() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(TIGHT, Limits::PAIR, wait);
        let receiver = spawn({
            let host = host.clone();
            move || assert_eq!(receive(&host).unwrap().payload, [2; 10])
        });
        let sender = spawn({
            let host = host.clone();
            move || tell(&host, None, vec![1; 10]).unwrap()
        });
        assert_eq!(receive(&worker).unwrap().payload, [1; 10]);
        tell(&worker, None, vec![2; 10]).unwrap();
        receiver.join().unwrap();
        sender.join().unwrap();
    });
}

#[test]
fn two_sides_that_send_first_do_not_wait_for_each_other() {
    explore(2, 20_000, |wait| {
        let sides = pair(TIGHT, Limits::PAIR, wait).map(|core| {
            spawn(move || {
                (1..=2).for_each(|number| tell(&core, None, vec![number; 10]).unwrap());
                (1..=2).for_each(|number| assert_eq!(receive(&core).unwrap().payload, [number; 10]));
            })
        });
        sides.into_iter().for_each(|side| side.join().unwrap());
    });
}

#[test]
fn two_sides_that_send_from_one_thread_and_receive_in_another_do_not_either() {
    explore(2, 5_000, |wait| {
        let threads = pair(TIGHT, Limits::PAIR, wait).map(|core| {
            let sender = Arc::clone(&core);
            [
                spawn(move || tell(&sender, None, vec![1; 10]).unwrap()),
                spawn(move || assert_eq!(receive(&core).unwrap().payload, [1; 10])),
            ]
        });
        threads.into_iter().flatten().for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn what_nobody_waits_for_is_written_by_whoever_waits() {
    explore(3, 5_000, |wait| {
        leave_a_message(wait, |host| {
            host.post(|peer| {
                let _ = peer.send_norequest(&ChannelId::DEFAULT, Priority::NONE, &mut vec![1; 10]).unwrap();
            });
        })
    });
}

#[test]
fn the_rest_of_a_message_whose_time_is_over_is_written_by_whoever_waits() {
    explore(3, 5_000, |wait| leave_a_message(wait, |host| tell(host, in_ms(5), vec![1; 10]).unwrap()));
}

fn leave_a_message(wait: Wait, leave: fn(&Core)) {
    let [host, worker] = pair(TIGHT, Limits::PAIR, wait);
    // In a blocking read the first of them can't be woken to write.
    let receivers = [1, 2].map(|channel| {
        let host = host.clone();
        spawn(move || drop(receive_on(&host, &ChannelId::from(channel), None)))
    });
    spawn(move || leave(&host)).join().unwrap();
    assert_eq!(receive(&worker).unwrap().payload, [1; 10]);
    drop(worker);
    receivers.into_iter().for_each(|receiver| receiver.join().unwrap());
}

#[test]
fn a_send_returns_once_its_message_is_written_whoever_wrote_it() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(TIGHT, Limits::PAIR, wait);
        let senders = [1, 2].map(|number| {
            let host = host.clone();
            spawn(move || tell(&host, None, vec![number; 10]).unwrap())
        });
        // What has come whole was sent; the rest is not read before its sender has returned.
        let first = receive(&worker).unwrap().payload[0];
        let [one, other] = senders;
        let (sent, behind) = if first == 1 { (one, other) } else { (other, one) };
        sent.join().unwrap();
        assert_eq!(receive(&worker).unwrap().payload, [3 - first; 10]);
        behind.join().unwrap();
    });
}

#[test]
fn a_leader_that_a_full_budget_holds_back_reads_on_as_soon_as_another_thread_has_taken_some() {
    explore_on_time(3, |wait| {
        let limits = Limits { unsolicited: Budget { messages: 1, ..Budget::UNSOLICITED }, ..Limits::PAIR };
        let soon = in_ms(5);
        let [host, worker] = pair(TIGHT, limits, wait);
        let elsewhere = ChannelId::from(7);
        let held_back = spawn({
            let (host, elsewhere) = (host.clone(), elsewhere.clone());
            move || receive_on(&host, &elsewhere, None).unwrap()
        });
        let taking = spawn({
            let host = host.clone();
            move || receive(&host).unwrap()
        });
        tell(&worker, None, vec![1]).unwrap();
        worker
            .send(None, Flush::Now, |peer| {
                Ok(((), peer.send_norequest(&elsewhere, Priority::NONE, &mut vec![2])?))
            })
            .unwrap();
        taking.join().unwrap();
        held_back.join().unwrap();
        assert!(Some(Instant::now()) < soon, "nobody has waited for a time limit");
        drop(host);
    });
}

/// More than two budgets and two pipes hold.
const MOST: u8 = 6;

#[test]
fn two_sides_that_only_send_come_to_an_error_and_lose_nothing() {
    explore(2, 5_000, |wait| {
        let limits = Limits { unsolicited: Budget { bytes: 1 << 10, messages: 2 }, ..Limits::PAIR };
        let [host, worker] = pair(TIGHT, limits, wait);
        let sent = [(); 2].map(|()| Arc::new(AtomicU8::new(u8::MAX)));
        let [of_host, of_worker] = sent;
        let sides = [(host, of_host.clone(), of_worker.clone()), (worker, of_worker, of_host)];
        let sides = sides.map(|(core, sent, expected)| {
            spawn(move || {
                let refused = (1..=MOST).find(|&number| is_refused(&core, number));
                sent.store(refused.map_or(MOST, |number| number - 1), Ordering::Relaxed);
                let mut received = 0;
                // Until the other side has been refused too and all has come, and the rest of a message has left that
                // had left in part when its wait for room was given up.
                while received != expected.load(Ordering::Relaxed) || core.with(|peer| peer.has_output()) {
                    if let Ok(message) = receive_on(&core, &ChannelId::DEFAULT, in_ms(10)) {
                        received += 1;
                        assert_eq!(message.payload, [received]);
                    }
                }
                (core, refused.is_some())
            })
        });
        let sides = sides.map(|side| side.join().unwrap());
        assert!(sides.iter().any(|(_, was_refused)| *was_refused));
    });
}

fn is_refused(core: &Core, number: u8) -> bool {
    match tell(core, None, vec![number]) {
        Ok(()) => false,
        Err(MessengerError::Full) => true,
        Err(error) => panic!("{error:?}"),
    }
}
