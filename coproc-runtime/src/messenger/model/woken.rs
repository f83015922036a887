//! Threads of which one is woken for what concerns all: it tells the next.

use super::pair::{ROOMY, answer, explore, pair, receive, receive_on, spawn, tell};
use crate::messenger::{Core, Flush, Interest, Stop};
use crate::proto::{Addressee, ChannelId, Limits, Priority, Special, Terms};
use crate::sync::Arc;

/// Waits for replies of the default channel until none is outstanding.
fn receive_remaining(core: &Core) -> usize {
    let channel = ChannelId::DEFAULT;
    let replies = std::iter::from_fn(|| {
        let next = core.wait_for(Interest::Remaining(channel.clone()), None, |peer| {
            let reply = peer.take_reply_on(&channel);
            (reply.is_some() || peer.expected(&channel) == 0).then_some(reply)
        });
        next.unwrap()
    });
    replies.count()
}

/// Waits elsewhere, as long as the other side is there.
fn lead(core: &Core) {
    let nothing = receive_on(core, &ChannelId::from(7), None);
    assert!(matches!(nothing, Err(Stop::Fault(_))));
}

fn ask(core: &Core, count: u8) {
    for number in 0..count {
        core.send_request(None, Flush::Now, |peer| {
            let (channel, priority) = (ChannelId::DEFAULT, Priority::NONE);
            peer.send_request(&channel, priority, Terms::default(), Addressee::Channel, &mut vec![number])
        })
        .unwrap();
    }
}

#[test]
fn the_last_reply_ends_the_waits_of_all_that_wait_for_the_rest() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        ask(&host, 1);
        let leader = spawn(with(&host, lead));
        let waiting = [(); 2].map(|()| spawn(with(&host, receive_remaining)));
        answer(&worker, receive(&worker).unwrap()).unwrap();
        assert_eq!(waiting.map(|waiting| waiting.join().unwrap()).iter().sum::<usize>(), 1);
        drop(worker);
        leader.join().unwrap();
    });
}

#[test]
fn a_reply_that_another_kind_of_call_has_taken_ends_the_wait_for_the_rest() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        ask(&host, 1);
        let leader = spawn(with(&host, lead));
        let taking = spawn(with(&host, |host| drop(receive(host).unwrap())));
        let waiting = spawn(with(&host, receive_remaining));
        answer(&worker, receive(&worker).unwrap()).unwrap();
        // For the one that takes anything, where the other has taken the reply.
        tell(&worker, None, vec![0]).unwrap();
        waiting.join().unwrap();
        taking.join().unwrap();
        drop(worker);
        leader.join().unwrap();
    });
}

#[test]
fn a_message_that_nobody_takes_ends_the_waits_of_all_that_only_look() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        let look = |host: &Core| {
            host.wait_for(Interest::Anything, None, |peer| (peer.available_anywhere() > 0).then_some(()))
                .unwrap();
        };
        let looking = [(); 3].map(|()| spawn(with(&host, look)));
        tell(&worker, None, vec![0]).unwrap();
        looking.into_iter().for_each(|looking| looking.join().unwrap());
    });
}

#[test]
fn each_special_ends_one_wait_of_whatever_channel() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        let hear = |channel: u8| {
            move |host: &Core| {
                let interest = Interest::Channel(ChannelId::from(channel));
                host.wait_for(interest, None, |peer| peer.take_special()).unwrap()
            }
        };
        let hearing = [1, 1, 2].map(|channel| spawn(with(&host, hear(channel))));
        worker.post(|peer| {
            for number in 1..=2 {
                let _ = peer.send_error(&mut vec![number]).unwrap();
            }
            let _ = peer.send_close_request();
        });
        let mut heard = hearing.map(|hearing| hearing.join().unwrap());
        heard.sort_by_key(|special| match special {
            Special::Error(payload) => payload[0],
            Special::CloseRequest => 3,
        });
        assert_eq!(
            heard,
            [Special::Error([1][..].into()), Special::Error([2][..].into()), Special::CloseRequest]
        );
    });
}

fn with<T, F: FnOnce(&Core) -> T + Send>(core: &Arc<Core>, work: F) -> impl FnOnce() -> T + Send + use<T, F> {
    let core = Arc::clone(core);
    move || work(&core)
}
