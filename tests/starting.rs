//! Every way of starting a worker; a program with a `main` of its own, for entries are registered there.

mod support;

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use coproc::{
    Entry, ErrorKind, Exit, Fifo, Messenger, MessengerError, MultiMessenger, Priority, PriorityMessenger,
    Stub, WorkerResource,
};
use support::{LabHost, bench, exists, in_time};

/// The service as an older program has it.
mod older {
    #[coproc::worker]
    pub(super) trait Lab {
        fn echo(&self, text: &[u8]) -> Vec<u8>;
        fn made_with(&self) -> String;
    }

    pub(super) struct Bench;

    impl Lab for Bench {
        fn echo(&self, text: &[u8]) -> Vec<u8> {
            text.into()
        }

        fn made_with(&self) -> String {
            "years ago".into()
        }
    }
}

/// A worker that has a worker.
#[coproc::worker]
trait Manager {
    fn ask(&self, text: &str) -> Result<String, String>;
}

struct Delegating(LabHost);

impl Manager for Delegating {
    fn ask(&self, text: &str) -> Result<String, String> {
        self.0.echo(text).map_err(|error| error.to_string())
    }
}

struct Entries {
    lab: Entry<LabHost, String>,
    manager: Entry<ManagerHost, ()>,
    by_priority: Entry<WorkerResource<u32, u32>, u32>,
    fifo: Entry<WorkerResource<u32, u32, Fifo>, ()>,
    events: Entry<WorkerResource<(), u8>, ()>,
}

fn main() -> ExitCode {
    let lab = coproc::entry("lab", bench);
    let in_manager = lab.clone();
    let entries = Entries {
        manager: coproc::entry("manager", move |()| {
            ManagerWorker(Delegating(in_manager.start("of a manager".into()).unwrap()))
        }),
        by_priority: coproc::messenger_entry(
            "by priority",
            |messenger: PriorityMessenger<u32, u32>, add: u32| serve_sorted(&messenger, add),
        ),
        fifo: coproc::messenger_entry("fifo", |messenger: MultiMessenger<u32, u32>, ()| {
            serve_sorted(&messenger, 0)
        }),
        events: coproc::messenger_entry("events", |messenger: PriorityMessenger<u8, ()>, ()| {
            (0..3).try_for_each(|number| messenger.send_norequest(number, "events")).map_err(Into::into)
        }),
        lab,
    };
    match env::args().nth(1).as_deref() {
        Some("worker-binary") => coproc::serve(bench),
        Some("older-worker-binary") => coproc::serve(|_: String| older::LabWorker(older::Bench)),
        Some("ignoring-host") => ignoring_host(&entries),
        Some("host-to-be-killed") => host_to_be_killed(&entries),
        // A worker of a name that has no entry comes to here, and must not start workers of its own.
        Some("--coproc-worker") => match entries.lab.start("forbidden".into()) {
            Err(error) if error.kind() == ErrorKind::Start => ExitCode::from(42),
            _ => ExitCode::from(1),
        },
        _ => run_tests(&entries),
    }
}

/// Waits for all that comes before the close request, then answers in the order of the queue.
fn serve_sorted<O: coproc::MessengerKind>(
    messenger: &Messenger<u32, u32, O>,
    add: u32,
) -> Result<(), MessengerError> {
    assert!(matches!(messenger.receive_blocking("nothing comes here"), Err(MessengerError::CloseRequested)));
    for request in messenger.receive_available(()) {
        messenger.send_norequest(*request? + add, ())?;
    }
    Ok(())
}

