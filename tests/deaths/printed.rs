//! What becomes of that which workers print to stderr.

use std::collections::HashMap;
use std::io::Read;
use std::process::{Stdio, exit};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use coproc::{Exit, Stderr, Stub};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::process::{self, memory_peak};
use crate::support::{exists, in_time};
use crate::victim::{self, VictimHost, Way};

/// Lines that each worker prints, and workers that print at once.
const LINES: u32 = 1000;
const WORKERS: usize = 4;

/// What a host does whose stderr a test reads.
pub(crate) fn host(part: &str) {
    std::panic::set_hook(Box::new(|info| {
        // Not to stderr: it may be full.
        println!("{info}");
        exit(1);
    }));
    match part {
        "forward" => forward(),
        "quiet" => say(&start(Stderr::quiet())),
        "inherit" => say(&start(Stderr::inherit())),
        "full" => go_on_beside_a_full_stderr(),
        "many dead" => forget_the_words_of_many_dead(),
        "flood" => leave_out_what_a_flood_brings(),
        other => panic!("no such part: {other}"),
    }
    // With nothing between the drop of a stub and the process's end.
    exit(0);
}

fn start(stderr: Stderr) -> VictimHost {
    victim::entry().spawn().stderr(stderr).start(()).unwrap()
}

/// Has a worker print, the last of it without the end of a line.
fn say(victim: &VictimHost) {
    victim.print(b"one\n\ntwo\n\xff\xfe\nthe rest", 1).unwrap();
}

/// What a host prints to stderr while it plays a part.
fn stderr_of(part: &'static str) -> Vec<u8> {
    in_time(move || {
        let output = process::host(part).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        output.stderr
    })
}

fn forward() {
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| start(Stderr::forward()).count(LINES).unwrap());
        }
    });
    say(&start(Stderr::forward()));
}

#[test]
fn each_line_reaches_the_hosts_stderr_labelled_and_whole() {
    let printed = stderr_of("forward");
    let mut lines: HashMap<&[u8], Vec<&[u8]>> = HashMap::new();
    for line in printed.split_inclusive(|byte| *byte == b'\n') {
        let label = line.iter().position(|byte| *byte == b' ').unwrap();
        let (label, text) = line.split_at(label + 1);
        assert!(label.starts_with(b"Victim[") && label.ends_with(b"]: "));
        lines.entry(label).or_default().push(text);
    }
    let counted: Vec<_> = (0..LINES).map(|number| format!("line {number}\n").into_bytes()).collect();
    let (full, last): (Vec<_>, Vec<_>) = lines.into_values().partition(|lines| lines.len() == LINES as usize);
    assert_eq!(full.len(), WORKERS);
    assert!(full.iter().all(|lines| *lines == counted));
    let said: [&[u8]; 5] = [b"one\n", b"\n", b"two\n", b"\xff\xfe\n", b"the rest\n"];
    assert_eq!(last, [said]);
}

#[test]
fn quiet_is_quiet() {
    assert_eq!(stderr_of("quiet"), b"");
}

#[test]
fn what_is_inherited_has_no_label() {
    assert_eq!(stderr_of("inherit"), b"one\n\ntwo\n\xff\xfe\nthe rest");
}

#[test]
fn a_function_gets_each_line_in_order_even_if_it_panics() {
    in_time(|| {
        let (sender, lines) = mpsc::channel();
        let victim = start(Stderr::to(move |line| {
            sender.send(format!("{}[{}]: {}", line.service, line.pid, line.text)).unwrap();
            assert!(!line.text.contains("panic"), "the function's own fault");
        }));
        let label = format!("Victim[{}]: ", victim.process().unwrap());
        victim.print(b"panic\n", 1).unwrap();
        victim.count(LINES).unwrap();
        say(&victim);
        drop(victim);
        let mut expected = vec![format!("{label}panic")];
        expected.extend((0..LINES).map(|number| format!("{label}line {number}")));
        expected
            .extend(["one", "", "two", "\u{fffd}\u{fffd}", "the rest"].map(|text| format!("{label}{text}")));
        assert_eq!(lines.iter().collect::<Vec<_>>(), expected);
    });
}

/// It may take longer than the drop of the stub waits for it.
#[test]
fn a_slow_function_gets_each_line_too() {
    in_time(|| {
        let (sender, lines) = mpsc::channel();
        let (go, gate) = mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        let victim = start(Stderr::to(move |line| {
            // At the first line until it may go on, and never again.
            let _ = gate.lock().unwrap().recv();
            sender.send(line.text.to_owned()).unwrap();
        }));
        victim.count(LINES).unwrap();
        drop(victim);
        drop(go);
        assert_eq!(lines.iter().count(), LINES as usize);
    });
}

#[test]
fn an_error_has_the_last_of_it() {
    in_time(|| {
        let all: String = (0..LINES).map(|number| format!("line {number}\n")).collect();
        for bytes in [0, 1, 8, 100, 1000, usize::MAX] {
            let victim = start(Stderr::quiet().keep_last(bytes));
            victim.count(LINES).unwrap();
            let error = victim.die(Way::Exit(3)).unwrap_err();
            let kept = error.stderr().unwrap();
            assert!(kept.len() <= bytes && all.trim_end().ends_with(kept), "{bytes}: {kept:?}");
            assert!(bytes < 9 || kept.starts_with("line "), "{bytes}: {kept:?}");
            assert!(bytes < all.len() || kept == all.trim_end(), "{bytes}: {kept:?}");
            assert_eq!(error.to_string().contains("line 999"), bytes > 8, "{error}");
        }
    });
}

