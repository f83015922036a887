//! Every example, run as a process of its own: what it prints is what its page says, to the byte.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "only tests call what is here")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

/// What each example prints on stdout. `index`, which prints the time it took, has tests of its own.
const STDOUT: [(&str, &str); 8] = [
    (
        "crash",
        "A worker that panics:\n  \
           divide(1, 0): Panicked, it panicked at examples/crash.rs:23:9: attempt to divide by zero\n  \
           divide(6, 3): Died, the other side is gone: it exited with code 101\n  \
           join(): it exited with code 101\n\
         A worker that aborts:\n  \
           abort(): Died, the other side is gone: it was ended by SIGABRT\n\
         A worker that is killed while it is called:\n  \
           kill(): it was ended by SIGKILL\n  \
           hang(): Died, the other side is gone: it was ended by SIGKILL, sent by this process because `kill` was called\n\
         A worker that hangs:\n  \
           hang(): TimedOut, the time given was over first\n  \
           is_alive(): true\n  \
           kill(): it was ended by SIGKILL\n\
         A worker that takes its place:\n  \
           divide(6, 3): 2\n",
    ),
    (
        "drop_in",
        "Here:\n  \
           to be or not\n  \
           nothing to append\n\
         In another process:\n  \
           to be or not\n  \
           nothing to append\n\
         Killed:\n  \
           BrokenPipe\n  \
           0 bytes\n",
    ),
    (
        "expanded",
        "short: 2 notes, [\"buy milk\"]\n\
         written out: 2 notes, [\"buy milk\"]\n\
         written out, after clear: []\n",
    ),
    (
        "messenger_channels",
        "available()=0\n\
         available()=0\n\
         receive_blocking(A)=\"hello\"\n\
         receive_blocking(B)=\"hi\"\n",
    ),
    ("messenger_priorities", ""),
    (
        "messenger_requests",
        "remaining()=0\n\
         remaining()=1\n\
         receive_blocking()=\"hello\"\n\
         remaining()=0\n\
         remaining()=3\n\
         0\n\
         1\n\
         2\n",
    ),
    (
        "messenger_special",
        "worker got: message 1\n\
         worker was asked to close\n\
         host got: process was closed successfully\n",
    ),
    (
        "quickstart",
        "Hello, world! You are number 1.\n\
         Hello, again! You are number 2.\n\
         Served by another process: true\n",
    ),
];

#[test]
fn every_example_is_checked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut examples: Vec<String> =
        files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    examples.sort();
    let mut checked: Vec<&str> = STDOUT.iter().map(|(name, _)| *name).chain(["index"]).collect();
    checked.sort();
    assert_eq!(examples, checked);
}

#[test]
fn every_example_prints_what_its_page_says() {
    for (name, stdout) in STDOUT {
        let end = run(&mut example(name));
        assert_eq!((end.stdout.as_str(), end.status.code()), (stdout, Some(0)), "{name}: {}", end.stderr);
    }
}

#[test]
fn the_worker_of_messenger_priorities_prints_the_urgent_ones_first() {
    let end = run(&mut example("messenger_priorities"));
    let lines: Vec<_> = end.stderr.lines().map(|line| line.split_once("]: ").unwrap()).collect();
    assert!(lines.iter().all(|(label, _)| label.starts_with("messenger[")), "{lines:?}");
    let texts: Vec<_> = lines.iter().map(|(_, text)| *text).collect();
    assert_eq!(texts, ["high 0", "high 1", "high 2", "low 0", "low 1", "low 2"]);
}