type Test = (&'static str, fn(&Entries));

const TESTS: [Test; 15] = [
    ("an_entry_of_the_same_binary", an_entry_of_the_same_binary),
    ("a_worker_binary", a_worker_binary),
    ("a_shell_in_front", a_shell_in_front),
    ("a_messenger_by_priority", a_messenger_by_priority),
    ("a_messenger_fifo", a_messenger_fifo),
    ("events_of_a_worker", events_of_a_worker),
    ("a_worker_that_has_a_worker", a_worker_that_has_a_worker),
    ("another_version_is_named", another_version_is_named),
    ("what_is_no_worker_is_an_error", what_is_no_worker_is_an_error),
    ("a_name_without_an_entry_starts_nothing", a_name_without_an_entry_starts_nothing),
    ("a_worker_that_is_started_by_hand_says_so", a_worker_that_is_started_by_hand_says_so),
    ("a_killed_host_leaves_nothing", a_killed_host_leaves_nothing),
    ("join_does_not_wait_for_what_is_no_worker", join_does_not_wait_for_what_is_no_worker),
    ("a_host_that_ignores_the_ends_of_children", a_host_that_ignores_the_ends_of_children),
    ("two_entries_of_one_name_are_refused", two_entries_of_one_name_are_refused),
];

fn run_tests(entries: &Entries) -> ExitCode {
    let mut failed = 0;
    println!("\nrunning {} tests", TESTS.len());
    for (name, test) in TESTS {
        let outcome = catch_unwind(AssertUnwindSafe(|| test(entries)));
        println!("test {name} ... {}", if outcome.is_ok() { "ok" } else { "FAILED" });
        failed += usize::from(outcome.is_err());
    }
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {verdict}. {} passed; {failed} failed; 0 ignored", TESTS.len() - failed);
    ExitCode::from(u8::from(failed > 0))
}

fn this_program(argument: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg(argument);
    command
}

fn an_entry_of_the_same_binary(entries: &Entries) {
    let lab = entries.lab.start("an entry".into()).unwrap();
    in_time(move || {
        assert_eq!(lab.made_with().unwrap(), "an entry");
        let line = fs::read(format!("/proc/{}/cmdline", lab.pid().unwrap())).unwrap();
        let arguments: Vec<_> = line.split(|byte| *byte == 0).collect();
        assert_eq!(arguments[1..3], [b"--coproc-worker".as_slice(), b"lab"], "as `ps` shows it");
    });
}

fn a_worker_binary(_: &Entries) {
    in_time(|| {
        let command = this_program("worker-binary");
        let lab: LabHost = coproc::spawn(command).start("a worker binary").unwrap();
        assert_eq!(lab.made_with().unwrap(), "a worker binary");
        let again = lab.restart().unwrap();
        assert_eq!(lab.join().unwrap(), Exit::Code(0));
        assert_eq!(again.made_with().unwrap(), "a worker binary");
    });
}

/// As ssh, docker or srun would stand in front: with a banner ahead, and a shell that shares the pipes.
fn a_shell_in_front(_: &Entries) {
    in_time(|| {
        for script in
            ["exec \"$0\" worker-binary", "echo Welcome to this machine; \"$0\" worker-binary; true"]
        {
            let mut command = Command::new("sh");
            command.arg("-c").arg(script).arg(env::current_exe().unwrap()).stderr(Stdio::null());
            let lab: LabHost = coproc::spawn(command).start("far away").unwrap();
            assert_eq!(lab.made_with().unwrap(), "far away");
            let large = vec![7; 3 << 20];
            assert!(lab.bytes(&large).unwrap() == large);
            assert_eq!(lab.join().unwrap(), Exit::Code(0));
        }
    });
}

fn a_messenger_by_priority(entries: &Entries) {
    let worker = entries.by_priority.start(100).unwrap();
    in_time(move || {
        let messenger = worker.messenger().prioritized_by(|number| Priority::new(*number as i32));
        for number in [3, 1, 2] {
            messenger.send_norequest(number, ()).unwrap();
        }
        assert_eq!(worker.join().unwrap(), Exit::Code(0));
        let received: Vec<u32> = (0..3).map(|_| *messenger.receive_blocking(()).unwrap()).collect();
        assert_eq!(received, [101, 102, 103]);
        assert!(!worker.is_alive());
        let again = worker.restart().unwrap();
        assert!(again.is_alive());
    });
}

fn a_messenger_fifo(entries: &Entries) {
    let worker = entries.fifo.start(()).unwrap();
    in_time(move || {
        for number in [3, 1, 2] {
            worker.messenger().send_norequest(number, ()).unwrap();
        }
        worker.join().unwrap();
        let received: Vec<u32> = (0..3).map(|_| *worker.messenger().receive_blocking(()).unwrap()).collect();
        assert_eq!(received, [3, 1, 2]);
    });
}

fn events_of_a_worker(entries: &Entries) {
    let worker = entries.events.start(()).unwrap();
    in_time(move || {
        let received: Vec<u8> =
            (0..3).map(|_| *worker.messenger().receive_blocking("events").unwrap()).collect();
        assert_eq!(received, [0, 1, 2]);
        let error = worker.messenger().receive_blocking("events").unwrap_err();
        assert!(
            matches!(&error, MessengerError::Gone(gone) if gone.exit == Some(Exit::Code(0))),
            "{error:?}"
        );
    });
}

fn a_worker_that_has_a_worker(entries: &Entries) {
    let manager = entries.manager.start(()).unwrap();
    in_time(move || assert_eq!(manager.ask("down").unwrap(), Ok("down".into())));
}

fn another_version_is_named(_: &Entries) {
    in_time(|| {
        let lab: LabHost = coproc::spawn(this_program("older-worker-binary")).start("").unwrap();
        let error = lab.made_with().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        let text = error.to_string();
        assert!(text.contains("only the other side has `echo(text: &[u8]) -> Vec<u8>`"), "{text}");
        assert!(text.contains("only this side has `echo(text: &str) -> String`"), "{text}");
        assert!(!text.contains("`made_with"), "{text}");
    });
}

fn what_is_no_worker_is_an_error(_: &Entries) {
    in_time(|| {
        let nothing = coproc::spawn::<LabHost, _>(Command::new("/no/such/program"));
        let error = nothing.start("").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Start);
        assert!(format!("{error:?}").contains("No such file"), "{error:?}");
        for (program, kind) in [
            ("true", ErrorKind::Start),
            ("cat", ErrorKind::Protocol),
            ("head -c 100000 /dev/zero | tr '\\0' ' '; cat", ErrorKind::Protocol),
        ] {
            let mut command = Command::new("sh");
            command.arg("-c").arg(program);
            let outcome = match coproc::spawn::<LabHost, _>(command).start("") {
                Ok(lab) => lab.echo("").map(drop),
                Err(error) => Err(error),
            };
            assert_eq!(outcome.unwrap_err().kind(), kind, "{program}");
        }
    });
}

