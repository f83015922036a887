//! Answers that wait for others: written by a thread that sees to them, while the next method blocks, or by any that waits.

use super::pair::{Other, ROOMY, connect, explore, receive_on, reply, request, spawn};
use crate::messenger::{Core, Flush, Interest, Setup, Wait};
use crate::pipe::model::{WORKER, boot};
use crate::proto::{ChannelId, Limits, Message, MessageKind, Order, Peer};
use crate::sync::Arc;

/// A host, and a worker that serves all channels in one order.
fn host_and_worker(wait: Wait) -> [Arc<Core>; 2] {
    let [host, worker] = boot(ROOMY, Vec::new());
    let other = Some(Other::process(WORKER));
    let host =
        connect(host, Peer::new(Order::Priority, Limits::PAIR), Setup { wait, other, ..Setup::default() });
    let peer = Peer::serving(Order::Priority, Limits::PAIR);
    [host, connect(worker, peer, Setup { wait, ..Setup::default() })]
}

/// Answers a request, and says whether somebody has to see to the answer.
fn gather(worker: &Core, request: &Message) -> bool {
    let put = |peer: &mut Peer| {
        let _ = peer.answer(request.id, MessageKind::Reply, &mut request.payload.to_vec()).unwrap();
        if peer.queued_together() > 0 { Flush::WhenFull } else { Flush::Now }
    };
    worker.put_and_wait(put, Interest::Anything, |peer| Some(peer.has_output())).unwrap()
}

fn serve_two(wait: Wait, waits_elsewhere: bool) {
    let [host, worker] = host_and_worker(wait);
    let elsewhere = waits_elsewhere.then(|| {
        let worker = Arc::clone(&worker);
        spawn(move || drop(receive_on(&worker, &ChannelId::from(7), None)))
    });
    let [first, second] = [1, 2].map(|number| {
        let (id, host) = (request(&host, None, vec![number]).unwrap(), Arc::clone(&host));
        spawn(move || assert_eq!(reply(&host, None, id).unwrap(), [number]))
    });
    let both = |peer: &mut Peer| (peer.queued_together() == 2).then_some(());
    worker.wait_for(Interest::Anything, None, both).unwrap();
    let take = || worker.with(|peer| peer.take_next()).unwrap();
    let request = take();
    // As long as the second is queued the answer to the first one waits for its own.
    let seen_to = gather(&worker, &request).then(|| {
        let worker = Arc::clone(&worker);
        spawn(move || worker.post(|_| ()))
    });
    let next = take();
    // The second method blocks until the first call has its answer.
    first.join().unwrap();
    assert!(!gather(&worker, &next), "nothing is left to be answered");
    second.join().unwrap();
    drop(host);
    seen_to.into_iter().chain(elsewhere).for_each(|thread| thread.join().unwrap());
}

#[test]
fn an_answer_that_waits_for_others_arrives_while_the_next_method_blocks() {
    explore(3, 5_000, |wait| serve_two(wait, false));
}

#[test]
fn the_same_beside_a_thread_of_the_worker_that_waits() {
    explore(2, 5_000, |wait| serve_two(wait, true));
}

#[test]
fn what_was_held_back_by_output_goes_on_once_a_wait_has_written_that() {
    explore(3, 5_000, |wait| {
        let [host, worker] = host_and_worker(wait);
        let ids = [1, 2].map(|number| request(&host, None, vec![number]).unwrap());
        let both = |peer: &mut Peer| (peer.queued_together() == 2).then_some(());
        worker.wait_for(Interest::Anything, None, both).unwrap();
        let first = worker.with(|peer| peer.take_next()).unwrap();
        assert!(gather(&worker, &first));
        let held_back = |peer: &mut Peer| if peer.has_output() { None } else { peer.take_next() };
        let second = worker.wait_for(Interest::Anything, None, held_back).unwrap();
        assert!(!gather(&worker, &second));
        for (number, id) in (1..).zip(ids) {
            assert_eq!(reply(&host, None, id).unwrap(), [number]);
        }
    });
}
