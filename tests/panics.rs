//! How panics of a worker reach its host, one test for each way to panic.

mod support;

use std::panic::{self, AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::pin::Pin;
use std::process::Command;
use std::sync::Mutex;
use std::task::{Context, Waker};
use std::thread;

use coproc::{Entry, Error, ErrorKind, Exit, Failure, Limits, MessengerError, Stub, Worker};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use support::{entry, in_time, lab};

/// Panics in every way, and survives it.
#[coproc::worker(panic = "continue")]
trait Phoenix {
    /// Panics.
    fn panic(&mut self, how: How) -> u32;
    /// Panics; nobody waits.
    #[norequest]
    fn panic_quietly(&mut self);
    /// Panics in a future.
    async fn panic_later(&mut self);
    /// Does not panic.
    async fn run(&mut self);
    /// Has the executor panic the next time.
    fn strike(&mut self);
    /// Takes and gives what may panic on the way.
    fn carry(&mut self, trap: Trap) -> Trap;
    /// How often a method was called.
    fn calls(&self) -> u32;
    /// What a hook has heard that was there before the worker.
    fn heard(&self) -> Vec<String>;
}

/// A way to panic.
#[derive(Clone, Copy, Serialize, Deserialize, Debug)]
enum How {
    Plainly,
    WithoutText,
    WithATreacherousPayload,
    InADestructor,
    InADestructorOnTheWay,
    AndCatchItInADestructor,
    AndCatchIt,
    AfterACaughtOne,
    ThroughC,
    InAnotherThread,
    ByResuming,
    ByResumingWhatWasCaught,
    UnderAnotherHook,
    AtLength,
    Deep,
}

impl How {
    fn panic(self) -> u32 {
        match self {
            How::Plainly => panic!("plainly"),
            How::WithoutText => panic_any(7_u32),
            How::WithATreacherousPayload => panic_any(Bomb("the payload")),
            How::InADestructor => drop(Bomb("in a destructor")),
            How::InADestructorOnTheWay => {
                let _bomb = Bomb("the second");
                panic!("the first");
            }
            How::AndCatchItInADestructor => {
                let _careful = Careful;
                panic!("the one that came through");
            }
            How::AndCatchIt => caught("never heard of"),
            How::AfterACaughtOne => {
                caught("the caught one");
                panic!("the one after it");
            }
            How::ThroughC => callback(),
            How::InAnotherThread => {
                thread::spawn(|| panic!("in another thread")).join().unwrap_err();
            }
            How::ByResuming => resume_unwind(Box::new("resumed")),
            How::ByResumingWhatWasCaught => {
                let payload = catch_unwind(|| panic!("caught and {}", "resumed")).unwrap_err();
                caught("meanwhile");
                resume_unwind(payload);
            }
            How::UnderAnotherHook => {
                panic::set_hook(Box::new(|_| ()));
                panic!("under another hook");
            }
            How::AtLength => panic!("{}", "at length ".repeat(1 << 16)),
            How::Deep => drop(descend(2_000)),
        }
        7
    }
}

/// Panics when it is dropped.
struct Bomb(&'static str);

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("{} goes off", self.0);
    }
}

/// Catches what its own destructor panics with.
struct Careful;

impl Drop for Careful {
    fn drop(&mut self) {
        caught("the one that a destructor has caught");
    }
}

fn caught(message: &str) {
    catch_unwind(AssertUnwindSafe(|| panic!("{message}"))).unwrap_err();
}

extern "C" fn callback() {
    panic!("in a callback");
}

fn descend(steps: u32) -> u32 {
    assert_ne!(steps, 0, "at the bottom");
    std::hint::black_box(descend(steps - 1)) + 1
}

/// What panics on its way.
#[derive(PartialEq, Debug)]
enum Trap {
    No,
    WhenItIsDecoded,
    WhenItIsSentBack,
    Set,
}

impl Serialize for Trap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Trap::No => serializer.serialize_u8(0),
            Trap::WhenItIsDecoded => serializer.serialize_u8(1),
            Trap::WhenItIsSentBack => serializer.serialize_u8(2),
            Trap::Set => panic!("while it is encoded"),
        }
    }
}

impl<'de> Deserialize<'de> for Trap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            0 => Ok(Trap::No),
            1 => panic!("while it is decoded"),
            _ => Ok(Trap::Set),
        }
    }
}

/// What a hook has heard that was there before the worker.
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Whether the executor panics the next time.
static STRIKE: Mutex<bool> = Mutex::new(false);

struct Ash {
    calls: u32,
    _bomb: Option<Bomb>,
}

impl Phoenix for Ash {
    fn panic(&mut self, how: How) -> u32 {
        self.calls += 1;
        how.panic()
    }

