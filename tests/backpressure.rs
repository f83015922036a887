//! Hosts and workers that send more than the other side takes.

mod support;

use std::thread;

use coproc::proto::Budget;
use coproc::{ErrorKind, Limits, MessengerError, Stub};
use support::{Gate, in_time};

#[coproc::worker]
trait Sluice {
    /// Takes bytes.
    #[norequest]
    fn take(&mut self, bytes: &[u8]);
    /// How many bytes were taken.
    fn taken(&self) -> u64;
    /// Says at a gate that it has come there, and returns when the gate is opened.
    fn wait_for(&self, gate: &std::path::Path);
    /// Says at a gate that it has come there, and gives so many bytes.
    fn draw(&self, gate: &std::path::Path, bytes: usize) -> Vec<u8>;
    /// Sends bytes to the host until it is told why not, and says at a gate that it has come there.
    fn flood(&self, gate: &std::path::Path) -> String;
}

#[derive(Default)]
struct Basin(u64);

impl Sluice for Basin {
    fn take(&mut self, bytes: &[u8]) {
        self.0 += bytes.len() as u64;
    }

    fn taken(&self) -> u64 {
        self.0
    }

    fn wait_for(&self, gate: &std::path::Path) {
        std::fs::write(gate.with_extension("reached"), "").unwrap();
        std::fs::read_to_string(gate).unwrap();
    }

    fn draw(&self, gate: &std::path::Path, bytes: usize) -> Vec<u8> {
        std::fs::write(gate.with_extension("reached"), "").unwrap();
        vec![7; bytes]
    }

    fn flood(&self, gate: &std::path::Path) -> String {
        let host = coproc::host_messenger::<Vec<u64>, ()>().unwrap();
        loop {
            if let Err(refused) = host.send_norequest(vec![7; 10_000], "flood") {
                assert_eq!(refused.value.len(), 10_000);
                std::fs::write(gate.with_extension("reached"), "").unwrap();
                return match refused.error {
                    MessengerError::Full => "full".into(),
                    error => error.to_string(),
                };
            }
        }
    }
}

fn entry() -> coproc::Entry<SluiceHost, ()> {
    coproc::test_entry("worker", |()| SluiceWorker(Basin::default()))
}

#[test]
fn worker() {
    let _ = entry();
}

#[test]
fn a_host_and_a_worker_that_both_only_send_come_to_an_error() {
    in_time(|| {
        let mut limits = Limits::HOST;
        limits.unsolicited = Budget { bytes: 1 << 20, messages: 1 << 10 };
        let host = entry().spawn().limits(limits).start(()).unwrap();
        let gate = Gate::new("flood");
        let flood = host.start().flood(gate.path());
        let bytes = vec![0; 1 << 20];
        let sent = (0..).find(|_| match host.take(&bytes) {
            Ok(()) => false,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Full, "{error}");
                true
            }
        });
        gate.reached();
        let news = host.messenger::<(), Vec<u64>>();
        let receiver = thread::spawn(move || while news.receive_blocking("flood").is_ok() {});
        assert_eq!(flood.wait().unwrap(), "full");
        assert_eq!(host.taken().unwrap(), sent.unwrap() << 20, "what was refused was not sent");
        host.kill().unwrap();
        receiver.join().unwrap();
    });
}

#[test]
fn an_urgent_call_is_served_while_a_large_reply_is_written() {
    in_time(|| {
        let host = entry().start(()).unwrap();
        let gate = Gate::new("draw");
        let large = host.start().draw(gate.path(), 64 << 20);
        gate.reached();
        // It comes behind the large one, and the reply to it ahead.
        host.priority(0).taken().unwrap();
        let large = large.try_wait().expect_err("most of it is still to come");
        assert!(large.wait().unwrap() == vec![7; 64 << 20]);
    });
}

#[test]
fn a_death_behind_a_full_budget_is_told() {
    in_time(|| {
        let mut limits = Limits::HOST;
        limits.unsolicited = Budget { messages: 10, ..Budget::UNSOLICITED };
        let host = entry().spawn().limits(limits).start(()).unwrap();
        let flood = host.start().flood(std::path::Path::new("nobody waits there"));
        let news = host.messenger::<(), Vec<u64>>();
        while news.available("flood").unwrap() < 10 {
            thread::yield_now();
        }
        host.kill().unwrap();
        let hasty = host.timeout(std::time::Duration::from_millis(20));
        for error in [hasty.taken().unwrap_err(), host.taken().unwrap_err(), flood.wait().unwrap_err()] {
            assert_eq!(
                (error.kind(), error.exit()),
                (ErrorKind::Died, Some(coproc::Exit::Signal(9))),
                "{error}"
            );
        }
    });
}

#[test]
fn a_stub_can_refuse_instead_of_waiting() {
    in_time(|| {
        let host = entry().start(()).unwrap();
        let gate = Gate::new("refuse");
        let busy = host.start().wait_for(gate.path());
        gate.reached();
        let hasty = host.refuse_when_full();
        let bytes = vec![0; 10_000];
        let mut sent = 0_u64;
        let error = loop {
            match hasty.take(&bytes) {
                Ok(()) => sent += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::Full);
        assert_eq!(hasty.taken().unwrap_err().kind(), ErrorKind::Full);
        gate.open();
        busy.wait().unwrap();
        assert_eq!(host.taken().unwrap(), sent * 10_000);
    });
}
