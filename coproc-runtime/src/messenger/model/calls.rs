//! Calls of several threads: who leads, who follows, and who is woken when.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::pair::{
    ROOMY, TIGHT, answer, explore, in_ms, pair, receive, receive_on, reply, request, spawn, tell,
};
use crate::messenger::{Core, Flush, Interest, Stop};
use crate::proto::{Addressee, ChannelId, Limits, Priority, Terms};
use crate::sync::Arc;

fn caller(core: &Arc<Core>, number: u8) -> impl FnOnce() + Send + use<> {
    let core = Arc::clone(core);
    move || {
        let id = request(&core, None, vec![number]).unwrap();
        assert_eq!(reply(&core, None, id).unwrap(), [number, b'!']);
    }
}

#[test]
fn each_caller_gets_its_own_reply_in_whatever_order_they_come() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        let mut callers = [1, 2].map(|number| Some(spawn(caller(&host, number))));
        let requests = [receive(&worker).unwrap(), receive(&worker).unwrap()];
        for request in requests.into_iter().rev() {
            // The other one waits on, whoever leads.
            let caller = callers[usize::from(request.payload[0]) - 1].take();
            answer(&worker, request).unwrap();
            caller.unwrap().join().unwrap();
        }
        assert!(host.with(|peer| peer.is_at_rest()) && worker.with(|peer| peer.is_at_rest()));
    });
}

#[test]
fn a_leader_that_leaves_with_its_reply_hands_on() {
    explore(2, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        let callers = [1, 2, 3].map(|number| spawn(caller(&host, number)));
        for _ in 0..3 {
            answer(&worker, receive(&worker).unwrap()).unwrap();
        }
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        assert!(host.with(|peer| peer.is_at_rest()) && worker.with(|peer| peer.is_at_rest()));
    });
}

#[test]
fn a_leader_whose_time_is_over_hands_on() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        let impatient = spawn({
            let host = host.clone();
            move || {
                let id = request(&host, None, vec![0]).unwrap();
                assert!(matches!(reply(&host, in_ms(5), id), Err(Stop::TimedOut)));
            }
        });
        let patient = spawn(caller(&host, 1));
        for _ in 0..2 {
            let request = receive(&worker).unwrap();
            if request.payload == [1] {
                // Later than anybody's time.
                let nothing = receive_on(&worker, &ChannelId::from(7), in_ms(10));
                assert!(matches!(nothing, Err(Stop::TimedOut)));
                answer(&worker, request).unwrap();
            }
        }
        impatient.join().unwrap();
        patient.join().unwrap();
    });
}

#[test]
fn a_leader_that_panics_hands_on() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        let panicking = spawn({
            let host = host.clone();
            move || {
                let id = request(&host, None, vec![0]).unwrap();
                let waiting = AssertUnwindSafe(|| {
                    host.wait_for(Interest::Reply(id), None, |peer| -> Option<()> {
                        peer.has_reply(id).then(|| resume_unwind(Box::new("on purpose")))
                    })
                });
                catch_unwind(waiting).unwrap_err();
            }
        });
        let calling = spawn(caller(&host, 1));
        let mut requests = [receive(&worker).unwrap(), receive(&worker).unwrap()];
        requests.sort_by_key(|request| request.payload[0]);
        requests.into_iter().for_each(|request| answer(&worker, request).unwrap());
        panicking.join().unwrap();
        calling.join().unwrap();
    });
}

#[test]
fn a_call_that_is_given_up_has_one_outcome_and_leaves_nothing() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        let hesitant = spawn({
            let host = host.clone();
            move || {
                let id = request(&host, None, vec![1]).unwrap();
                match reply(&host, in_ms(5), id) {
                    Ok(reply) => assert_eq!(reply, [1, b'!']),
                    Err(Stop::TimedOut) => host.post(|peer| peer.cancel(id)),
                    Err(stop) => panic!("{stop:?}"),
                }
            }
        });
        let server = spawn({
            let worker = worker.clone();
            move || {
                while let Ok(request) = receive(&worker) {
                    let is_last = request.payload == [3];
                    answer(&worker, request).unwrap();
                    if is_last {
                        break;
                    }
                }
            }
        });
        caller(&host, 2)();
        hesitant.join().unwrap();
        // Its reply comes behind all answers to the calls before it.
        caller(&host, 3)();
        server.join().unwrap();
        assert!(host.with(|peer| peer.is_at_rest()), "{host:?}");
        assert!(worker.with(|peer| peer.is_at_rest()), "{worker:?}");
    });
}

#[test]
fn threads_that_receive_on_one_channel_get_each_message_once() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
        let receivers = [(); 2].map(|()| {
            let host = host.clone();
            spawn(move || {
                let received = std::iter::from_fn(|| receive(&host).ok());
                received.flat_map(|message| message.payload.into_vec()).collect::<Vec<_>>()
            })
        });
        (1..=3).for_each(|number| tell(&worker, None, vec![number]).unwrap());
        drop(worker);
        let received = receivers.map(|receiver| receiver.join().unwrap());
        assert!(received.iter().all(|received| received.is_sorted()), "{received:?}");
        let mut all = received.concat();
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3]);
    });
}

#[test]
fn who_waits_for_the_rest_is_told_when_the_last_request_is_taken_back() {
    explore(3, 5_000, |wait| {
        let [host, worker] = pair(TIGHT, Limits::PAIR, wait);
        let channel = ChannelId::DEFAULT;
        // More than the pipe holds, and nobody reads it.
        host.post(|peer| {
            let _ = peer.send_norequest(&channel, Priority::NONE, &mut vec![0]).unwrap();
        });
        let elsewhere = spawn({
            let host = host.clone();
            move || receive_on(&host, &ChannelId::from(7), None).unwrap_err()
        });
        let asking = spawn({
            let host = host.clone();
            move || {
                host.send_request(in_ms(5), Flush::Now, |peer| {
                    let mut payload = vec![1];
                    let (channel, priority) = (ChannelId::DEFAULT, Priority::NONE);
                    peer.send_request(&channel, priority, Terms::default(), Addressee::Channel, &mut payload)
                })
                .unwrap_err()
            }
        });
        host.wait_for(Interest::Remaining(channel.clone()), None, |peer| {
            (peer.expected(&channel) == 0).then_some(())
        })
        .unwrap();
        asking.join().unwrap();
        drop(worker);
        elsewhere.join().unwrap();
    });
}
