//! A conversation from the greeting to the close, and what must have come of it.

use super::pair::{Other, connect, spawn};
use crate::messenger::{Core, Fault, Flush, Interest, MessengerError, Setup, Stop, Unread, Wait};
use crate::pipe::model::{Call, HOST, Plan, WORKER, boot, calls, death, read_so_far, written};
use crate::proto::handshake::{Greeting, Handshake, Side};
use crate::proto::{
    Addressee, ChannelId, End, Limits, Message, MessageKind, Order, Peer, Priority, RequestId, Special, Terms,
};
use crate::sync::{Arc, Instant, yield_now};

/// Bytes of a header: see [`frame`](crate::proto::frame).
const HEADER: usize = 32;

/// How large the conversation is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Bytes of a pipe.
    pub(super) capacity: usize,
    /// Bytes of the large call's payload.
    pub(super) large: usize,
}

/// What came of one conversation.
#[derive(Debug)]
pub(super) struct Run {
    /// What the host's calls gave, in their order.
    pub(super) results: Vec<(&'static str, Option<RequestId>, Outcome)>,
    /// What the worker served, by the first byte.
    pub(super) served: Vec<u8>,
    /// How the worker's loop ended: it left, or its host did.
    pub(super) left: Outcome,
    pub(super) is_at_rest: bool,
    /// Of each process.
    pub(super) calls: [Vec<Call>; 2],
    pub(super) read: [Vec<u8>; 2],
    pub(super) written: [usize; 2],
    /// How many calls the other process had made when each ended by a fault.
    pub(super) death: [Option<usize>; 2],
}

impl Run {
    /// The results without the requests' ids, which depend on who came first.
    pub(super) fn outcomes(&self) -> Vec<(&'static str, Outcome)> {
        self.results.iter().map(|(name, _, outcome)| (*name, outcome.clone())).collect()
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// This came, whole; of a large one its length and first byte.
    Came(usize, u8),
    /// It was done.
    Done,
    Gone(End),
    /// What must not be.
    Other(String),
}

impl From<Stop> for Outcome {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Fault(Fault::Ended { end, .. }) => Outcome::Gone(end),
            stop => Outcome::Other(format!("{stop:?}")),
        }
    }
}

impl From<MessengerError> for Outcome {
    fn from(error: MessengerError) -> Self {
        match error {
            MessengerError::Gone(gone) => Outcome::Gone(gone.end),
            error => Outcome::Other(format!("{error:?}")),
        }
    }
}

/// Holds the conversation; what is to go wrong in it is planned.
pub(super) fn converse(scale: Scale, wait: Wait, plans: Vec<Plan>) -> Run {
    let [host, worker] = boot(scale.capacity, plans);
    let greeting = |side| Greeting { side, service: "Script".into(), ..Greeting::default() };
    let setup = |side| Setup { wait, expects: Some(greeting(side)), ..Setup::default() };
    let host = {
        let mut peer = Peer::hosting(Order::Priority, Limits::HOST);
        peer.greet(&greeting(Side::Host).to_bytes());
        connect(host, peer, Setup { other: Some(Other::process(WORKER)), ..setup(Side::Host) })
    };
    let worker = {
        let mut peer = Peer::serving(Order::Priority, Limits::WORKER);
        peer.greet(&greeting(Side::Worker).to_bytes());
        connect(worker, peer, setup(Side::Worker))
    };
    let serving = spawn(move || {
        let mut served = Vec::new();
        let left = serve(&worker, &mut served);
        (served, left, worker.with(|peer| peer.is_at_rest()))
    });
    let results = call_all(&host, scale.large);
    let is_at_rest = host.with(|peer| peer.is_at_rest());
    drop(host);
    let (served, left, worker_is_at_rest) = serving.join().unwrap();
    Run {
        results,
        served,
        left,
        is_at_rest: is_at_rest && worker_is_at_rest,
        calls: [calls(HOST), calls(WORKER)],
        read: [read_so_far(HOST), read_so_far(WORKER)],
        written: [written(HOST), written(WORKER)],
        death: [death(HOST), death(WORKER)],
    }
}