    fn panic_quietly(&mut self) {
        self.calls += 1;
        panic!("quietly");
    }

    async fn panic_later(&mut self) {
        self.calls += 1;
        std::future::ready(()).await;
        panic!("in a future");
    }

    async fn run(&mut self) {
        self.calls += 1;
    }

    fn strike(&mut self) {
        *STRIKE.lock().unwrap() = true;
    }

    fn carry(&mut self, trap: Trap) -> Trap {
        self.calls += 1;
        trap
    }

    fn calls(&self) -> u32 {
        self.calls
    }

    fn heard(&self) -> Vec<String> {
        HEARD.lock().unwrap().clone()
    }
}

/// Runs a future to its end, without sleeping, unless it is on strike.
fn run(mut future: Pin<&mut dyn Future<Output = ()>>) {
    assert!(!std::mem::take(&mut *STRIKE.lock().unwrap()), "on strike");
    while future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {}
}

/// A worker with this start argument, and a bomb in it if there is one of that name.
fn phoenix_entry() -> Entry<PhoenixHost, (Trap, Option<String>)> {
    coproc::test_entry("phoenix_worker", |(_, bomb): (Trap, Option<String>)| {
        assert_ne!(bomb.as_deref(), Some("at once"), "no phoenix rises");
        PhoenixWorker(Ash { calls: 0, _bomb: bomb.map(|_| Bomb("a member")) }).with_executor(run)
    })
}

fn phoenix_with(change: impl FnOnce(&mut Command)) -> PhoenixHost {
    phoenix_entry().spawn().command(change).start((Trap::No, None)).unwrap()
}

fn phoenix() -> PhoenixHost {
    phoenix_with(|_| ())
}

/// What a call that panics tells: message and place.
fn told<T: std::fmt::Debug>(call: Result<T, Error>) -> (String, String) {
    let error = call.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Panicked, "{error}");
    match error.messenger_error() {
        Some(MessengerError::Failed(Failure::Panicked { message, location, .. })) => {
            (message.clone(), location.clone())
        }
        other => panic!("{other:?}"),
    }
}

/// What a call that panics tells, where a hook of coproc's has seen it here.
fn told_from_here<T: std::fmt::Debug>(call: Result<T, Error>) -> String {
    let (message, location) = told(call);
    assert!(location.starts_with(file!()), "{location}");
    message
}

#[test]
fn worker() {
    let _ = entry();
}

#[test]
fn phoenix_worker() {
    if std::env::var_os("COPROC_TEST_HOOK").is_some() {
        panic::set_hook(Box::new(|info| {
            let message = info.payload().downcast_ref::<&str>().unwrap();
            HEARD.lock().unwrap().push((*message).into());
        }));
    }
    let _ = phoenix_entry();
}

#[test]
fn a_worker_that_continues_keeps_its_state_and_serves_what_comes_later() {
    in_time(|| {
        let phoenix = phoenix();
        let calls: Vec<_> = (0..9)
            .map(|number| {
                let how = if number % 3 == 0 { How::AndCatchIt } else { How::Plainly };
                (number, phoenix.start().panic(how))
            })
            .collect();
        for (number, call) in calls {
            match call.wait() {
                Ok(value) => assert_eq!((number % 3, value), (0, 7)),
                error => assert_eq!(told_from_here(error), "plainly"),
            }
        }
        assert_eq!(phoenix.calls().unwrap(), 9);
        assert!(phoenix.is_alive());
        assert_eq!(phoenix.join().unwrap(), Exit::Code(0));
    });
}

#[test]
fn a_worker_in_a_thread_continues_too() {
    in_time(|| {
        let phoenix = coproc::in_thread(|| PhoenixWorker(Ash { calls: 0, _bomb: None })).unwrap();
        assert_eq!(told_from_here(phoenix.panic(How::Plainly)), "plainly");
        assert_eq!(phoenix.calls().unwrap(), 1);
        assert_eq!(phoenix.join().unwrap(), Exit::Returned);
    });
}

#[test]
fn a_panic_that_nobody_waits_for_goes_to_whoever_receives_next() {
    in_time(|| {
        let (phoenix, lab) = (phoenix(), lab());
        phoenix.panic_quietly().unwrap();
        assert_eq!(phoenix.calls().unwrap(), 1, "and the worker goes on");
        lab.panic_quietly().unwrap();
        assert_eq!(lab.echo("").unwrap_err().exit(), Some(Exit::Code(101)), "and the worker ends");
        let errors = [
            phoenix.messenger::<(), ()>().receive_blocking(()).unwrap_err(),
            lab.messenger::<(), ()>().receive_blocking(()).unwrap_err(),
        ];
        for (error, file) in errors.iter().zip([file!(), "tests/support/mod.rs"]) {
            let text = error.to_string();
            assert!(
                text.starts_with(&format!("it panicked at {file}")) && text.ends_with(": quietly"),
                "{text}"
            );
            let Some(Failure::Panicked { message, .. }) = error.value() else { panic!("{error:?}") };
            assert_eq!(message, "quietly");
        }
    });
}

