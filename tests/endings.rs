//! How workers end, and what their hosts see of it.

mod support;

use std::thread;
use std::time::Duration;

use coproc::{ErrorKind, Exit, Status, Stub, Wait};
use support::{Gate, WAITS, entry, exists, in_time, lab};

#[test]
fn worker() {
    let _ = entry();
}

#[test]
fn a_panic_reaches_its_caller_with_message_and_place() {
    in_time(|| {
        let lab = lab();
        let error = lab.panic("out of ideas").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Panicked);
        let text = error.to_string();
        assert!(text.contains("Lab::panic") && text.contains("out of ideas"), "{text}");
        assert!(text.contains("support/mod.rs:"), "{text}");
        let later = lab.echo("anyone?").unwrap_err();
        assert_eq!((later.kind(), later.exit()), (ErrorKind::Died, Some(Exit::Code(101))));
        assert_eq!(lab.status(), Status::Exited(Exit::Code(101)));
    });
}

#[test]
fn a_panic_of_the_constructor_reaches_the_first_call() {
    in_time(|| {
        let error = entry().start("explode".into()).unwrap().echo("").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Panicked);
        assert!(error.to_string().contains("there is no such bench"), "{error}");
    });
}

#[test]
fn a_panic_that_nobody_waits_for_ends_the_worker() {
    in_time(|| {
        let lab = lab();
        lab.panic_quietly().unwrap();
        let error = lab.echo("").unwrap_err();
        assert_eq!((error.kind(), error.exit()), (ErrorKind::Died, Some(Exit::Code(101))));
    });
}

#[test]
fn every_pending_and_later_call_learns_how_the_worker_died() {
    in_time(|| {
        for wait in WAITS {
            for (deadly, exit) in
                [(0, Exit::Signal(6)), (1, Exit::Code(3)), (2, Exit::Code(0)), (3, Exit::Signal(9))]
            {
                let lab = entry().spawn().wait(wait).start("".into()).unwrap();
                let gate = Gate::new(&format!("die-{deadly}"));
                let waiting = lab.start().wait_for(gate.path());
                gate.reached();
                let last = match deadly {
                    0 => lab.start().abort(),
                    1 => lab.start().exit(3),
                    2 => lab.start().exit(0),
                    _ => lab.start().hang(),
                };
                let others: Vec<_> = (0..4)
                    .map(|_| {
                        let lab = lab.clone();
                        thread::spawn(move || lab.echo("behind").unwrap_err().exit())
                    })
                    .collect();
                gate.open();
                waiting.wait().unwrap();
                if deadly == 3 {
                    assert_eq!(lab.kill().unwrap(), exit);
                }
                let error = last.wait().unwrap_err();
                assert_eq!((error.kind(), error.exit()), (ErrorKind::Died, Some(exit)));
                assert!(error.to_string().contains(&exit.to_string()), "{error}");
                for other in others {
                    assert_eq!(other.join().unwrap(), Some(exit));
                }
                assert_eq!(lab.write_quietly("late").unwrap_err().exit(), Some(exit));
                assert_eq!(lab.status(), Status::Exited(exit));
                assert!(!lab.is_alive());
            }
        }
    });
}

#[test]
fn who_only_asks_learns_how_the_worker_died_too() {
    in_time(|| {
        for _ in 0..50 {
            let lab = lab();
            let mut call = lab.start().abort();
            let error = loop {
                match call.try_wait() {
                    Ok(outcome) => break outcome.unwrap_err(),
                    Err(again) => call = again,
                }
            };
            assert_eq!((error.kind(), error.exit()), (ErrorKind::Died, Some(Exit::Signal(6))), "{error}");
        }
    });
}

#[test]
fn a_worker_goes_from_starting_through_running_to_its_exit() {
    in_time(|| {
        let lab = lab();
        assert!(matches!(lab.status(), Status::Starting | Status::Running));
        lab.echo("").unwrap();
        assert_eq!(lab.status(), Status::Running);
        assert!(lab.is_alive());
        assert_eq!(lab.join().unwrap(), Exit::Code(0));
        assert_eq!(lab.status(), Status::Exited(Exit::Code(0)));
        assert_eq!(lab.join().unwrap(), Exit::Code(0), "once more changes nothing");
        let error = lab.echo("").unwrap_err();
        assert_eq!((error.kind(), error.exit()), (ErrorKind::Died, Some(Exit::Code(0))));
    });
}

