//! A worker that dies at any byte, of what it says and of what it is told.

use std::io::Read;
use std::process::exit;

use coproc::proto::End;
use coproc::{Error, ErrorKind, Exit, MessengerError, Wait};

use crate::process::behind_a_shell;
use crate::raw::{self, Raw};
use crate::support::{WAITS, in_time};

/// One method, so that greetings are short; its request's payload is also the payload of its reply.
#[coproc::worker]
trait Parrot {
    fn repeat(&self, text: &str) -> String;
}

/// How a worker exits here.
const EXIT: i32 = 7;

/// The scripts: what is done up to a byte, the number of that byte, and how many there would have been.
pub(crate) fn play(script: &str) {
    let (what, limit) = script.rsplit_once(' ').unwrap();
    let limit: usize = limit.parse().unwrap();
    let mut raw = Raw::take_over();
    match what {
        "hear" => {
            let mut bytes = vec![0; limit];
            raw.stdin.read_exact(&mut bytes).unwrap();
        }
        "hear all" => {
            raw.meet();
            raw.request();
            eprintln!("{}", raw.taken);
        }
        "say" => {
            let mut bytes = raw.meet().to_bytes();
            let greeting = bytes.len();
            let request = raw.request();
            bytes.extend(raw.answer(&request, &request.payload));
            eprintln!("{greeting} {}", bytes.len());
            raw.write(&bytes[..limit.min(bytes.len())]);
        }
        other => panic!("no such script: {other}"),
    }
    exit(EXIT);
}

/// Starts a worker that plays a script.
type Start = dyn Fn(&str) -> ParrotHost;

fn in_wait(wait: Wait) -> Box<Start> {
    Box::new(move |script| raw::spawn(script).wait(wait).start(()).unwrap())
}

/// What becomes of a call to a worker that dies after so many bytes.
fn call(start: &Start, what: &str, bytes: usize, text: &str) -> Result<String, Error> {
    let parrot = start(&format!("bytes: {what} {bytes}"));
    let outcome = parrot.repeat(text);
    if let Err(error) = &outcome {
        assert_eq!(error.exit(), Some(Exit::Code(EXIT)), "{what} {bytes}: {error}");
    }
    let later = parrot.repeat(text).unwrap_err();
    assert_eq!(later.exit(), Some(Exit::Code(EXIT)), "{what} {bytes}: {later}");
    outcome
}

/// The numbers that a worker has printed before it died; the test harness has printed more.
fn printed(error: &Error) -> Vec<usize> {
    let numbers = |line: &str| line.split_whitespace().map(|word| word.parse().ok()).collect();
    error.stderr().unwrap().lines().filter(|line| !line.is_empty()).find_map(numbers).unwrap()
}

fn end(error: &Error) -> End {
    match error.messenger_error() {
        Some(MessengerError::Gone(gone)) => gone.end,
        other => panic!("{other:?}"),
    }
}

/// Lets workers die after each of these counts of bytes of a greeting and a reply.
fn die_speaking(start: &Start, text: &str, counts: impl Fn(usize, usize) -> Vec<usize>) {
    let error = call(start, "say", 0, text).unwrap_err();
    let [greeting, all] = printed(&error)[..] else { panic!("{error}") };
    for bytes in counts(greeting, all) {
        let outcome = call(start, "say", bytes, text);
        let Err(error) = outcome else {
            assert!(bytes == all && outcome.unwrap() == text, "{bytes} of {all}");
            continue;
        };
        assert!(bytes < all, "{bytes} of {all}: {error}");
        let expected = match bytes {
            _ if bytes < greeting => (ErrorKind::Start, End::Unmet),
            _ if bytes == greeting => (ErrorKind::Died, End::Dropped),
            _ => (ErrorKind::Died, End::Truncated),
        };
        assert_eq!((error.kind(), end(&error)), expected, "{bytes} of {all}: {error}");
    }
}

/// Lets workers die after they have read each of these counts of bytes of a greeting and a request.
fn die_listening(start: &Start, text: &str, counts: impl Iterator<Item = usize>) {
    for bytes in counts {
        let error = call(start, "hear", bytes, text).unwrap_err();
        assert_eq!((error.kind(), end(&error)), (ErrorKind::Start, End::Unmet), "{bytes}: {error}");
    }
}

#[test]
fn at_any_byte_of_a_reply() {
    in_time(|| {
        for wait in WAITS {
            die_speaking(&in_wait(wait), "a few words", |_, all| (0..=all).collect());
        }
    });
}

#[test]
fn at_steps_through_a_reply_of_many_chunks() {
    // Around what a pipe holds, a chunk, the header behind it; and anywhere.
    let counts = |greeting, all| {
        let chunks = (1..=4).map(|chunk| greeting + chunk * ((64 << 10) + 32));
        let pipes = (1..=4).map(|pipe| pipe * (64 << 10));
        let around = chunks.chain(pipes).chain([all]).flat_map(|edge| edge - 2..=edge + 1);
        around.chain((0..all).step_by(7919)).filter(|bytes| *bytes <= all).collect()
    };
    in_time(move || {
        for wait in WAITS {
            die_speaking(&in_wait(wait), &long_text(), counts);
        }
    });
}

/// Nothing then marks the end of what the worker has said.
#[test]
fn at_any_byte_of_a_reply_with_a_sibling_that_holds_the_pipe() {
    let start = |script: &str| {
        let spawn = behind_a_shell(raw::spawn(script), "sleep 1000 & exec \"$0\" \"$@\"");
        spawn.start(()).unwrap()
    };
    in_time(move || die_speaking(&start, "a few words", |_, all| (0..=all).collect()));
}

#[test]
fn at_any_byte_of_a_request() {
    in_time(|| {
        let error = call(&in_wait(Wait::Adaptive), "hear all", 0, "a few words").unwrap_err();
        for wait in WAITS {
            die_listening(&in_wait(wait), "a few words", 0..=printed(&error)[0]);
        }
    });
}

#[test]
fn at_steps_through_a_request_of_many_chunks() {
    in_time(|| {
        for wait in WAITS {
            die_listening(&in_wait(wait), &long_text(), (0..300 << 10).step_by(7919));
        }
    });
}

#[test]
fn at_steps_through_a_start_argument_of_many_chunks() {
    in_time(|| {
        for wait in WAITS {
            let start = move |script: &str| raw::spawn(script).wait(wait).start(long_text()).unwrap();
            die_listening(&start, "a few words", (0..300 << 10).step_by(7919));
        }
    });
}

fn long_text() -> String {
    "x".repeat(300 << 10)
}
