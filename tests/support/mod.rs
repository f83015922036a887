//! A service whose methods misbehave in every way, and a deadline for tests that could hang.
#![allow(dead_code, unreachable_pub, reason = "each test crate uses a part")]

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use coproc::{Entry, Wait};

#[path = "../../coproc-runtime/tests/support/mod.rs"]
mod deadline;
pub use deadline::in_time;

/// What a worker can do, well and badly.
#[coproc::worker]
pub trait Lab {
    /// Gives the text back.
    fn echo(&self, text: &str) -> String;
    /// Gives the bytes back.
    fn bytes(&self, bytes: &[u8]) -> Vec<u8>;
    /// Gives the path back.
    fn path(&self, path: &Path) -> PathBuf;
    /// What the worker was made with.
    fn made_with(&self) -> String;
    /// The worker's process.
    fn process(&self) -> u32;
    /// Divides, or says why not.
    fn divide(&self, dividend: i32, divisor: i32) -> Result<i32, String>;
    /// Writes a word down; what has been written so far.
    fn write(&mut self, word: &str) -> Vec<String>;
    /// Writes a word down; nothing is sent back.
    #[norequest]
    fn write_quietly(&mut self, word: &str);
    /// The same, before all others.
    #[norequest]
    #[priority(-1)]
    fn write_urgently(&mut self, word: &str);
    /// Makes a file; nothing is sent back.
    #[norequest]
    fn touch(&self, file: &Path);
    /// Sends a text to the host's messenger, on the channel `news`.
    fn announce(&self, text: &str);
    /// Says so on the channel `news`, and receives what the host sends past the trait, until that fails.
    fn listen(&self);
    /// Prints to stdout, and reads stdin to its end.
    fn chatter(&self) -> usize;
    /// Panics.
    fn panic(&self, message: &str);
    /// Panics; nobody is told.
    #[norequest]
    fn panic_quietly(&self);
    /// Aborts the process.
    fn abort(&self);
    /// Exits.
    fn exit(&self, code: i32);
    /// Says at a gate that it has come there, and returns when the gate is opened.
    fn wait_for(&self, gate: &Path);
    /// Takes its time.
    fn nap(&self, milliseconds: u64);
    /// Never returns.
    fn hang(&self);
}

#[derive(Default)]
pub struct Bench {
    pub made_with: String,
    pub words: Vec<String>,
}

impl Lab for Bench {
    fn echo(&self, text: &str) -> String {
        text.into()
    }

    fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        bytes.into()
    }

    fn path(&self, path: &Path) -> PathBuf {
        path.into()
    }

    fn made_with(&self) -> String {
        self.made_with.clone()
    }

    fn process(&self) -> u32 {
        std::process::id()
    }

    fn divide(&self, dividend: i32, divisor: i32) -> Result<i32, String> {
        dividend.checked_div(divisor).ok_or_else(|| format!("{dividend} by {divisor}"))
    }

    fn write(&mut self, word: &str) -> Vec<String> {
        self.words.push(word.into());
        self.words.clone()
    }

    fn write_quietly(&mut self, word: &str) {
        self.words.push(word.into());
    }

    fn write_urgently(&mut self, word: &str) {
        self.words.push(word.into());
    }

    fn touch(&self, file: &Path) {
        std::fs::write(file, "").unwrap();
    }

    fn announce(&self, text: &str) {
        let host = coproc::host_messenger::<String, ()>().unwrap();
        host.send_norequest(text.into(), "news").unwrap();
    }

    fn listen(&self) {
        let host = coproc::host_messenger::<String, String>().unwrap();
        host.send_norequest("listening".into(), "news").unwrap();
        while host.receive_blocking("nothing comes here").is_ok() {}
    }

    fn chatter(&self) -> usize {
        println!("this goes to stderr");
        std::io::read_to_string(std::io::stdin()).map_or(usize::MAX, |text| text.len())
    }

    fn panic(&self, message: &str) {
        panic!("{message}");
    }

    fn panic_quietly(&self) {
        panic!("quietly");
    }

    fn abort(&self) {
        std::process::abort();
    }

    fn exit(&self, code: i32) {
        std::process::exit(code);
    }

    fn wait_for(&self, gate: &Path) {
        std::fs::write(gate.with_extension("reached"), "").unwrap();
        std::fs::read_to_string(gate).unwrap();
    }

    fn nap(&self, milliseconds: u64) {
        thread::sleep(Duration::from_millis(milliseconds));
    }

    fn hang(&self) {
        loop {
            thread::park();
        }
    }
}

/// A bench that was made with a text; the text `explode` makes it panic.
pub fn bench(made_with: String) -> LabWorker<Bench> {
    assert_ne!(made_with, "explode", "there is no such bench");
    LabWorker(Bench { made_with, words: Vec::new() })
}

/// The ways of waiting, none of which may change what a test sees.
pub const WAITS: [Wait; 3] = [Wait::Adaptive, Wait::Block, Wait::Spin(Duration::from_micros(5))];

/// A worker process out of the test program, which has a test called `worker` that calls this.
pub fn entry() -> Entry<LabHost, String> {
    coproc::test_entry("worker", bench)
}

pub fn lab() -> LabHost {
    entry().start("a lab".into()).unwrap()
}

/// Two named pipes: one says that a method has come to the gate, one lets it go on.
pub struct Gate(PathBuf);

impl Gate {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("coproc-gate-{}-{name}", std::process::id()));
        let gate = Gate(path);
        let made =
            std::process::Command::new("mkfifo").args([gate.path(), &gate.reached_path()]).status().unwrap();
        assert!(made.success());
        gate
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Waits until the method has come here.
    pub fn reached(&self) {
        std::fs::read(self.reached_path()).unwrap();
    }

    /// Lets the method go on.
    pub fn open(&self) {
        std::fs::write(&self.0, "go").unwrap();
    }

    fn reached_path(&self) -> PathBuf {
        self.0.with_extension("reached")
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        let _ = std::fs::remove_file(self.reached_path());
    }
}

/// Whether a process is there, be it as a zombie.
pub fn exists(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}