#[test]
fn join_lets_what_was_sent_before_be_served() {
    in_time(|| {
        let (lab, gate) = (lab(), Gate::new("join"));
        let waiting = lab.start().wait_for(gate.path());
        gate.reached();
        let behind = lab.start().write("behind");
        gate.open();
        assert_eq!(lab.join().unwrap(), Exit::Code(0));
        waiting.wait().unwrap();
        assert_eq!(behind.wait().unwrap(), ["behind"]);
    });
}

#[test]
fn a_close_request_that_a_method_has_received_counts_all_the_same() {
    in_time(|| {
        let lab = lab();
        let listening = lab.start().listen();
        assert_eq!(*lab.messenger::<(), String>().receive_blocking("news").unwrap(), "listening");
        assert_eq!(lab.join().unwrap(), Exit::Code(0));
        listening.wait().unwrap();
    });
}

#[test]
fn a_restarted_stub_keeps_its_settings() {
    in_time(|| {
        let lab = lab().timeout(Duration::from_millis(5));
        assert_eq!(lab.restart().unwrap().nap(1000).unwrap_err().kind(), ErrorKind::TimedOut);
    });
}

#[test]
fn a_sender_that_nobody_leads_any_more_goes_on_by_itself() {
    in_time(|| {
        let lab = entry().spawn().wait(Wait::Block).start("".into()).unwrap();
        let gate = Gate::new("leader");
        let first = lab.start().wait_for(gate.path());
        gate.reached();
        let leader = thread::spawn(move || first.wait());
        // More than the worker queues and the pipe holds, while the leader sleeps in a read.
        let sender = {
            let lab = lab.clone();
            thread::spawn(move || (0..150_000).try_for_each(|_| lab.write_quietly("")))
        };
        gate.open();
        leader.join().unwrap().unwrap();
        sender.join().unwrap().unwrap();
    });
}

#[test]
fn terminate_and_kill_wait_for_the_exit() {
    in_time(|| {
        let (one, other) = (lab(), lab());
        one.echo("").unwrap();
        assert_eq!(one.terminate().unwrap(), Exit::Signal(15));
        let hanging = other.start().hang();
        assert_eq!(other.kill().unwrap(), Exit::Signal(9));
        assert_eq!(hanging.wait().unwrap_err().exit(), Some(Exit::Signal(9)));
    });
}

#[test]
fn another_worker_starts_after_an_end() {
    in_time(|| {
        let lab = lab();
        lab.abort().unwrap_err();
        let again = lab.restart().unwrap();
        assert_eq!(again.made_with().unwrap(), "a lab");
        assert_ne!(again.pid(), lab.pid());
    });
}

#[test]
fn dropping_the_last_stub_leaves_nothing() {
    in_time(|| {
        let lab = lab();
        let clone = lab.clone();
        let pid = lab.pid().unwrap();
        drop(lab);
        assert_eq!(clone.process().unwrap(), pid);
        drop(clone);
        assert!(!exists(pid), "neither a process nor a zombie");
    });
}

#[test]
fn dropping_a_stub_lets_what_was_sent_before_be_served() {
    in_time(|| {
        let file = std::env::temp_dir().join(format!("coproc-touched-{}", std::process::id()));
        let (lab, gate) = (lab(), Gate::new("drop"));
        let waiting = lab.start().wait_for(gate.path());
        gate.reached();
        lab.touch(&file).unwrap();
        gate.open();
        waiting.wait().unwrap();
        drop(lab);
        std::fs::remove_file(file).expect("the norequest was served before the worker left");
    });
}

#[test]
fn dropping_a_stub_kills_a_worker_that_hangs() {
    in_time(|| {
        let lab = lab();
        let pid = lab.pid().unwrap();
        lab.timeout(Duration::from_millis(20)).hang().unwrap_err();
        drop(lab);
        assert!(!exists(pid), "neither a process nor a zombie");
    });
}
