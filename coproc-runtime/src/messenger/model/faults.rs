//! The fault matrix: one conversation, with each thing that can go wrong in each of its steps.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Mutex;
use std::time::Duration;

use super::pair::WAITS;
use super::schedule::{Exhaustive, Random, run};
use super::script::{Outcome, Run, Scale, converse, read_stream};
use crate::messenger::Wait;
use crate::pipe::model::{Call, Fault, HOST, InFlight, Plan, WORKER};
use crate::proto::End;
use crate::proto::frame::CHUNK;
use crate::sync::Arc;

/// A pipe as the system's, and a call of several chunks.
const LARGE: Scale = Scale { capacity: 32 << 10, large: 150 << 10 };

/// A pipe that is always full.
const TIGHT: Scale = Scale { capacity: 7, large: 100 };

/// One in which each thread runs until it waits, and some in which they take turns at any point.
const SCHEDULES: [Option<u64>; 3] = [None, Some(1), Some(2)];

const IN_FLIGHT: [InFlight; 3] = [InFlight::Delivered, InFlight::Lost, InFlight::HeldOpen];

/// What a call can suffer and go on.
fn transient(call: Call) -> &'static [Fault] {
    match call {
        Call::Read | Call::Look | Call::Write => &[Fault::Short, Fault::Interrupted, Fault::Again],
        Call::Poll => &[Fault::Interrupted],
    }
}

/// Where and how a conversation is held.
#[derive(Clone, Copy, Debug)]
struct Setting {
    scale: Scale,
    wait: Wait,
    /// The number of a schedule by chance; `None`: the plain one.
    schedule: Option<u64>,
}

fn play(setting: Setting, plans: &[Plan]) -> Run {
    let Setting { scale, wait, schedule } = setting;
    let outcome = Arc::new(Mutex::new(None));
    let (kept, plans) = (Arc::clone(&outcome), plans.to_vec());
    let play = move || *kept.lock().unwrap() = Some(converse(scale, wait, plans.clone()));
    let runs = match schedule {
        None => run(Exhaustive::new(0), play),
        Some(number) => run(Random::one(number), play),
    };
    assert_eq!(runs, 1);
    outcome.lock().unwrap().take().unwrap()
}

/// Says what was being tried if it fails, whether by a panic of its own or by one of the checker's.
struct Trying<T: Debug>(T);

impl<T: Debug> Drop for Trying<T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("while trying {:?}", self.0);
        }
    }
}

#[test]
fn whatever_goes_wrong_in_a_step_and_passes_leaves_every_result_as_it_is() {
    let mut sizes = BTreeMap::new();
    for setting in each_setting() {
        let plain = play(setting, &[]);
        check_plain(&plain, setting);
        for process in [HOST, WORKER] {
            for (step, call) in plain.calls[process].iter().enumerate() {
                for &fault in transient(*call) {
                    let plan = Plan::AtStep { process, step, fault };
                    let _trying = Trying((setting, plan));
                    let found = play(setting, &[plan]);
                    assert_eq!(found.outcomes(), plain.outcomes());
                    assert_eq!((&found.left, found.is_at_rest), (&Outcome::Done, true));
                    check_served(&found.served, true);
                    *sizes.entry(format!("{fault:?} in {call:?}")).or_insert(0) += 1;
                }
            }
        }
    }
    report("transient", &sizes, 10);
}

#[test]
fn an_end_in_any_step_ends_every_call_and_takes_nothing_that_had_come() {
    let mut sizes = BTreeMap::new();
    for setting in each_setting() {
        let plain = play(setting, &[]);
        for (process, in_flight) in each_death(setting.wait) {
            for step in 0..plain.calls[process].len() {
                let plan = Plan::AtStep { process, step, fault: Fault::Death(in_flight) };
                let _trying = Trying((setting, plan));
                check_ended(&play(setting, &[plan]), process, in_flight, &plain);
                *sizes.entry(format!("{in_flight:?}, of {process}")).or_insert(0) += 1;
            }
        }
    }
    report("ends by step", &sizes, 5);
}

#[test]
fn an_end_at_any_byte_ends_every_call_and_takes_nothing_that_had_come() {
    let mut sizes = BTreeMap::new();
    for setting in each_setting().filter(|setting| setting.scale.capacity == TIGHT.capacity) {
        let plain = play(setting, &[]);
        for process in [HOST, WORKER] {
            for byte in 0..plain.written[process] {
                let plan = Plan::AtByte { process, byte };
                let _trying = Trying((setting, plan));
                check_ended(&play(setting, &[plan]), process, InFlight::Delivered, &plain);
                *sizes.entry(format!("at a byte of {process}")).or_insert(0) += 1;
            }
        }
    }
    report("ends by byte", &sizes, 2);
}

