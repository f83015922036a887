//! Calls across processes: replies, pending calls, limits, priorities.

mod support;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use coproc::{ErrorKind, Exit, Status, Stub};
use support::{Gate, LabNoRequest, LabReply, LabRequest, WAITS, bench, entry, in_time, lab};

#[test]
fn worker() {
    let _ = entry();
}

#[test]
fn a_call_gives_what_the_method_returns() {
    in_time(|| {
        for wait in WAITS {
            let lab = entry().spawn().wait(wait).start("a text".into()).unwrap();
            assert_eq!(lab.echo("hello").unwrap(), "hello");
            assert_eq!(lab.made_with().unwrap(), "a text");
            assert_eq!(lab.divide(7, 2).unwrap(), Ok(3));
            assert_eq!(lab.divide(7, 0).unwrap(), Err("7 by 0".into()));
            assert_ne!(lab.process().unwrap(), std::process::id());
            assert_eq!(Some(lab.process().unwrap()), lab.pid());
        }
    });
}

#[test]
fn names_that_are_not_utf_8_cross() {
    in_time(|| {
        let path = Path::new(OsStr::from_bytes(b"/tmp/\xff\xfe"));
        assert_eq!(lab().path(path).unwrap(), path);
    });
}

#[test]
fn large_values_cross_both_ways() {
    in_time(|| {
        for wait in WAITS {
            let lab = entry().spawn().wait(wait).start("".into()).unwrap();
            let large: Vec<u8> = (0..20 << 20).map(|n: u32| (n >> 7) as u8).collect();
            let calls: Vec<_> = (0..3).map(|_| lab.start().bytes(&large)).collect();
            for call in calls {
                assert!(call.wait().unwrap() == large);
            }
        }
    });
}

#[test]
fn printing_and_reading_stdin_breaks_nothing() {
    in_time(|| {
        let lab = lab();
        assert_eq!(lab.chatter().unwrap(), 0);
        assert_eq!(lab.echo("still here").unwrap(), "still here");
    });
}

#[test]
fn a_method_sends_news_to_its_hosts_messenger() {
    in_time(|| {
        let lab = lab();
        lab.announce("started").unwrap();
        assert_eq!(*lab.messenger::<(), String>().receive_blocking("news").unwrap(), "started");
        assert!(coproc::host_messenger::<(), ()>().is_none(), "this thread serves nobody");
    });
}

#[test]
fn a_messenger_sends_the_services_own_messages() {
    in_time(|| {
        let (lab, gate) = (lab(), Gate::new("messages"));
        let waiting = lab.start().wait_for(gate.path());
        gate.reached();
        let requests = lab.messenger::<LabRequest<'_>, LabReply>().prioritized_by(LabRequest::priority);
        let norequests = lab.messenger::<LabNoRequest<'_>, LabReply>().prioritized_by(LabNoRequest::priority);
        requests.send_request(LabRequest::Write { word: "asked" }, "words").unwrap();
        norequests.send_norequest(LabNoRequest::WriteUrgently { word: "urgent" }, ()).unwrap();
        assert_eq!(requests.remaining("words"), 1);
        gate.open();
        let reply = requests.receive_blocking("words").unwrap().into_inner();
        assert!(matches!(reply, LabReply::Write(words) if words == ["urgent", "asked"]));
        waiting.wait().unwrap();
    });
}

#[test]
fn a_norequest_is_served_in_its_turn() {
    in_time(|| {
        let lab = lab();
        lab.write_quietly("one").unwrap();
        assert_eq!(lab.write("two").unwrap(), ["one", "two"]);
    });
}

#[test]
fn the_most_urgent_is_served_first() {
    in_time(|| {
        let (lab, gate) = (lab(), Gate::new("urgent"));
        let waiting = lab.start().wait_for(gate.path());
        gate.reached();
        lab.write_quietly("none").unwrap();
        lab.priority(5).write_quietly("5").unwrap();
        lab.on("a channel").priority(3).write_quietly("3").unwrap();
        lab.write_urgently("-1").unwrap();
        lab.priority(3).write_quietly("3 again").unwrap();
        gate.open();
        waiting.wait().unwrap();
        assert_eq!(lab.write("last").unwrap(), ["-1", "3", "3 again", "5", "none", "last"]);
    });
}

#[test]
fn a_worker_started_fifo_serves_as_it_comes() {
    in_time(|| {
        let gate = Gate::new("fifo");
        let lab = entry().spawn().order(coproc::proto::Order::Fifo).start("".into()).unwrap();
        let waiting = lab.start().wait_for(gate.path());
        gate.reached();
        lab.write_quietly("none").unwrap();
        lab.priority(3).write_quietly("3").unwrap();
        gate.open();
        waiting.wait().unwrap();
        assert_eq!(lab.write("last").unwrap(), ["none", "3", "last"]);
    });
}

