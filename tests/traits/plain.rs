//! Methods that read beside methods that change, without arguments and without results.
#![allow(
    clippy::needless_arbitrary_self_type,
    clippy::needless_lifetimes,
    reason = "odd receivers are tested"
)]

use crate::{remote, same};

/// A light, as a driver crate has it.
#[coproc::worker]
trait OutputPin {
    fn set_high(&mut self);
    fn set_low(&mut self);
    fn toggle(&mut self) -> ();
    fn is_set_high(&self) -> bool;
    fn changes(&self) -> u64;
}

#[derive(Default)]
struct Led {
    on: bool,
    changes: u64,
}

impl OutputPin for Led {
    fn set_high(&mut self) {
        self.changes += u64::from(!self.on);
        self.on = true;
    }
    fn set_low(&mut self) {
        self.changes += u64::from(self.on);
        self.on = false;
    }
    fn toggle(&mut self) {
        if self.on { self.set_low() } else { self.set_high() }
    }
    fn is_set_high(&self) -> bool {
        self.on
    }
    fn changes(&self) -> u64 {
        self.changes
    }
}

#[test]
fn a_driver_keeps_its_state() {
    let (mut here, there) = (Led::default(), remote(OutputPinWorker(Led::default())));
    same!(here, there =>
        is_set_high(), set_high(), set_high(), is_set_high(), changes(), toggle(), is_set_high(), toggle(),
        set_low(), is_set_high(), changes(),
    );
    assert_eq!(there.changes().unwrap(), 4);
}

/// Two arguments of the same type, options and characters, and every receiver that is a reference.
#[coproc::worker]
trait Turtle {
    fn forward(self: &mut Self, steps: i32);
    fn turn(&mut self, clockwise: bool);
    fn pen(&mut self, colour: Option<char>);
    fn at(self: &Self) -> (i32, i32);
    fn heading<'t>(&'t self) -> char;
    fn drawn<'t>(self: &'t Self) -> Vec<((i32, i32), char)>;
    fn home(&mut self);
}

#[derive(Default)]
struct Logo {
    place: (i32, i32),
    quarter: usize,
    colour: Option<char>,
    drawn: Vec<((i32, i32), char)>,
}

impl Turtle for Logo {
    fn forward(&mut self, steps: i32) {
        for _ in 0..steps {
            let (right, up) = [(0, 1), (1, 0), (0, -1), (-1, 0)][self.quarter];
            self.place = (self.place.0 + right, self.place.1 + up);
            self.drawn.extend(self.colour.map(|colour| (self.place, colour)));
        }
    }
    fn turn(&mut self, clockwise: bool) {
        self.quarter = (self.quarter + if clockwise { 1 } else { 3 }) % 4;
    }
    fn pen(&mut self, colour: Option<char>) {
        self.colour = colour;
    }
    fn at(&self) -> (i32, i32) {
        self.place
    }
    fn heading(&self) -> char {
        ['N', 'E', 'S', 'W'][self.quarter]
    }
    fn drawn(&self) -> Vec<((i32, i32), char)> {
        self.drawn.clone()
    }
    fn home(&mut self) {
        self.place = (0, 0);
    }
}

#[test]
fn a_turtle_goes_where_it_is_told() {
    let (mut here, there) = (Logo::default(), remote(TurtleWorker(Logo::default())));
    same!(here, there =>
        forward(2), turn(true), heading(), pen(Some('ä')), forward(3), turn(false), turn(false), pen(None),
        forward(i32::MIN), heading(), at(), drawn(), home(), at(),
    );
}

/// A queue: what it takes and gives is a tuple, a character, a nested option; `unit` types stand by themselves.
#[coproc::worker]
pub(crate) trait Scheduler {
    fn push(&mut self, task: (u8, String), after: core::time::Duration);
    fn pop(&mut self) -> Option<(u8, String)>;
    fn peek(&self) -> Option<Option<u8>>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn clear(&mut self);
    fn idle(&self, nothing: (), unit: [(); 3]) -> ((), u8);
    fn largest(&self) -> [u128; 2];
    fn floats(&self, float: f32) -> (f32, f64);
    #[norequest]
    fn nudge(&mut self);
    #[norequest]
    fn note(&self);
}

#[derive(Default)]
struct Tasks(Vec<(core::time::Duration, (u8, String))>);

impl Scheduler for Tasks {
    fn push(&mut self, task: (u8, String), after: core::time::Duration) {
        self.0.push((after, task));
        self.0.sort();
    }
    fn pop(&mut self) -> Option<(u8, String)> {
        (!self.0.is_empty()).then(|| self.0.remove(0).1)
    }
    fn peek(&self) -> Option<Option<u8>> {
        self.0.first().map(|(_, (task, _))| (*task > 0).then_some(*task))
    }
    fn len(&self) -> usize {
        self.0.len()
    }
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    fn clear(&mut self) {
        self.0.clear();
    }
    fn idle(&self, (): (), _: [(); 3]) -> ((), u8) {
        ((), 1)
    }
    fn largest(&self) -> [u128; 2] {
        [u128::MAX, 0]
    }
    fn floats(&self, float: f32) -> (f32, f64) {
        (float, float.into())
    }
    fn nudge(&mut self) {
        self.0.push(Default::default());
    }
    fn note(&self) {}
}

#[test]
fn a_queue_gives_back_what_it_was_given() {
    use std::time::Duration;

    let (mut here, there) = (Tasks::default(), remote(SchedulerWorker(Tasks::default())));
    same!(here, there =>
        is_empty(), pop(), peek(), push((1, "one".to_owned()), Duration::MAX),
        push((0, String::new()), Duration::from_nanos(1)), len(), peek(), pop(), peek(), is_empty(),
        idle((), [(); 3]), largest(), floats(-0.0), floats(f32::INFINITY), clear(), len(),
    );
    there.nudge().unwrap();
    there.note().unwrap();
    here.nudge();
    here.note();
    same!(here, there => len(), pop());
}
