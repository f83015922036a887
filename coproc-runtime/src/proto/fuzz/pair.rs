//! Two sides that keep to the protocol: whatever they call, and however their bytes are split, neither finds a fault in
//! the other, and each message comes once and as it was sent.

use super::item::Item;
use super::script::Script;
use super::side::Side;
use crate::proto::frame::CHUNK;
use crate::proto::{Order, Peer, Special};

/// Rounds in which all that is under way arrives, is answered, and the answer arrives.
const ROUNDS: usize = 100;

/// The script of a portion that is the whole.
const ALL: &[u8] = &[u8::MAX];

/// Two sides, and calls and splits from a script.
pub fn pair(bytes: &[u8]) {
    let mut script = Script(bytes);
    let mut pair = Pair::new(&mut script);
    while !script.is_over() {
        let here = script.index(2);
        match script.index(4) {
            0 => pair.write(here, &mut script),
            1 => pair.read(here, &mut script),
            _ => {
                let taken = pair.sides[here].call(&mut script);
                pair.check_arrivals(here, taken);
            }
        }
        pair.sides[here].check();
    }
    pair.finish();
}

struct Pair {
    sides: [Side; 2],
    /// What each side has written and the other not read.
    pipes: [Vec<u8>; 2],
}

impl Pair {
    fn new(script: &mut Script<'_>) -> Self {
        let order = script.pick(&[Order::Fifo, Order::Priority]);
        let (here, there) = (script.limits(), script.limits());
        let serves = script.flag();
        let (one, other) = if serves {
            (Peer::hosting(order, here), Peer::serving(order, there))
        } else {
            (Peer::new(order, here), Peer::new(order, there))
        };
        let one = one.sending_within(there.message, there.unsolicited_message);
        let mut other = other.sending_within(here.message, here.unsolicited_message);
        other.note_pipe_size(10 * CHUNK);
        Pair { sides: [Side::new(one, false), Side::new(other, serves)], pipes: Default::default() }
    }

    fn write(&mut self, here: usize, script: &mut Script<'_>) {
        let peer = &mut self.sides[here].peer;
        let bytes = peer.output().concat();
        let count = script.portion(bytes.len());
        self.pipes[here].extend_from_slice(&bytes[..count]);
        peer.wrote(count);
    }

    fn read(&mut self, here: usize, script: &mut Script<'_>) {
        let pipe = &mut self.pipes[1 - here];
        if self.sides[here].peer.wants_input() {
            let bytes: Vec<u8> = pipe.drain(..script.portion(pipe.len())).collect();
            let peer = &mut self.sides[here].peer;
            let filled = fill(peer, &bytes, script);
            assert_eq!(peer.handle_bytes(&bytes[filled..]), Ok(()));
        }
    }

    /// Finds what was taken among what was sent: the first of those that keep their order.
    fn check_arrivals(&mut self, here: usize, taken: impl IntoIterator<Item = Item>) {
        for item in taken {
            let other = &mut self.sides[1 - here];
            let is_due =
                |sent: &Item| *sent == item || sent.goes_ahead_of(&item) && !other.may_be_dropped(sent);
            match other.sent.iter().position(|(_, sent)| is_due(sent)) {
                Some(due) => assert_eq!(other.sent.remove(due).1, item),
                None => self.sides[here].drop_expired(&item),
            }
        }
    }

    /// Carries, takes and answers until nothing is left.
    fn finish(mut self) {
        let mut rounds = 0;
        while self.go_on() {
            rounds += 1;
            assert!(rounds < ROUNDS, "it never ends");
        }
        for here in [0, 1] {
            let (side, other) = (&self.sides[here], &self.sides[1 - here]);
            assert!(side.peer.wants_input());
            assert_eq!((side.peer.available_anywhere(), side.is_waiting()), (0, false));
            for (_, item) in &side.sent {
                let is_moot = match item {
                    Item::Special(Special::CloseRequest) => other.peer.is_asked_to_close(),
                    Item::Special(Special::Error(_)) => false,
                    Item::Message(message) if message.kind.is_reply() => other.given_up.contains(&message.id),
                    Item::Message(message) => side.given_up.contains(&message.id),
                };
                assert!(is_moot, "{item:?} has not arrived");
            }
        }
    }

    /// Lets all that is under way arrive, and be answered; whether there was anything.
    fn go_on(&mut self) -> bool {
        let mut quiet = true;
        for here in [0, 1] {
            while self.sides[here].peer.has_output() {
                self.write(here, &mut Script(ALL));
            }
            self.read(1 - here, &mut Script(ALL));
            let taken = self.sides[1 - here].take_all();
            quiet &= taken.is_empty() && self.pipes[here].is_empty();
            self.check_arrivals(1 - here, taken);
            self.sides[1 - here].answer_all();
        }
        !quiet || self.sides.iter().any(|side| side.peer.has_output())
    }
}

/// Puts bytes where they belong, if there is an opening, or only gives that back; how many.
fn fill(peer: &mut Peer, bytes: &[u8], script: &mut Script<'_>) -> usize {
    let spare = |bytes| script.flag().then(|| vec![7; bytes]);
    let Some(mut opening) = peer.opening(spare) else { return 0 };
    let count = opening.buffer().len().min(script.portion(bytes.len()));
    opening.buffer()[..count].copy_from_slice(&bytes[..count]);
    assert_eq!(peer.handle_filled(opening, count), Ok(()));
    count
}
