//! A host against workers that are out to harm it: each call ends, and its memory stays under a bound.

mod scripts;

#[path = "../support/process.rs"]
mod process;
#[path = "../support/raw.rs"]
mod raw;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use coproc::proto::{Budget, Limits};
use coproc::{Error, MessengerError, Stub};
use serde::{Deserialize, Serialize};

use process::memory_peak;
use support::{exists, in_time};

/// What a hostile worker claims to serve.
#[coproc::worker]
trait Prey {
    fn repeat(&self, text: &str) -> String;
    fn tree(&self) -> Tree;
    fn units(&self) -> Vec<()>;
    #[norequest]
    fn push(&self, bytes: &[u8]);
}

/// Lists in lists.
#[derive(Debug, Serialize, Deserialize)]
struct Tree(Vec<Tree>);

#[test]
fn raw() {
    if let Some(script) = raw::script() {
        scripts::play(&script);
    }
}

#[test]
fn host() {
    if let Some(part) = process::part() {
        play_host(&part);
    }
}

/// The most memory that a host may have had in use.
///
/// The budget for what nobody asked for, and where nothing of it can be taken, one message more (`Limits::HOST`); for the
/// program, its threads, and what a queue takes beside the messages, as much as a quarter of that.
const BOUND: u64 = 5 * (Budget::UNSOLICITED.bytes + Limits::HOST.unsolicited_message) / 4;

/// Bytes of an error's text: a worker's greeting may be quoted in it.
const LONGEST_TEXT: usize = 2 << 20;

/// A time limit of calls that no worker answers, in milliseconds.
const SOON: u64 = 50;

/// A time limit that no call needs.
const NEVER: u64 = 50_000;

/// Has hosts call a worker of this script from several threads, each call with this limit in milliseconds: one that receives
/// what else comes, and one that doesn't. Calls end with some of these outcomes, with the first of them at least.
fn suffer(script: &'static str, limit: u64, outcomes: &'static [&str]) {
    thread::scope(|scope| {
        for how in ["receive", "ignore"] {
            scope.spawn(move || play(format!("{how} {limit} {script}"), outcomes));
        }
    });
}

fn play(part: String, expected: &'static [&str]) {
    in_time(move || {
        let output = process::host(&part).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{part}: {text}");
        let all = |key: &'static str| text.lines().filter_map(move |line| line.strip_prefix(key));
        let outcomes: BTreeSet<_> = all("outcome ").collect();
        assert!(outcomes.contains(expected[0]), "{part}: {outcomes:?}");
        assert!(outcomes.iter().all(|outcome| expected.contains(outcome)), "{part}: {outcomes:?}");
        let peak: u64 = all("peak ").next().unwrap().parse().unwrap();
        assert!(peak < BOUND, "{part}: {} KiB", peak >> 10);
        println!("{part}: {outcomes:?} {} KiB", peak >> 10);
    });
}

/// The host's side of a test.
fn play_host(part: &str) {
    std::panic::set_hook(Box::new(|info| {
        println!("{info}");
        exit(1);
    }));
    let [how, limit, script] = part.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{part}") };
    let limit = Duration::from_millis(limit.parse().unwrap());
    // A star stands for any number.
    let numbers = if script.ends_with('*') { 0..50 } else { 0..1 };
    for number in numbers {
        let spawn =
            raw::spawn(&script.replace('*', &number.to_string())).patience(Duration::from_millis(100));
        let prey: PreyHost = spawn.start(()).unwrap();
        let process = prey.pid().unwrap();
        match how {
            "receive" => call_and_receive(&prey.timeout(limit)),
            "ignore" => call_from_threads(&prey.timeout(limit)),
            _ => say(prey.repeat("no limit"), |_| false),
        }
        drop(prey);
        assert!(!exists(process), "neither a process nor a zombie");
    }
    println!("peak {}", memory_peak());
    exit(0);
}

fn call_and_receive(prey: &PreyHost) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| receive(prey, &done));
        call_from_threads(prey);
        done.store(true, Ordering::Relaxed);
    });
}

fn call_from_threads(prey: &PreyHost) {
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..3 {
                    say(prey.repeat("a few words"), |text| text == "a few words");
                    say(prey.tree(), |_| false);
                    say(prey.units(), |_| false);
                    // Enough of them fill a pipe that nobody reads.
                    if let Err(error) = prey.push(&[7; 32 << 10]) {
                        say(Err(error), |()| false);
                    }
                }
            });
        }
    });
}

/// Says what has become of a call.
fn say<T: Debug>(outcome: Result<T, Error>, is_right: impl Fn(&T) -> bool) {
    match outcome {
        Ok(value) if is_right(&value) => println!("outcome value"),
        Ok(value) => println!("outcome wrong {value:?}"),
        Err(error) => {
            assert!(error.to_string().len() < LONGEST_TEXT);
            println!("outcome {:?}", error.kind());
        }
    }
}