/// The host's side: a small call, a large one that an urgent one passes, a norequest that an error is the answer to, a
/// call that is given up, the close.
fn call_all(host: &Arc<Core>, large: usize) -> Vec<(&'static str, Option<RequestId>, Outcome)> {
    let mut results = vec![call(host, "small", Priority::NONE, vec![b's'])];
    let large = spawn({
        let host = Arc::clone(host);
        move || call(&host, "large", Priority::new(5), vec![b'l'; large])
    });
    // The large one fills the pipe first.
    yield_now();
    results.push(call(host, "urgent", Priority::new(0), vec![b'u']));
    let told = host.send(None, Flush::Now, |peer| {
        Ok(((), peer.send_norequest(&ChannelId::DEFAULT, Priority::NONE, &mut vec![b'n'])?))
    });
    results.push(("norequest", None, told.map_or_else(Outcome::from, |()| Outcome::Done)));
    let error = host.wait_for(Interest::Anything, None, |peer| peer.take_special());
    let error = error.map_or_else(Outcome::from, |special| match special {
        Special::Error(payload) => Outcome::Came(payload.len(), payload[0]),
        Special::CloseRequest => Outcome::Other("nobody asked for it".into()),
    });
    results.push(("error", None, error));
    let (id, sent) = request(host, Priority::NONE, vec![b'c']);
    if let Ok(id) = sent {
        host.post(|peer| peer.cancel(id));
    }
    results.push(("cancelled", id, sent.map_or_else(Outcome::from, |_| Outcome::Done)));
    results.push(large.join().unwrap());
    let patience = Instant::now().checked_add(std::time::Duration::from_secs(1));
    results.push(("close", None, host.close(patience, Unread::Keep).into()));
    results
}

fn call(
    host: &Core,
    name: &'static str,
    priority: Priority,
    payload: Vec<u8>,
) -> (&'static str, Option<RequestId>, Outcome) {
    let (id, sent) = request(host, priority, payload);
    let outcome = match sent {
        Err(error) => error.into(),
        Ok(id) => match host.wait_for(Interest::Reply(id), None, |peer| peer.take_reply(id)) {
            Ok(reply) => Outcome::Came(reply.payload.len(), reply.payload[0]),
            Err(stop) => stop.into(),
        },
    };
    (name, id, outcome)
}

fn request(
    host: &Core,
    priority: Priority,
    mut payload: Vec<u8>,
) -> (Option<RequestId>, Result<RequestId, MessengerError>) {
    let mut known = None;
    let sent = host.send_request(None, Flush::Now, |peer| {
        let (channel, addressee) = (ChannelId::DEFAULT, Addressee::Caller);
        let pushed = peer.send_request(&channel, priority, Terms::default(), addressee, &mut payload);
        pushed.inspect(|(id, _)| known = Some(*id))
    });
    (known, sent)
}

/// The worker's side: what it takes it answers, a norequest by an error.
fn serve(worker: &Core, served: &mut Vec<u8>) -> Outcome {
    loop {
        match worker.wait_for(Interest::Anything, None, next) {
            Ok(Some(message)) => {
                served.push(message.payload[0]);
                let mut payload = message.payload.to_vec();
                worker.post(|peer| {
                    let sent = match message.kind {
                        MessageKind::Request => peer.answer(message.id, MessageKind::Reply, &mut payload),
                        _ => peer.send_error(&mut payload),
                    };
                    let _ = sent.unwrap();
                });
            }
            Ok(None) => return Outcome::Done,
            Err(stop) => return stop.into(),
        }
    }
}

/// As a worker's loop has it: nothing is begun while something as urgent is to be written.
fn next(peer: &mut Peer) -> Option<Option<Message>> {
    peer.take_special();
    match peer.peek_next() {
        Some(message) if peer.must_write_before(message) => None,
        Some(_) => peer.take_next().map(Some),
        None => (peer.is_asked_to_close() && !peer.has_output()).then_some(None),
    }
}

/// What a stream says of itself.
#[derive(Debug)]
pub(super) struct Stream {
    /// How it ends, if nobody asked for that; `None`: before the greeting is whole.
    pub(super) end: End,
    /// The requests whose replies it has, whole.
    pub(super) answered: Vec<u64>,
    pub(super) has_close_request: bool,
}

/// Reads a stream as the format is written down, with none of the code that is under test but the greeting's.
pub(super) fn read_stream(bytes: &[u8]) -> Stream {
    let mut stream = Stream { end: End::Unmet, answered: Vec::new(), has_close_request: false };
    let greeting = Handshake::new(1 << 10).handle_bytes(bytes).greeting.unwrap();
    let Some((_, mut rest)) = greeting else { return stream };
    let mut open = 0;
    while let Some(header) = rest.get(..HEADER) {
        let length = u32::from_le_bytes(header[..4].try_into().unwrap()) as usize;
        let (kind, more, continues) = (header[4], header[5] & 2 > 0, header[5] & 4 > 0);
        let Some(behind) = rest.get(HEADER + length..) else { break };
        open += usize::from(more && !continues);
        if !more {
            open -= usize::from(continues);
            match kind {
                3..=5 => stream.answered.push(u64::from_le_bytes(header[16..24].try_into().unwrap())),
                7 => stream.has_close_request = true,
                _ => {}
            }
        }
        rest = behind.to_vec();
    }
    stream.end = if rest.is_empty() && open == 0 { End::Dropped } else { End::Truncated };
    stream
}