#[test]
fn a_backtrace_comes_along_where_the_environment_asks_for_it() {
    in_time(|| {
        let asking = |command: &mut Command| {
            command.env("RUST_BACKTRACE", "1").env_remove("RUST_LIB_BACKTRACE");
        };
        let error = phoenix_with(asking).panic(How::Plainly).unwrap_err();
        let backtrace = error.remote_backtrace().unwrap();
        // What optimisation leaves of them: the method may be part of its dispatch.
        assert!(backtrace.contains("Phoenix"), "{backtrace}");
        for frame in ["short_backtrace", "serve::panic", "lang_start", "_start"] {
            assert!(!backtrace.contains(frame), "{frame} says nothing to the reader of {backtrace}");
        }
        let (text, debug) = (error.to_string(), format!("{error:?}"));
        assert_eq!(text.lines().count(), 1, "{text}");
        assert_eq!(debug, format!("{text}\nstack backtrace:\n{}", backtrace.trim_end()));
    });
}

#[test]
fn no_backtrace_comes_along_where_nobody_has_asked() {
    in_time(|| {
        let environments =
            [[("RUST_BACKTRACE", "0"); 2], [("RUST_BACKTRACE", "1"), ("RUST_LIB_BACKTRACE", "0")]];
        for environment in environments {
            let phoenix = phoenix_with(|command| {
                command.env_remove("RUST_LIB_BACKTRACE").envs(environment);
            });
            let error = phoenix.panic(How::Plainly).unwrap_err();
            assert_eq!(error.remote_backtrace(), None);
            assert_eq!(format!("{error:?}"), error.to_string());
        }
    });
}

#[test]
fn what_a_panic_tells_is_bounded() {
    in_time(|| {
        let phoenix = phoenix_with(|command| {
            command.env("RUST_LIB_BACKTRACE", "1");
        });
        let (message, _) = told(phoenix.panic(How::AtLength));
        assert!(message.starts_with("at length at length") && message.ends_with('…'));
        let error = phoenix.panic(How::Deep).unwrap_err();
        let backtrace = error.remote_backtrace().unwrap();
        assert!(message.len().max(backtrace.len()) < 32 << 10, "{} {}", message.len(), backtrace.len());
        assert!(backtrace.ends_with("… and what is below"), "{backtrace}");
    });
}

#[test]
fn a_failure_that_is_too_long_for_the_host_is_told_all_the_same() {
    in_time(|| {
        for (most, kind) in [(1 << 10, ErrorKind::Refused), (8, ErrorKind::Codec)] {
            let mut limits = Limits::HOST;
            limits.message = most;
            let lab = entry().spawn().limits(limits).start(String::new()).unwrap();
            assert_eq!(lab.panic(&"at length ".repeat(1 << 10)).unwrap_err().kind(), kind);
        }
    });
}

#[test]
fn a_payload_that_is_no_text_is_told_as_such() {
    in_time(|| {
        assert_eq!(told_from_here(phoenix().panic(How::WithoutText)), "a payload that is no text");
    });
}

#[test]
fn a_payload_whose_own_destructor_panics_changes_nothing() {
    in_time(|| {
        let phoenix = phoenix();
        let message = told_from_here(phoenix.panic(How::WithATreacherousPayload));
        assert_eq!(message, "a payload that is no text");
        assert_eq!(phoenix.calls().unwrap(), 1);
    });
}

#[test]
fn a_panic_in_a_destructor_is_one_like_any_other() {
    in_time(|| {
        let phoenix = phoenix();
        assert_eq!(told_from_here(phoenix.panic(How::InADestructor)), "in a destructor goes off");
        assert_eq!(phoenix.calls().unwrap(), 1);
    });
}

#[test]
fn of_two_panics_that_abort_both_are_told() {
    in_time(|| {
        let phoenix = phoenix();
        let message = told_from_here(phoenix.panic(How::InADestructorOnTheWay));
        let (first, second) = message.split_once("; then at ").unwrap();
        assert_eq!(first, "the first");
        assert!(
            second.starts_with(file!()) && second.contains(": the second goes off; then at "),
            "{message}"
        );
        let error = phoenix.calls().unwrap_err();
        assert_eq!((error.kind(), error.exit()), (ErrorKind::Died, Some(Exit::Signal(6))));
    });
}