#[test]
fn index_counts_what_every_text_file_holds() {
    let tree = Tree::new();
    let mut texts = vec![
        ("most.txt", "Worker, worker; a PIPE\tof the worker-pipe."),
        (".hidden", "pipe worker"),
        (".gitignore", "ignored.txt\n"),
        ("ignored.txt", "worker\0pipe"),
        ("tie/in_folder.txt", "pipe\nworker"),
        ("tie.txt", "worker pipe"),
        ("tie/target", "a file: worker, pipe"),
        ("caf\u{e9}.txt", "\u{c9}t\u{e9}: worker\u{2014}pipe1 pipe"),
        ("only_one_word.txt", "worker worker worker"),
        ("longer_words.txt", "workers pipes worker_s"),
        ("empty.txt", ""),
    ];
    for (name, text) in &texts {
        tree.write(name, text);
    }
    tree.write(OsStr::from_bytes(b"latin-1 n\xe1me.txt"), "worker worker pipe");
    texts.push(("latin-1 n\u{fffd}me.txt", "worker worker pipe"));
    for left_out in [".git/config", "target/doc.txt", "tie/target2/.git/HEAD", "tie/deep/target/doc.txt"] {
        tree.write(left_out, "worker pipe");
    }
    tree.write("binary", b"worker pipe \0\xff\xfe");
    tree.write("tie/latin-1.txt", b"worker pipe caf\xe9");
    symlink("most.txt", tree.0.join("link.txt")).unwrap();
    symlink("tie", tree.0.join("link")).unwrap();
    symlink("nowhere", tree.0.join("broken link")).unwrap();
    // Nobody writes into it: whoever opened it would wait for ever.
    assert!(Command::new("mkfifo").arg(tree.0.join("fifo")).status().unwrap().success());
    tree.write("secret.txt", "worker pipe");
    fs::set_permissions(tree.0.join("secret.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    let is_readable = fs::read(tree.0.join("secret.txt")).is_ok();
    if is_readable {
        // Root reads everything.
        texts.push(("secret.txt", "worker pipe"));
    }

    let end = run(example("index").arg(&tree.0).args(["worker", "PIPE"]));
    let secret = if is_readable { "secret.txt: 2\n" } else { "" };
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let matches = format!(
        "most.txt: 5\nlatin-1 n\u{fffd}me.txt: 3\n.hidden: 2\ncaf\u{e9}.txt: 2\nignored.txt: 2\n{secret}\
         tie.txt: 2\ntie/in_folder.txt: 2\ntie/target: 2\n"
    );
    assert_eq!(searched(&end), (matches.as_str(), texts.len(), bytes), "{}", end.stderr);
    assert!(end.stderr.contains("skipped 2 files that are not text\n"), "{}", end.stderr);
    let reported = end.stderr.contains("secret.txt: Permission denied");
    assert!(reported != is_readable, "{}", end.stderr);
    assert!(!end.stderr.contains('\u{1b}'), "a progress bar where there is no terminal: {}", end.stderr);

    let end = run(example("index").arg(&tree.0).arg("\u{c9}T\u{c9}"));
    assert_eq!(searched(&end), ("caf\u{e9}.txt: 1\n", texts.len(), bytes), "{}", end.stderr);
    let end = run(example("index").arg(&tree.0).args(["worker", "elsewhere"]));
    assert_eq!(searched(&end), ("", texts.len(), bytes), "{}", end.stderr);
}

#[test]
fn index_searches_this_repository_where_no_folder_is_named() {
    let end = run(example("index").arg("maximal"));
    let (matches, files, _) = searched(&end);
    assert!(matches.contains("examples/index.rs: 1\n"), "{matches}{}", end.stderr);
    assert!(files > 10, "{}", end.stdout);
}

/// What `index` printed: the lines of documents, and the counts of its last line, whose time can be any.
fn searched(end: &End) -> (&str, usize, usize) {
    let without_end = end.stdout.strip_suffix('\n').expect("a whole last line");
    let start_of_last = without_end.rfind('\n').map_or(0, |newline| newline + 1);
    let (matches, last) = without_end.split_at(start_of_last);
    let words: Vec<&str> = last.split(' ').collect();
    let ["searched", files, "files,", bytes, "bytes", "in", seconds, "s"] = words.as_slice() else {
        panic!("{last:?}")
    };
    assert!(seconds.parse::<f64>().unwrap() >= 0.0);
    assert_eq!(end.status.code(), Some(0));
    (matches, files.parse().unwrap(), bytes.parse().unwrap())
}

/// An example's command. `cargo test` builds the examples beside the folder of the tests.
fn example(name: &str) -> Command {
    let test = env::current_exe().unwrap();
    let file = test.parent().and_then(Path::parent).unwrap().join("examples").join(name);
    assert!(file.exists(), "{} is not built: `cargo build --examples`", file.display());
    Command::new(file)
}

/// How an example ended, and what it had printed; what is not UTF-8 is replaced by U+FFFD.
struct End {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

/// Far longer than any example takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(240);

/// Runs a command until it and all that it has started have ended; fails when that takes too long.
fn run(command: &mut Command) -> End {
    let until = Instant::now() + DEADLINE;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let stdout = read_aside(child.stdout.take().unwrap());
    let stderr = read_aside(child.stderr.take().unwrap());
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
            None => {
                child.kill().unwrap();
                panic!("{command:?} still ran after {DEADLINE:?}");
            }
        }
    };
    // A stream ends when the last process that could write there has ended.
    let [stdout, stderr] = [stdout, stderr].map(|stream| {
        let left = until.saturating_duration_since(Instant::now());
        stream.recv_timeout(left).unwrap_or_else(|_| panic!("{command:?} left a process behind"))
    });
    End { status, stdout, stderr }
}

fn read_aside(mut stream: impl io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        sender.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    receiver
}

/// A folder that is gone when the test is over.
struct Tree(PathBuf);

impl Tree {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("index-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Tree(folder)
    }

    fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let file = self.0.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