#[test]
fn what_is_no_text_stands_in_an_error_as_far_as_it_is() {
    in_time(|| {
        let victim = start(Stderr::quiet());
        say(&victim);
        let error = victim.die(Way::Abort).unwrap_err();
        assert_eq!(error.stderr().unwrap(), "one\n\ntwo\n\u{fffd}\u{fffd}\nthe rest");
    });
}

/// Bytes that a host may grow by while nobody reads its stderr.
const GROWTH: u64 = 16 << 20;

/// Workers that die with words that nobody reads.
const DEAD: usize = 40;

/// Has a worker fill this process's stderr, which nobody reads; the worker, which still prints.
fn fill_stderr() -> VictimHost {
    let printer = victim::entry().spawn().patience(Duration::ZERO).start(()).unwrap();
    // The call goes on, with nobody to wait for it.
    let printing = printer.start().print(&[b'x'; 1 << 10], 10 << 10);
    let stderr = std::io::stderr();
    while poll(&mut [PollFd::new(&stderr, PollFlags::OUT)], Some(&Timespec::default())).unwrap() > 0 {
        thread::yield_now();
    }
    assert!(printing.try_wait().is_err());
    printer
}

fn go_on_beside_a_full_stderr() {
    let before = memory_peak();
    let printer = fill_stderr();
    let victim = start(Stderr::forward());
    for _ in 0..1000 {
        victim.echo("it goes on").unwrap();
    }
    victim.count(10).unwrap();
    let error = victim.die(Way::Exit(3)).unwrap_err();
    assert!(error.stderr().unwrap().ends_with("line 9"), "{error}");
    assert!(printer.is_alive());
    assert!(memory_peak() < before + GROWTH, "{before} {}", memory_peak());
}

fn forget_the_words_of_many_dead() {
    let _printer = fill_stderr();
    let descriptors = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = descriptors();
    thread::scope(|scope| {
        for _ in 0..DEAD {
            scope.spawn(|| {
                let victim = start(Stderr::forward());
                victim.count(LINES).unwrap();
                victim.kill().unwrap();
            });
        }
    });
    while descriptors() > before {
        thread::yield_now();
    }
}

fn leave_out_what_a_flood_brings() {
    let _printer = fill_stderr();
    let before = memory_peak();
    let victim = start(Stderr::forward());
    victim.fill_stderr().unwrap();
    let error = victim.die(Way::Exit(3)).unwrap_err();
    assert_eq!(error.exit(), Some(Exit::Code(3)));
    assert!(memory_peak() < before + GROWTH, "{before} {}", memory_peak());
}

/// A part that is played with a stderr that nobody reads before it is over.
fn play_unread(part: &'static str) -> String {
    in_time(move || {
        let mut host = process::host(part).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = String::new();
        host.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        assert!(host.wait().unwrap().success(), "{stdout}");
        stdout
    })
}

#[test]
fn a_full_stderr_of_the_host_holds_up_nobody_else() {
    play_unread("full");
}

#[test]
fn what_many_dead_have_said_does_not_pile_up() {
    play_unread("many dead");
}

#[test]
fn what_a_flood_has_brought_when_a_worker_dies_does_not_pile_up() {
    play_unread("flood");
}

/// It is read long after the exit was seen, by the first call.
#[test]
fn what_was_printed_ahead_of_an_early_exit_arrives_with_the_stub() {
    in_time(|| {
        for _ in 0..20 {
            let (sender, lines) = mpsc::channel();
            let sender = Mutex::new(sender);
            let stderr = Stderr::to(move |line| sender.lock().unwrap().send(line.text.to_owned()).unwrap());
            let mut command = std::process::Command::new("sh");
            command.args(["-c", "echo out; echo err >&2; exit 3"]);
            let victim: VictimHost = coproc::spawn(command).stderr(stderr).start(()).unwrap();
            while victim.is_alive() {
                thread::yield_now();
            }
            let error = victim.echo("").unwrap_err();
            assert_eq!(error.stderr().unwrap().lines().count(), 2, "{error}");
            drop(victim);
            let mut lines: Vec<_> = lines.iter().take(2).collect();
            lines.sort();
            assert_eq!(lines, ["err", "out"]);
        }
    });
}

/// By the thread that watches, which sleeps at first: each worker has it wake anew.
#[test]
fn what_a_worker_prints_that_nobody_waits_for_arrives_and_it_is_reaped() {
    in_time(|| {
        for _ in 0..3 {
            let (sender, lines) = mpsc::channel();
            let sender = Mutex::new(sender);
            let stderr = Stderr::to(move |line| sender.lock().unwrap().send(line.text.to_owned()).unwrap());
            let mut command = std::process::Command::new("sh");
            command.args(["-c", "echo err >&2; read greeting"]);
            let victim: VictimHost = coproc::spawn(command).stderr(stderr).start(()).unwrap();
            assert_eq!(lines.recv().unwrap(), "err");
            while exists(victim.pid().unwrap()) {
                thread::yield_now();
            }
        }
    });
}
