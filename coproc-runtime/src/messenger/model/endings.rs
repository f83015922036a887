//! Ends of the other side, asked for and not, against whoever waits and sends.

use std::iter;
use std::sync::atomic::{AtomicU8, Ordering};

use super::pair::{ROOMY, TIGHT, answer, explore, pair, receive, receive_on, reply, request, spawn, tell};
use crate::messenger::{Core, Fault, Flush, Interest, MessengerError, Stop, Unread, Wait};
use crate::pipe::model::{HOST, InFlight, WORKER, fail_writes, kill, stop_reading};
use crate::proto::{ChannelId, End, Limits, MessageKind, Peer};
use crate::sync::Arc;

#[test]
fn a_close_request_goes_behind_what_was_sent_and_ends_every_send_after_it() {
    explore(2, 20_000, |wait| {
        let [host, worker] = pair(TIGHT, Limits::PAIR, wait);
        let sent = Arc::new(AtomicU8::new(0));
        let sender = spawn({
            let (host, sent) = (host.clone(), sent.clone());
            move || {
                for number in 1..=2 {
                    match tell(&host, None, vec![number]) {
                        Ok(()) => sent.store(number, Ordering::Relaxed),
                        Err(MessengerError::Gone(gone)) => assert_eq!(gone.end, End::Closed),
                        Err(error) => panic!("{error:?}"),
                    }
                }
            }
        });
        let closer = spawn({
            let host = host.clone();
            move || {
                let before = sent.load(Ordering::Relaxed);
                let stop = host.close(None, Unread::Keep);
                assert!(is_end(&stop, End::Closed), "{stop:?}");
                before
            }
        });
        let next = |peer: &mut Peer| match peer.take(&ChannelId::DEFAULT) {
            Some(message) => Some(Some(message.payload[0])),
            None => peer.is_asked_to_close().then_some(None),
        };
        let received: Vec<_> =
            iter::from_fn(|| worker.wait_for(Interest::Anything, None, next).unwrap()).collect();
        drop(worker);
        sender.join().unwrap();
        assert!(received.len() >= usize::from(closer.join().unwrap()), "{received:?}");
        assert!([1, 2].starts_with(&received), "{received:?}");
    });
}

fn is_end(stop: &Stop, expected: End) -> bool {
    matches!(stop, Stop::Fault(Fault::Ended { end, .. }) if *end == expected)
}

/// Ends the worker at any moment of calls and of sends that wait for room.
fn die(wait: Wait, in_flight: InFlight, capacity: usize) {
    let [host, worker] = pair(capacity, Limits::PAIR, wait);
    let caller = spawn({
        let host = host.clone();
        move || {
            let outcome = request(&host, None, vec![1; 10]).map_err(drop);
            let outcome =
                outcome.and_then(|id| reply(&host, None, id).map_err(|stop| assert!(is_ended(&stop))));
            if let Ok(reply) = outcome {
                assert_eq!(reply.len(), 11);
            }
        }
    });
    let sender = spawn({
        let host = host.clone();
        move || while tell(&host, None, vec![2; 10]).is_ok() {}
    });
    // It answers the first call, and takes in nothing else then.
    let server = spawn(move || {
        while let Ok(request) = receive(&worker) {
            if request.payload[0] == 1 {
                let _ = answer(&worker, request);
                return worker;
            }
        }
        worker
    });
    spawn(move || kill(WORKER, in_flight)).join().unwrap();
    caller.join().unwrap();
    sender.join().unwrap();
    drop(server.join().unwrap());
    assert!(host.stop().is_some_and(|stop| is_ended(&stop)));
}

fn is_ended(stop: &Stop) -> bool {
    matches!(stop, Stop::Fault(Fault::Ended { .. }))
}

#[test]
fn a_death_ends_every_wait() {
    explore(2, 20_000, |wait| die(wait, InFlight::Delivered, TIGHT));
    explore(2, 5_000, |wait| die(wait, InFlight::Delivered, ROOMY));
}

#[test]
fn a_death_with_bytes_lost_ends_every_wait() {
    explore(2, 20_000, |wait| die(wait, InFlight::Lost, TIGHT));
}

#[test]
fn a_death_ends_every_wait_though_the_pipe_is_held_open() {
    explore(2, 20_000, |wait| {
        // In a blocking read it is not noticed, as its documentation says.
        if wait != Wait::Block {
            die(wait, InFlight::HeldOpen, TIGHT);
        }
    });
}

#[test]
fn a_side_that_takes_nothing_more_and_lives_on_ends_every_wait() {
    explore(2, 5_000, |wait| take_nothing(wait, || stop_reading(WORKER)));
}

#[test]
fn a_pipe_that_fails_ends_every_wait() {
    explore(2, 5_000, |wait| take_nothing(wait, || fail_writes(HOST)));
}

fn take_nothing(wait: Wait, from_now_on: fn()) {
    let [host, worker] = pair(ROOMY, Limits::PAIR, wait);
    // A blocking read goes on: what it waits for could still come.
    let receiver = (wait != Wait::Block).then(|| {
        let host = host.clone();
        spawn(move || drop(receive(&host)))
    });
    let sender = spawn({
        let host = host.clone();
        move || while tell(&host, None, vec![2; 10]).is_ok() {}
    });
    let server = spawn(move || while receive(&worker).is_ok() {});
    spawn(from_now_on).join().unwrap();
    sender.join().unwrap();
    receiver.into_iter().for_each(|receiver| receiver.join().unwrap());
    drop(host);
    server.join().unwrap();
}

#[test]
fn a_server_that_is_asked_to_close_leaves_once_another_thread_has_written_its_reply() {
    explore(2, 5_000, |wait| {
        let [host, worker] = pair(TIGHT, Limits::PAIR, wait);
        // A method's own thread, which may lead while the server follows.
        let method = spawn({
            let worker = worker.clone();
            move || assert!(is_ended(&receive_on(&worker, &ChannelId::from(7), None).unwrap_err()))
        });
        let server = spawn(move || serve(&worker));
        let id = request(&host, None, vec![1; 10]).unwrap();
        tell_close(&host);
        assert_eq!(reply(&host, None, id).unwrap().len(), 11);
        server.join().unwrap();
        drop(host);
        method.join().unwrap();
    });
}

/// As a worker does: serves what has come, and leaves when it is asked to and all is written.
fn serve(worker: &Core) {
    while let Some(request) = worker
        .wait_for(Interest::Anything, None, |peer| {
            peer.take_special();
            match peer.take(&ChannelId::DEFAULT) {
                Some(request) => Some(Some(request)),
                None => (peer.is_asked_to_close() && !peer.has_output()).then_some(None),
            }
        })
        .unwrap()
    {
        let mut payload = [&request.payload[..], b"!"].concat();
        worker.post(|peer| {
            let _ = peer.send_reply_to(request.id, MessageKind::Reply, None, &mut payload).unwrap();
        });
    }
}

fn tell_close(core: &Core) {
    core.send(None, Flush::Now, |peer| Ok(((), peer.send_close_request()))).unwrap();
}