#[test]
fn a_panic_that_may_not_unwind_is_told_before_it_aborts() {
    in_time(|| {
        let phoenix = phoenix();
        let message = told_from_here(phoenix.panic(How::ThroughC));
        assert!(message.starts_with("in a callback; then at "), "{message}");
        assert_eq!(phoenix.calls().unwrap_err().exit(), Some(Exit::Signal(6)));
    });
}

#[test]
fn a_panic_that_a_destructor_catches_on_the_way_hides_nothing() {
    in_time(|| {
        let phoenix = phoenix();
        let message = told_from_here(phoenix.panic(How::AndCatchItInADestructor));
        assert_eq!(message, "the one that came through");
        assert_eq!(phoenix.calls().unwrap(), 1, "and it is told once");
    });
}

#[test]
fn a_panic_that_the_method_catches_is_its_own_business() {
    in_time(|| {
        let phoenix = phoenix();
        assert_eq!(phoenix.panic(How::AndCatchIt).unwrap(), 7);
        assert_eq!(told_from_here(phoenix.panic(How::AfterACaughtOne)), "the one after it");
    });
}

#[test]
fn a_panic_of_another_thread_is_not_the_methods() {
    in_time(|| {
        let phoenix = phoenix();
        assert_eq!(phoenix.panic(How::InAnotherThread).unwrap(), 7);
        assert_eq!(told_from_here(phoenix.panic(How::Plainly)), "plainly");
    });
}

#[test]
fn what_is_resumed_is_told_with_its_place_if_it_was_seen_here() {
    in_time(|| {
        let phoenix = phoenix();
        let unknown = "an unknown place".to_owned();
        assert_eq!(told(phoenix.panic(How::ByResuming)), ("resumed".to_owned(), unknown));
        assert_eq!(told_from_here(phoenix.panic(How::ByResumingWhatWasCaught)), "caught and resumed");
    });
}

#[test]
fn a_hook_that_was_there_before_hears_every_panic() {
    in_time(|| {
        let phoenix = phoenix_with(|command| {
            command.env("COPROC_TEST_HOOK", "1");
        });
        assert_eq!(told_from_here(phoenix.panic(How::Plainly)), "plainly");
        assert_eq!(told_from_here(phoenix.panic_later()), "in a future");
        assert_eq!(phoenix.heard().unwrap(), ["plainly", "in a future"]);
    });
}

#[test]
fn under_another_hook_the_message_is_told() {
    in_time(|| {
        let phoenix = phoenix();
        let unknown = "an unknown place".to_owned();
        assert_eq!(told(phoenix.panic(How::UnderAnotherHook)), ("under another hook".to_owned(), unknown));
        assert_eq!(phoenix.calls().unwrap(), 1);
    });
}

#[test]
fn a_panic_in_a_future_or_in_what_runs_it_is_the_methods() {
    in_time(|| {
        let phoenix = phoenix();
        assert_eq!(told_from_here(phoenix.panic_later()), "in a future");
        phoenix.strike().unwrap();
        assert_eq!(told_from_here(phoenix.run()), "on strike");
        phoenix.run().unwrap();
        assert_eq!(phoenix.calls().unwrap(), 2);
    });
}

#[test]
fn a_panic_while_a_value_crosses_is_the_methods() {
    in_time(|| {
        let phoenix = phoenix();
        assert_eq!(told_from_here(phoenix.carry(Trap::WhenItIsDecoded)), "while it is decoded");
        assert_eq!(phoenix.calls().unwrap(), 0);
        assert_eq!(told_from_here(phoenix.carry(Trap::WhenItIsSentBack)), "while it is encoded");
        assert_eq!(phoenix.calls().unwrap(), 1);
        assert_eq!(phoenix.carry(Trap::No).unwrap(), Trap::No);
    });
}

#[test]
fn a_worker_that_cannot_be_made_does_not_continue() {
    in_time(|| {
        let made_with = |argument| phoenix_entry().start(argument).unwrap();
        let dead = made_with((Trap::No, Some("at once".into())));
        assert!(told_from_here(dead.calls()).contains("no phoenix rises"));
        assert_eq!(dead.calls().unwrap_err().exit(), Some(Exit::Code(101)));
        let dead = made_with((Trap::WhenItIsDecoded, None));
        assert_eq!(told_from_here(dead.calls()), "while it is decoded");
        assert_eq!(dead.calls().unwrap_err().exit(), Some(Exit::Code(101)));
    });
}

#[test]
fn a_panic_when_the_worker_is_dropped_is_told_by_its_exit() {
    in_time(|| {
        let phoenix = phoenix_entry().start((Trap::No, Some("at the end".into()))).unwrap();
        assert_eq!(phoenix.panic(How::AndCatchIt).unwrap(), 7);
        assert_eq!(phoenix.join().unwrap(), Exit::Code(101));
    });
}