#[test]
fn a_pending_call_is_asked_and_waited_for() {
    in_time(|| {
        let (lab, gate) = (lab(), Gate::new("pending"));
        let waiting = lab.start().wait_for(gate.path());
        gate.reached();
        let echo = lab.start().echo("later");
        let waiting = waiting.try_wait().unwrap_err();
        let waiting = waiting.wait_timeout(Duration::from_millis(2)).unwrap_err();
        gate.open();
        assert_eq!(echo.wait().unwrap(), "later");
        waiting.try_wait().unwrap().unwrap();
    });
}

#[test]
fn a_call_that_is_cancelled_or_dropped_before_it_began_never_begins() {
    in_time(|| {
        let (lab, gate) = (lab(), Gate::new("cancel"));
        let waiting = lab.start().wait_for(gate.path());
        gate.reached();
        lab.start().write("cancelled").cancel();
        drop(lab.start().write("dropped"));
        let kept = lab.start().write("kept");
        gate.open();
        assert_eq!(kept.wait().unwrap(), ["kept"]);
        waiting.wait().unwrap();
        assert_eq!(lab.messenger::<(), ()>().remaining(()), 0);
    });
}

#[test]
fn a_call_ends_in_its_time_and_the_worker_lives_on() {
    in_time(|| {
        for wait in WAITS {
            let lab = entry().spawn().wait(wait).start("".into()).unwrap();
            let error = lab.timeout(Duration::from_millis(5)).nap(100).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TimedOut);
            assert_eq!((error.service(), error.method(), error.pid()), ("Lab", Some("nap"), lab.pid()));
            assert_eq!(lab.echo("alive").unwrap(), "alive");
        }
    });
}

#[test]
fn a_message_that_no_pipe_takes_ends_in_its_time_too() {
    in_time(|| {
        let lab = lab();
        let hanging = lab.start().hang();
        let large = vec![0; 200 << 20];
        let error = lab.timeout(Duration::from_millis(50)).bytes(&large).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        lab.kill().unwrap();
        assert_eq!(hanging.wait().unwrap_err().kind(), ErrorKind::Died);
    });
}

#[test]
fn eight_threads_share_a_worker() {
    in_time(|| {
        for wait in WAITS {
            let lab = entry().spawn().wait(wait).start("".into()).unwrap();
            let threads: Vec<_> = (0..8)
                .map(|thread| {
                    let lab = lab.clone();
                    thread::spawn(move || {
                        for number in 0..300 {
                            let text = format!("{thread} {number}");
                            let early = lab.start().echo(&text);
                            assert_eq!(lab.divide(number, 1).unwrap(), Ok(number));
                            assert_eq!(early.wait().unwrap(), text);
                        }
                    })
                })
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
        }
    });
}

#[test]
fn many_calls_are_sent_before_the_first_is_waited_for() {
    in_time(|| {
        let lab = lab();
        let calls: Vec<_> = (0..50_000).map(|number| lab.start().divide(number, 1)).collect();
        for (number, call) in (0..).zip(calls) {
            assert_eq!(call.wait().unwrap(), Ok(number));
        }
    });
}

#[test]
fn a_worker_waits_for_a_host_that_leaves_both_pipes_full() {
    in_time(|| {
        let lab = lab();
        // More than the worker queues, and more replies than the pipe holds.
        let calls: Vec<_> = (0..150_000).map(|number| lab.start().divide(number, 1)).collect();
        // Longer than any patience: not to wait for something, but to see that nothing happens.
        thread::sleep(Duration::from_millis(1500));
        for (number, call) in (0..).zip(calls) {
            assert_eq!(call.wait().unwrap(), Ok(number));
        }
    });
}

#[test]
fn a_worker_in_a_thread_has_the_same_stub() {
    in_time(|| {
        let lab = coproc::in_thread(|| bench("a thread".into())).unwrap();
        assert_eq!(lab.made_with().unwrap(), "a thread");
        assert_eq!(lab.process().unwrap(), std::process::id());
        assert_eq!((lab.pid(), lab.status()), (None, Status::Running));
        assert_eq!(lab.kill().unwrap_err().kind(), ErrorKind::Unsupported);
        let error = lab.panic("in the thread").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Panicked);
        assert!(error.to_string().contains("in the thread"), "{error}");
        assert_eq!(lab.echo("").unwrap_err().exit(), Some(Exit::Panicked));
        let lab = coproc::in_thread(|| bench(String::new())).unwrap();
        assert_eq!(lab.join().unwrap(), Exit::Returned);
    });
}