/// Receives all that comes, until the calls are done or nothing will come.
fn receive(prey: &PreyHost, done: &AtomicBool) {
    let messenger = prey.messenger::<(), Vec<u8>>();
    while !done.load(Ordering::Relaxed) {
        match messenger.receive_timeout((), Duration::from_millis(5)) {
            Ok(_) | Err(MessengerError::TimedOut | MessengerError::Codec(_)) => {}
            Err(MessengerError::Remote(_) | MessengerError::CloseRequested) => {}
            Err(_) => return,
        }
    }
}

#[test]
fn noise() {
    suffer("noise *", NEVER, &["Protocol"]);
    suffer("noise-behind *", NEVER, &["Protocol"]);
}

#[test]
fn frames_with_anything_in_their_fields() {
    suffer("frames *", NEVER, &["Protocol", "Codec"]);
}

#[test]
fn replies_to_other_requests() {
    suffer("wrong-ids", NEVER, &["Protocol"]);
}

#[test]
fn replies_that_nobody_asked_for() {
    suffer("unasked", NEVER, &["Protocol"]);
    // Some of these are asked for by chance.
    suffer("flood 4", NEVER, &["Protocol", "Codec"]);
    suffer("flood 5", NEVER, &["Protocol", "TimedOut"]);
}

#[test]
fn two_replies_to_one_request() {
    suffer("twice", NEVER, &["Protocol", "value"]);
}

#[test]
fn a_reply_a_byte_at_a_time() {
    suffer("byte-by-byte", NEVER, &["value", "Codec"]);
}

#[test]
fn a_reply_a_byte_a_second() {
    suffer("byte-a-second", SOON, &["TimedOut"]);
}

#[test]
fn lengths_beyond_all_limits() {
    suffer("huge-frame", NEVER, &["Protocol"]);
    suffer("huge-message", NEVER, &["Protocol"]);
    suffer("huge-request", NEVER, &["Protocol"]);
}

#[test]
fn messages_that_never_end() {
    suffer("long-message", SOON, &["TimedOut"]);
    suffer("endless-message", SOON, &["TimedOut"]);
}

#[test]
fn messages_that_are_opened_and_left() {
    suffer("opened", NEVER, &["Protocol"]);
    suffer("opened-named", NEVER, &["Protocol"]);
    suffer("opened-large", NEVER, &["Protocol"]);
}

#[test]
fn credit_that_nobody_gave() {
    suffer("credit", NEVER, &["Protocol"]);
}

#[test]
fn text_without_end_ahead_of_a_greeting() {
    suffer("preamble", NEVER, &["Protocol"]);
}

#[test]
fn greetings_of_others() {
    suffer("other-service", NEVER, &["Mismatch"]);
    suffer("other-version", NEVER, &["Protocol"]);
    suffer("echo", NEVER, &["Protocol"]);
}

#[test]
fn greetings_that_announce_more_than_there_is() {
    suffer("greeting-length", NEVER, &["Protocol"]);
    suffer("greeting-counts", NEVER, &["Protocol"]);
    suffer("greeting-signatures", NEVER, &["Mismatch"]);
}

#[test]
fn replies_that_do_not_decode() {
    for number in 0..=6 {
        let script = format!("payload {number}").leak();
        suffer(script, NEVER, &["Codec"]);
    }
}

#[test]
fn a_worker_that_reads_nothing() {
    suffer("deaf", SOON, &["TimedOut"]);
}

#[test]
fn a_flood_of_norequests() {
    suffer("flood 1", SOON, &["TimedOut"]);
    suffer("flood-middling 1", SOON, &["TimedOut"]);
    suffer("flood-large", SOON, &["TimedOut"]);
    suffer("flood-channels", SOON, &["TimedOut"]);
}

#[test]
fn a_flood_of_requests() {
    suffer("flood 2", SOON, &["TimedOut"]);
    suffer("flood-middling 2", SOON, &["TimedOut"]);
}

#[test]
fn a_flood_of_errors() {
    suffer("flood 6", SOON, &["TimedOut"]);
    suffer("flood-middling 6", SOON, &["TimedOut"]);
}

#[test]
fn a_flood_of_close_requests_and_of_cancellations() {
    suffer("flood 7", SOON, &["TimedOut"]);
    suffer("flood 8", SOON, &["TimedOut"]);
}

/// Where nobody receives what fills the budget, calls end without a limit of their own.
#[test]
fn a_budget_that_is_full() {
    let scripts =
        ["flood 1", "flood-middling 1", "flood-large", "flood-channels", "flood 2", "flood-middling 6"];
    thread::scope(|scope| {
        for script in scripts {
            scope.spawn(move || play(format!("stall 0 {script}"), &["Full"]));
        }
    });
}

#[test]
fn a_flood_on_stderr() {
    suffer("stderr", NEVER, &["value", "Codec"]);
}