#[test]
fn what_goes_wrong_after_an_end_changes_nothing() {
    let mut sizes = BTreeMap::new();
    for setting in each_setting() {
        let plain = play(setting, &[]);
        for (process, in_flight) in each_death(setting.wait) {
            let survivor = 1 - process;
            for step in 0..plain.calls[process].len() {
                let end = Plan::AtStep { process, step, fault: Fault::Death(in_flight) };
                let ended = play(setting, &[end]);
                let since = ended.death[process].unwrap();
                for (step, call) in ended.calls[survivor].iter().enumerate().skip(since) {
                    for &fault in transient(*call) {
                        // A look after an end finds what is there.
                        if (*call, fault) == (Call::Look, Fault::Again) {
                            continue;
                        }
                        let plan = Plan::AtStep { process: survivor, step, fault };
                        let _trying = Trying((setting, end, plan));
                        let found = play(setting, &[end, plan]);
                        check_ended(&found, process, in_flight, &plain);
                        *sizes.entry(format!("{fault:?} in {call:?}")).or_insert(0) += 1;
                    }
                }
            }
        }
    }
    report("transient after an end", &sizes, 6);
}

fn each_setting() -> impl Iterator<Item = Setting> {
    let settings = [LARGE, TIGHT].into_iter().flat_map(|scale| WAITS.map(|wait| (scale, wait)));
    settings.flat_map(|(scale, wait)| SCHEDULES.map(|schedule| Setting { scale, wait, schedule }))
}

/// A worker learns of its host's end by its pipe alone; and in a blocking read a host does of its worker's.
fn each_death(wait: Wait) -> impl Iterator<Item = (usize, InFlight)> {
    let deaths =
        [HOST, WORKER].into_iter().flat_map(|process| IN_FLIGHT.map(|in_flight| (process, in_flight)));
    deaths.filter(move |(process, in_flight)| {
        *in_flight != InFlight::HeldOpen || *process == WORKER && wait != Wait::Block
    })
}

fn check_plain(run: &Run, setting: Setting) {
    let expected = [
        ("small", Outcome::Came(1, b's')),
        ("urgent", Outcome::Came(1, b'u')),
        ("norequest", Outcome::Done),
        ("error", Outcome::Came(1, b'n')),
        ("cancelled", Outcome::Done),
        ("large", Outcome::Came(setting.scale.large, b'l')),
        ("close", Outcome::Gone(End::Closed)),
    ];
    assert_eq!(run.outcomes(), expected);
    assert_eq!((&run.left, run.is_at_rest), (&Outcome::Done, true));
    check_served(&run.served, true);
    if setting.schedule.is_none() {
        let place = |which| run.served.iter().position(|served| *served == which);
        let is_in_chunks = setting.scale.large > CHUNK;
        assert_eq!(place(b'u') < place(b'l'), is_in_chunks, "what is urgent passes between chunks");
    }
}

/// Each once, and the call that was given up perhaps.
fn check_served(served: &[u8], all: bool) {
    let mut served: Vec<_> = served.iter().copied().filter(|which| *which != b'c').collect();
    let count = served.len();
    served.sort_unstable();
    served.dedup();
    assert_eq!(served.len(), count, "nothing is served twice");
    assert!(!all || served == *b"lnsu", "{served:?}");
}

/// What must be true after one side has ended.
fn check_ended(run: &Run, process: usize, in_flight: InFlight, plain: &Run) {
    check_served(&run.served, false);
    if run.death[process].is_none() {
        // It had made fewer calls this time.
        assert_eq!(run.outcomes(), plain.outcomes());
        return;
    }
    let read = &run.read[1 - process];
    if in_flight != InFlight::Lost && run.left != Outcome::Done {
        assert_eq!(read.len(), run.written[process], "what the pipe holds is read to its end: {run:?}");
    }
    let stream = read_stream(read);
    if process == HOST {
        let asked = stream.has_close_request;
        match &run.left {
            Outcome::Done => assert!(asked),
            left => assert_eq!(left, &Outcome::Gone(expected_end(&stream.end, asked))),
        }
        return;
    }
    let mut is_over = false;
    for ((name, id, found), (_, _, as_ever)) in run.results.iter().zip(&plain.results) {
        let is_answered = id.is_some_and(|id| stream.answered.contains(&id.get()));
        match found {
            Outcome::Gone(end) => {
                let asked = *name == "close" && !is_over;
                assert_eq!(*end, expected_end(&stream.end, asked), "{name} in {run:?}");
                assert!(!is_answered || *name == "cancelled", "{name} had its reply: {:?}", run.results);
                is_over |= *name != "large";
            }
            found => assert_eq!(found, as_ever, "{name}"),
        }
    }
}

fn expected_end(end: &End, asked: bool) -> End {
    if asked && *end == End::Dropped { End::Closed } else { *end }
}

/// Prints a matrix's size; it has so many kinds of entries at least.
fn report(name: &str, sizes: &BTreeMap<String, usize>, kinds: usize) {
    println!("{name}: {} runs, {sizes:?}", sizes.values().sum::<usize>());
    assert!(sizes.len() >= kinds, "{sizes:?}");
}
