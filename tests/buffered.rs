//! Stubs whose calls are written together, and workers that write their answers together.

mod support;

use std::path::Path;
use std::thread;
use std::time::Duration;

use coproc::{ErrorKind, Pending, Stub};
use support::{Gate, in_time};

#[coproc::worker]
trait Press {
    /// Gives the number back.
    fn echo(&self, number: u32) -> u32;
    /// Gives so many bytes.
    fn bytes(&self, count: usize) -> Vec<u8>;
    /// Says at a gate that it has come there; nothing is sent back.
    #[norequest]
    fn reach(&self, gate: &Path);
    /// Says at a gate that it has come there, and returns when the gate is opened.
    fn wait_for(&self, gate: &Path);
    /// Aborts the process.
    fn abort(&self);
}

struct Printer;

impl Press for Printer {
    fn echo(&self, number: u32) -> u32 {
        number
    }

    fn bytes(&self, count: usize) -> Vec<u8> {
        vec![7; count]
    }

    fn reach(&self, gate: &Path) {
        std::fs::write(gate.with_extension("reached"), "").unwrap();
    }

    fn wait_for(&self, gate: &Path) {
        self.reach(gate);
        std::fs::read_to_string(gate).unwrap();
    }

    fn abort(&self) {
        std::process::abort();
    }
}

fn entry() -> coproc::Entry<PressHost, ()> {
    coproc::test_entry("worker", |()| PressWorker(Printer))
}

#[test]
fn worker() {
    let _ = entry();
}

/// A worker that has greeted its host.
fn start() -> PressHost {
    let host = entry().start(()).unwrap();
    assert_eq!(host.echo(1).unwrap(), 1);
    host
}

#[test]
fn buffered_calls_arrive_by_a_flush() {
    in_time(|| {
        let (host, gate) = (start(), Gate::new("flush"));
        let buffered = host.buffered();
        buffered.reach(gate.path()).unwrap();
        buffered.flush().unwrap();
        gate.reached();
    });
}

#[test]
fn buffered_calls_arrive_when_the_last_stub_is_dropped() {
    in_time(|| {
        let (host, gate) = (start(), Gate::new("drop"));
        host.buffered().reach(gate.path()).unwrap();
        let dropping = thread::spawn(move || drop(host));
        gate.reached();
        dropping.join().unwrap();
    });
}

#[test]
fn buffered_calls_arrive_with_what_another_stub_sends() {
    in_time(|| {
        let (host, gate) = (start(), Gate::new("other"));
        let buffered = host.buffered().start().echo(2);
        host.buffered().reach(gate.path()).unwrap();
        let other = host.start().echo(3);
        gate.reached();
        assert_eq!((buffered.wait().unwrap(), other.wait().unwrap()), (2, 3));
    });
}

#[test]
fn buffered_calls_arrive_by_a_wait() {
    in_time(|| {
        let host = start();
        let calls: Vec<_> = (0..1000).map(|number| host.buffered().start().echo(number)).collect();
        for (number, call) in (0..).zip(calls) {
            assert_eq!(call.wait().unwrap(), number);
        }
        let mut call = host.buffered().start().echo(4);
        loop {
            match call.wait_timeout(Duration::ZERO) {
                Ok(number) => break assert_eq!(number.unwrap(), 4),
                Err(again) => call = again,
            }
        }
    });
}

#[test]
fn a_gathered_answer_arrives_while_the_next_method_blocks() {
    for other in [PressHost::clone, Stub::buffered] {
        in_time(move || {
            let (host, gate) = (start(), Gate::new("blocks"));
            let buffered = host.buffered().start();
            let answered = [buffered.echo(5), buffered.echo(6)];
            let blocked = other(&host).start().wait_for(gate.path());
            host.flush().unwrap();
            gate.reached();
            assert_eq!(answered.map(|call| call.wait().unwrap()), [5, 6]);
            gate.open();
            blocked.wait().unwrap();
        });
    }
}

#[test]
fn an_urgent_call_goes_ahead_of_buffered_ones_that_take_long() {
    in_time(|| {
        let (host, first, second) = (start(), Gate::new("first"), Gate::new("second"));
        let buffered = host.buffered().start();
        let answered = buffered.echo(7);
        let blocked = [&first, &second].map(|gate| buffered.wait_for(gate.path()));
        host.flush().unwrap();
        first.reached();
        // It was gathered, so by now the first one has taken long.
        assert_eq!(answered.wait().unwrap(), 7);
        let urgent = host.priority(-1).start().echo(8);
        first.open();
        assert_eq!(urgent.wait().unwrap(), 8);
        second.reached();
        second.open();
        blocked.into_iter().for_each(|call| call.wait().unwrap());
    });
}

#[test]
fn a_gathered_answer_that_found_the_pipe_full_arrives_while_the_next_method_blocks() {
    in_time(|| {
        let (host, gate) = (start(), Gate::new("full"));
        let buffered = host.buffered().start();
        // Each answer takes a KiB, so the first 64 take a pipe, and the last one waits for others when the next method begins.
        let answered: Vec<_> = (0..65).map(|_| buffered.bytes(1024 - 32 - 4)).collect();
        let blocked = buffered.wait_for(gate.path());
        host.flush().unwrap();
        gate.reached();
        // So long that it has most likely been tried in vain by then.
        thread::sleep(Duration::from_millis(5));
        answered.into_iter().for_each(|call| drop(call.wait().unwrap()));
        gate.open();
        blocked.wait().unwrap();
    });
}

#[test]
fn a_gathered_answer_comes_or_is_lost_with_its_worker() {
    in_time(|| {
        let buffered = start().buffered().start();
        let (answered, aborted) = (buffered.echo(7), buffered.abort());
        assert_eq!(aborted.wait().unwrap_err().kind(), ErrorKind::Died);
        match answered.wait() {
            Ok(number) => assert_eq!(number, 7),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Died),
        }
    });
}

#[test]
fn gathered_answers_arrive_where_an_error_of_the_host_ends_the_worker() {
    in_time(|| {
        let (host, gate) = (start(), Gate::new("error"));
        let buffered = host.buffered().start();
        let first = buffered.wait_for(gate.path());
        // The worker looks at the pipe again once it has served some 64.
        let answered: Vec<Pending<u32>> = (0..200).map(|number| buffered.echo(number)).collect();
        host.flush().unwrap();
        gate.reached();
        host.messenger::<(), ()>().send_error(&std::fmt::Error).unwrap();
        gate.open();
        first.wait().unwrap();
        for call in answered.into_iter().take(60) {
            call.wait().unwrap();
        }
    });
}
