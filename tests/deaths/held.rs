//! Workers whose pipes somebody else holds open when they die.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use coproc::{ErrorKind, Exit, Stderr, Stub, Wait};
use rustix::process::{Signal, kill_process};

use crate::process::{behind_a_shell, pid, wait_for_end};
use crate::support::{WAITS, in_time};
use crate::victim::{self, VictimHost, Way};

/// A worker with a sibling that has its pipes, by the job of a shell that then becomes the worker; the sibling's process id.
fn start(wait: Wait, job: &str) -> (VictimHost, u32) {
    let (printed, lines) = mpsc::channel();
    let stderr = Stderr::to(move |line| printed.send(line.text.to_owned()).unwrap());
    let script = format!("exec 3<&0; {job} <&3 3<&- & exec 3<&-; echo $! >&2; exec \"$0\" \"$@\"");
    let spawn = behind_a_shell(victim::entry().spawn(), &script);
    let victim = spawn.wait(wait).stderr(stderr).start(()).unwrap();
    (victim, lines.recv().unwrap().parse().unwrap())
}

/// Several calls are pending, and one cannot even be written, when it dies.
fn dies(victim: &VictimHost) {
    let exit = Exit::Signal(Signal::KILL.as_raw());
    let deadly = victim.start().die(Way::Raise(Signal::KILL.as_raw()));
    let behind: Vec<_> = (0..3)
        .map(|_| {
            let victim = victim.clone();
            thread::spawn(move || victim.echo(&"x".repeat(1 << 20)).unwrap_err())
        })
        .collect();
    let mut errors = vec![deadly.wait().unwrap_err()];
    errors.extend(behind.into_iter().map(|thread| thread.join().unwrap()));
    errors.push(victim.echo("later").unwrap_err());
    errors.push(victim.note().unwrap_err());
    for error in errors {
        assert_eq!((error.kind(), error.exit()), (ErrorKind::Died, Some(exit)), "{error}");
    }
}

#[test]
fn by_a_sibling_in_its_process_group() {
    in_time(|| {
        for wait in WAITS {
            let (victim, sibling) = start(wait, "sleep 1000");
            dies(&victim);
            wait_for_end(sibling);
        }
    });
}

/// Such a sibling lives on; with `Wait::Block` the call that reads would wait for it.
#[test]
fn by_a_sibling_in_another_session() {
    in_time(|| {
        for wait in [Wait::Adaptive, Wait::Spin(Duration::from_micros(5))] {
            let (victim, sibling) = start(wait, "setsid sleep 1000");
            dies(&victim);
            drop(victim);
            kill_process(pid(sibling), Signal::KILL).unwrap();
        }
    });
}
