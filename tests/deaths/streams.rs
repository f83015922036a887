//! Workers whose pipes tell nothing of their end, or that live on without them.

use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use coproc::{Error, ErrorKind, Exit, Stderr, Stub, Wait};

use crate::raw::{self, Raw};
use crate::support::{Gate, WAITS, exists, in_time};
use crate::victim::{self, VictimHost, Way};

/// None of these workers leaves when it is asked to.
const SOON: Duration = Duration::from_millis(10);

/// What is said of a worker whose stream has ended and that lives.
const NOT_EXITED: &str = "it closed its pipe, and has not exited";

/// The scripts: each waits for a request, and lives on without answering it.
pub(crate) fn play(script: &str) {
    let mut raw = Raw::take_over();
    raw.greet();
    raw.request();
    match script {
        "close both" => drop(raw),
        "bad frame" => {
            raw.write(&[0xff; 32]);
            raw.listen();
        }
        script => {
            let gate = script.strip_prefix("close stdin").expect("a script");
            drop(raw.stdin);
            if !gate.is_empty() {
                std::fs::write(Path::new(gate.trim()).with_extension("reached"), "").unwrap();
            }
        }
    }
    // Longer than any test takes; nothing would tell it that its host is gone.
    thread::sleep(Duration::from_secs(100));
}

/// Three calls that have been sent, each waited for in a thread of its own.
fn waiting_calls(victim: &VictimHost) -> Vec<JoinHandle<Error>> {
    let calls: Vec<_> = (0..3).map(|_| victim.start().echo("at the end")).collect();
    calls.into_iter().map(|call| thread::spawn(move || call.wait().unwrap_err())).collect()
}

/// A worker that lives on is a failure of its calls all the same, and the drop of its stub ends it.
fn is_given_up(victim: VictimHost, named: &str) {
    fails(&victim, ErrorKind::Died, None, named);
    assert!(victim.is_alive());
    let number = victim.pid().unwrap();
    drop(victim);
    assert!(!exists(number), "neither a process nor a zombie");
}

/// Each call that waits fails like this, and each later one.
fn fails(victim: &VictimHost, kind: ErrorKind, exit: Option<Exit>, named: &str) {
    let waiting = waiting_calls(victim).into_iter().map(join);
    let later = [victim.echo("later").unwrap_err(), victim.note().unwrap_err()];
    for error in waiting.chain(later) {
        is_of(&error, victim, (kind, exit), named);
    }
}

fn is_of(error: &Error, victim: &VictimHost, expected: (ErrorKind, Option<Exit>), named: &str) {
    let text = format!("{error:?}");
    assert_eq!((error.kind(), error.exit()), expected, "{text}");
    assert_eq!((error.service(), error.pid()), ("Victim", victim.pid()), "{text}");
    assert!(text.contains(named), "{text}");
}

/// At the same time, as much of it is patience.
fn in_each(waits: &'static [Wait], test: impl Fn(Wait) + Sync + Send + 'static) {
    in_time(move || {
        thread::scope(|scope| {
            for wait in waits {
                scope.spawn(|| test(*wait));
            }
        });
    });
}

fn join<T>(thread: JoinHandle<T>) -> T {
    thread.join().unwrap()
}

#[test]
fn a_worker_closes_its_pipes_and_lives_on() {
    in_each(&WAITS, |wait| {
        let victim = raw::spawn("streams: close both").wait(wait).patience(SOON).start(()).unwrap();
        is_given_up(victim, NOT_EXITED);
    });
}

#[test]
fn a_worker_becomes_another_program() {
    in_each(&WAITS, |wait| {
        let spawn = victim::entry().spawn().wait(wait).patience(SOON).stderr(Stderr::quiet());
        let victim = spawn.start(()).unwrap();
        is_of(&victim.die(Way::Exec).unwrap_err(), &victim, (ErrorKind::Died, None), NOT_EXITED);
        is_given_up(victim, NOT_EXITED);
    });
}

#[test]
fn a_worker_sends_a_bad_frame() {
    in_each(&WAITS, |wait| {
        let victim = raw::spawn("streams: bad frame").wait(wait).patience(SOON).start(()).unwrap();
        fails(
            &victim,
            ErrorKind::Protocol,
            Some(Exit::Signal(9)),
            "a frame of the unknown kind 255; it was ended by SIGKILL",
        );
        assert!(!victim.is_alive());
    });
}

#[test]
fn a_worker_closes_only_its_stdin() {
    // A thread in a blocking read can't be woken: the next test.
    const WAITS: [Wait; 2] = [Wait::Adaptive, Wait::Spin(Duration::from_micros(5))];

    in_each(&WAITS, |wait| {
        let victim = raw::spawn("streams: close stdin").wait(wait).patience(SOON).start(()).unwrap();
        is_given_up(victim, NOT_EXITED);
    });
}

/// Who reads blocking waits for a worker that lives; who has nothing else to wait for doesn't.
#[test]
fn a_worker_closes_only_its_stdin_while_a_thread_reads_blocking() {
    in_time(|| {
        let gate = Gate::new("stdin");
        let spawn = raw::spawn(&format!("streams: close stdin {}", gate.path().display()));
        let victim: VictimHost = spawn.wait(Wait::Block).start(()).unwrap();
        let waiting = waiting_calls(&victim);
        gate.reached();
        is_of(&victim.echo("later").unwrap_err(), &victim, (ErrorKind::Died, None), NOT_EXITED);
        is_of(&victim.note().unwrap_err(), &victim, (ErrorKind::Died, None), NOT_EXITED);
        victim.kill().unwrap();
        for error in waiting.into_iter().map(join) {
            assert_eq!(error.kind(), ErrorKind::Died, "{error}");
        }
    });
}
