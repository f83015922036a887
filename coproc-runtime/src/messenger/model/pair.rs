//! Two messengers over pipes in memory, and what their threads do.

use std::time::Duration;

use super::schedule::{Exhaustive, Random, run};
use crate::messenger::{
    Core, Exit, Flush, Interest, MessengerError, OtherSide, Remains, Setup, Signal, Stop, Wait,
};
use crate::pipe::model::{End, WORKER, boot};
use crate::pipe::{ExitWatch, ReadEnd, WriteEnd};
use crate::proto::{
    Addressee, ChannelId, Limits, Message, MessageKind, Order, Peer, Priority, RequestId, Terms,
};
use crate::sync::{Arc, Instant};

pub(super) use shuttle::thread::spawn;

/// Each way of waiting; looks are of one or two turns.
pub(super) const WAITS: [Wait; 3] = [Wait::Adaptive, Wait::Block, Wait::Spin(Duration::from_micros(10))];

/// Less than a header: any message fills a pipe of so many bytes.
pub(super) const TIGHT: usize = 24;

/// More than what any of these tests has in a pipe, in bytes.
pub(super) const ROOMY: usize = 1 << 10;

/// Runs a test in every schedule within so many departures from the plain one, and in so many by chance, for each way
/// of waiting.
pub(super) fn explore(departures: usize, by_chance: u64, test: impl Fn(Wait) + Copy + Send + Sync + 'static) {
    for wait in WAITS {
        let within = run(Exhaustive::new(departures), move || test(wait));
        let by_chance = run(Random::new(by_chance), move || test(wait));
        println!("{wait:?}: all {within} schedules within {departures} departures, {by_chance} by chance");
    }
}

/// Runs a test as [`explore`] does, with time passing only when every thread waits.
pub(super) fn explore_on_time(departures: usize, test: impl Fn(Wait) + Copy + Send + Sync + 'static) {
    for wait in WAITS {
        let within = run(Exhaustive::on_time(departures), move || test(wait));
        println!("{wait:?}: all {within} schedules within {departures} departures, on time");
    }
}

/// Two sides that are connected by pipes of so many bytes; the first sees the second's exit.
pub(super) fn pair(capacity: usize, limits: Limits, wait: Wait) -> [Arc<Core>; 2] {
    let [host, worker] = boot(capacity, Vec::new());
    let peer = || Peer::new(Order::Priority, limits);
    let other = Some(Other::process(WORKER));
    let host = connect(host, peer(), Setup { wait, other, ..Setup::default() });
    [host, connect(worker, peer(), Setup { wait, ..Setup::default() })]
}

pub(super) fn connect((read, write): (End, End), peer: Peer, setup: Setup) -> Arc<Core> {
    Core::new(ReadEnd::new(read), WriteEnd::new(write).unwrap(), peer, setup).unwrap()
}

/// A process, as the other one sees it.
#[derive(Debug)]
pub(super) struct Other(ExitWatch);

impl Other {
    pub(super) fn process(number: usize) -> Arc<dyn OtherSide> {
        Arc::new(Other(ExitWatch::of(number)))
    }
}

impl OtherSide for Other {
    fn pid(&self) -> Option<u32> {
        None
    }

    fn exit_watch(&self) -> Option<&ExitWatch> {
        Some(&self.0)
    }

    fn exit(&self, _patience: Option<Duration>) -> Option<Exit> {
        None
    }

    fn remains(&self) -> Remains {
        Remains::default()
    }

    fn note_printed(&self, _text: &[u8]) {}

    fn signal(&self, _signal: Signal, _why: &str) -> std::io::Result<()> {
        Ok(())
    }

    fn put_away(&self, _patience: Duration) {}
}

/// A caller's half of a call: sends the request.
pub(super) fn request(
    core: &Core,
    until: Option<Instant>,
    mut payload: Vec<u8>,
) -> Result<RequestId, MessengerError> {
    core.send_request(until, Flush::Now, |peer| {
        peer.send_request(
            &ChannelId::DEFAULT,
            Priority::NONE,
            Terms::default(),
            Addressee::Caller,
            &mut payload,
        )
    })
}

/// The other half: waits for the reply.
pub(super) fn reply(core: &Core, until: Option<Instant>, id: RequestId) -> Result<Vec<u8>, Stop> {
    core.wait_for(Interest::Reply(id), until, |peer| peer.take_reply(id))
        .map(|message| message.payload.into_vec())
}

/// Waits for a message of a channel.
pub(super) fn receive_on(core: &Core, channel: &ChannelId, until: Option<Instant>) -> Result<Message, Stop> {
    core.wait_for(Interest::Channel(channel.clone()), until, |peer| peer.take(channel))
}

/// Waits for a message of the default channel.
pub(super) fn receive(core: &Core) -> Result<Message, Stop> {
    receive_on(core, &ChannelId::DEFAULT, None)
}

/// Sends a message that nothing is owed for.
pub(super) fn tell(core: &Core, until: Option<Instant>, mut payload: Vec<u8>) -> Result<(), MessengerError> {
    core.send(until, Flush::Now, |peer| {
        Ok(((), peer.send_norequest(&ChannelId::DEFAULT, Priority::NONE, &mut payload)?))
    })
}

/// Answers with what the request said, and one byte more.
pub(super) fn answer(core: &Core, request: Message) -> Result<(), MessengerError> {
    let mut payload = request.payload.into_vec();
    payload.push(b'!');
    core.send(None, Flush::Now, |peer| {
        Ok(((), peer.send_reply_to(request.id, MessageKind::Reply, None, &mut payload)?))
    })
}

/// A moment that is to come.
pub(super) fn in_ms(milliseconds: u64) -> Option<Instant> {
    Some(Instant::now() + Duration::from_millis(milliseconds))
}