fn a_name_without_an_entry_starts_nothing(_: &Entries) {
    in_time(|| {
        let mut command = this_program("--coproc-worker");
        command.arg("nobody");
        let lab: LabHost = coproc::spawn(command).start("").unwrap();
        assert_eq!(lab.echo("").unwrap_err().exit(), Some(Exit::Code(42)));
    });
}

fn a_worker_that_is_started_by_hand_says_so(_: &Entries) {
    in_time(|| {
        let output = this_program("worker-binary").stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("this is a worker: it is started by its host"), "{text}");
    });
}

/// The host's stderr is its worker's too: it ends when both are gone.
fn a_killed_host_leaves_nothing(_: &Entries) {
    in_time(|| {
        let mut host =
            this_program("host-to-be-killed").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = [0; 16];
        let length = host.stdout.as_mut().unwrap().read(&mut line).unwrap();
        let pid: u32 = std::str::from_utf8(&line[..length]).unwrap().trim().parse().unwrap();
        assert!(exists(pid));
        host.kill().unwrap();
        host.wait().unwrap();
        let mut rest = String::new();
        host.stderr.take().unwrap().read_to_string(&mut rest).unwrap();
    });
}

fn join_does_not_wait_for_what_is_no_worker(_: &Entries) {
    in_time(|| {
        let mut command = Command::new("sh");
        command
            .args(["-c", "head -c 100000 /dev/zero | tr '\\0' ' '; exec sleep 1000"])
            .stderr(Stdio::null());
        let lab = coproc::spawn::<LabHost, _>(command).start("").unwrap();
        assert_eq!(lab.join().unwrap_err().kind(), ErrorKind::Protocol);
        assert_eq!(lab.kill().unwrap(), Exit::Signal(9));
    });
}

/// As a Python program with `SIGCHLD` ignored would start it: the kernel reaps the worker, and nobody knows how it ended.
fn a_host_that_ignores_the_ends_of_children(_: &Entries) {
    in_time(|| {
        let mut host = Command::new("env");
        host.arg("--ignore-signal=CHLD").arg(env::current_exe().unwrap()).arg("ignoring-host");
        assert!(host.status().unwrap().success());
    });
}

fn ignoring_host(entries: &Entries) -> ExitCode {
    let lab = entries.lab.start(String::new()).unwrap();
    assert_eq!(lab.kill().unwrap(), Exit::Unknown);
    assert!(!lab.is_alive());
    assert_eq!(lab.echo("").unwrap_err().kind(), ErrorKind::Died);
    ExitCode::SUCCESS
}

fn two_entries_of_one_name_are_refused(entries: &Entries) {
    let again = coproc::entry("lab", bench);
    let error = again.start(String::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Start);
    assert!(error.to_string().contains("two entries have its name"), "{error}");
    entries.lab.start(String::new()).unwrap();
}

/// A host whose worker is busy for ever.
fn host_to_be_killed(entries: &Entries) -> ExitCode {
    let lab = entries.lab.start(String::new()).unwrap();
    let pid = lab.process().unwrap();
    let hanging = lab.start().hang();
    println!("{pid}");
    let _ = hanging.wait();
    ExitCode::FAILURE
}
