//! Workers that don't end by themselves: stopped, hung, or deaf to what they are told.

use std::time::Duration;

use coproc::{Ending, ErrorKind, Exit, Pending, Stderr, Step, Stub};
use rustix::process::Signal;

use crate::process::{behind_a_shell, stop};
use crate::support::{Gate, WAITS, exists, in_time};
use crate::victim::{self, VictimHost};

/// A time limit that is to be exceeded.
const LIMIT: Duration = Duration::from_millis(50);

/// How a worker ends that is sent this signal.
fn by(signal: Signal) -> Exit {
    Exit::Signal(signal.as_raw())
}

/// A worker whose patience is short, or as long as a test needs.
fn start(patience: Duration) -> VictimHost {
    victim::entry().spawn().stderr(Stderr::quiet()).patience(patience).start(()).unwrap()
}

/// The same behind a shell that does what it does on SIGTERM.
fn start_behind(script: &str, patience: Duration) -> VictimHost {
    let spawn = behind_a_shell(victim::entry().spawn(), script);
    spawn.stderr(Stderr::quiet()).patience(patience).start(()).unwrap()
}

/// Has a worker wait for a gate that nobody opens.
fn hang(victim: &VictimHost, name: &str) -> (Gate, Pending<()>) {
    let gate = Gate::new(name);
    let call = victim.start().wait_for(gate.path());
    gate.reached();
    (gate, call)
}

fn steps(ending: &Ending) -> Vec<Step> {
    ending.steps.iter().map(|(step, _)| *step).collect()
}

#[test]
fn a_stopped_worker_ends_by_deadline_and_leaves_nothing() {
    in_time(|| {
        for wait in WAITS {
            let spawn = victim::entry().spawn().stderr(Stderr::quiet()).patience(LIMIT);
            let victim = spawn.wait(wait).start(()).unwrap();
            let number = victim.process().unwrap();
            stop(number);
            assert_eq!(victim.timeout(LIMIT).echo("").unwrap_err().kind(), ErrorKind::TimedOut);
            assert!(victim.is_alive());
            drop(victim);
            assert!(!exists(number), "neither a process nor a zombie");
        }
    });
}

#[test]
fn a_hung_worker_ends_by_deadline_and_leaves_nothing() {
    in_time(|| {
        for wait in WAITS {
            let spawn = victim::entry().spawn().stderr(Stderr::quiet()).patience(LIMIT);
            let victim = spawn.wait(wait).start(()).unwrap();
            let number = victim.process().unwrap();
            assert_eq!(victim.timeout(LIMIT).hang().unwrap_err().kind(), ErrorKind::TimedOut);
            assert_eq!(victim.timeout(LIMIT).echo("").unwrap_err().kind(), ErrorKind::TimedOut);
            drop(victim);
            assert!(!exists(number), "neither a process nor a zombie");
        }
    });
}

#[test]
fn join_asks_a_worker_to_leave() {
    in_time(|| {
        let victim = start(LIMIT);
        let ending = victim.join_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!((ending.exit, steps(&ending)), (Exit::Code(0), vec![Step::CloseRequest]));
        assert_eq!(ending.to_string(), "asked to close, it exited with code 0");
        let again = victim.join_timeout(Duration::ZERO).unwrap();
        assert_eq!((again.exit, steps(&again)), (Exit::Code(0), vec![Step::CloseRequest]));
    });
}

#[test]
fn join_sends_sigterm_to_one_that_does_not() {
    in_time(|| {
        let victim = start(Duration::from_secs(60));
        let _hanging = hang(&victim, "term");
        let ending = victim.join_timeout(LIMIT).unwrap();
        assert_eq!(ending.exit, by(Signal::TERM));
        assert_eq!(steps(&ending), [Step::CloseRequest, Step::Terminate]);
        let text = ending.to_string();
        assert!(text.starts_with("asked to close, sent SIGTERM after "), "{text}");
        assert!(text.ends_with(" ms, it was ended by SIGTERM"), "{text}");
        let text = victim.echo("").unwrap_err().to_string();
        assert!(text.contains("because it had not left in the time given to `join_timeout`"), "{text}");
    });
}

#[test]
fn join_kills_one_that_ignores_that_too() {
    in_time(|| {
        let victim = start_behind("trap '' TERM; exec \"$0\" \"$@\"", LIMIT);
        let _hanging = hang(&victim, "kill");
        let ending = victim.join_timeout(LIMIT).unwrap();
        assert_eq!(ending.exit, by(Signal::KILL));
        assert_eq!(steps(&ending), [Step::CloseRequest, Step::Terminate, Step::Kill]);
        let text = ending.to_string();
        assert!(text.contains("sent SIGTERM after ") && text.contains("sent SIGKILL after "), "{text}");
        let text = victim.echo("").unwrap_err().to_string();
        assert!(text.contains("because it had not left after SIGTERM"), "{text}");
    });
}

/// It takes longer over SIGTERM than the patience that nobody asked for is.
#[test]
fn patience_is_what_was_asked_for() {
    in_time(|| {
        let script = "exec 3<&0; trap 'sleep 1.5; exit 9' TERM; \"$0\" \"$@\" <&3 3<&- & exec 3<&-; wait";
        let victim = start_behind(script, Duration::from_secs(60));
        let _hanging = hang(&victim, "join");
        let ending = victim.join_timeout(LIMIT).unwrap();
        assert_eq!((ending.exit, steps(&ending)), (Exit::Code(9), vec![Step::CloseRequest, Step::Terminate]));
    });
}
