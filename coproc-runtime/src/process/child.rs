//! A worker's process: its exit, waited for and reaped.

use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions};
use wait4::Wait4;

use super::printed::Printed;
use super::stderr::{Destination, Stderr};
use super::watch::Watch;
use crate::messenger::{Exit, Memory, OtherSide, PATIENCE_TO_DIE, Remains, Signal, time_left};
use crate::pipe::{self, Awaited, ExitWatch, ReadEnd};
use crate::sync::{Arc, Mutex, lock};

/// A worker's process.
#[derive(Debug)]
pub(super) struct Process {
    pid: Pid,
    watch: Option<ExitWatch>,
    pub(super) printed: Printed,
    /// The most that this process had in use up to the worker's start or a moment later, in bytes.
    inherited_memory: OnceLock<u64>,
    progress: Mutex<Progress>,
}

#[derive(Debug)]
enum Progress {
    Runs { child: Child, sent: Option<Sent> },
    Ended { exit: Exit, memory: Option<Memory>, sent: Option<Sent> },
}

/// A signal of this process, and why it was sent.
#[derive(Clone, Debug)]
struct Sent {
    signal: Signal,
    why: String,
}

/// Where the kernel can't watch an exit, it is asked for this often.
const ASK_AGAIN: Duration = Duration::from_millis(1);

/// How long what a worker has printed may take to be passed on once it has exited.
const PATIENCE_TO_PASS_ON: Duration = Duration::from_secs(1);

/// Memory that the kernel's counts may be off by, in bytes: it keeps a share of them for each core.
const IMPRECISION: u64 = 1 << 20;

impl Process {
    /// Starts a worker in a process group of its own, so that Ctrl-C in a terminal reaches its host alone.
    pub(super) fn start(
        command: &mut Command,
        service: &'static str,
        stderr: &Stderr,
        stdin: impl Into<Stdio>,
        stdout: impl Into<Stdio>,
    ) -> io::Result<Arc<Self>> {
        use std::os::unix::process::CommandExt;

        let watch = Watch::of_this_process()?;
        let printed = match stderr.destination {
            Destination::Command => None,
            Destination::Host | Destination::Nowhere | Destination::Sink(_) => {
                let (end, theirs) = os_pipe::pipe()?;
                command.stderr(theirs);
                Some(ReadEnd::new(end))
            }
        };
        #[cfg(feature = "chaos")]
        crate::chaos::number(command);
        let spawned = command.stdin(stdin).stdout(stdout).process_group(0).spawn();
        // A `Command` keeps its descriptors, and with them this process would hold the worker's ends of the pipes.
        command.stdin(Stdio::null()).stdout(Stdio::null());
        if printed.is_some() {
            command.stderr(Stdio::null());
        }
        let child = spawned?;
        let process = Arc::new(Process {
            pid: pid(&child)?,
            watch: ExitWatch::new(child.id()),
            printed: Printed::new(service, child.id(), stderr, printed),
            inherited_memory: OnceLock::new(),
            progress: Mutex::new(Progress::Runs { child, sent: None }),
        });
        watch.add(Arc::clone(&process));
        Ok(process)
    }

    /// Takes note of what the kernel counts for the worker though it is this process's; the caller of a start need not wait
    /// for it.
    pub(super) fn note_inherited_memory(&self) -> u64 {
        *self.inherited_memory.get_or_init(|| peak_memory().unwrap_or(u64::MAX))
    }

    /// Whether its exit has not been seen yet.
    pub(super) fn runs(&self) -> bool {
        matches!(*lock(&self.progress), Progress::Runs { .. })
    }

    /// Whether it has exited, and all it printed is passed on.
    pub(super) fn is_over(&self) -> bool {
        !self.runs() && self.printed.is_over()
    }

    /// Whether somebody can still call it.
    pub(super) fn has_stub(&self) -> bool {
        !self.printed.is_abandoned()
    }

    /// How it ended, if it has; it leaves nothing of its process group.
    pub(super) fn try_exit(&self) -> Option<Exit> {
        self.reap(&mut lock(&self.progress))
    }

    fn reap(&self, progress: &mut Progress) -> Option<Exit> {
        let (child, sent) = match progress {
            Progress::Ended { exit, .. } => return Some(*exit),
            Progress::Runs { child, sent } => (child, sent),
        };
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let (exit, memory) = match rustix::process::waitid(WaitId::Pid(self.pid), options) {
            Ok(None) => return None,
            Ok(Some(_)) => {
                // It is still there as a zombie, so its group's number can't have become another's.
                let _ = rustix::process::kill_process_group(self.pid, rustix::process::Signal::KILL);
                child.wait4().map_or((Exit::Unknown, None), |used| {
                    (Exit::from(used.status), Some(self.memory(used.rusage.maxrss)))
                })
            }
            // `ECHILD`: someone else has reaped it, or SIGCHLD is ignored (`wait(2)`).
            Err(_) => (Exit::Unknown, None),
        };
        self.printed.finish();
        // Whoever came first to see the exit, the last words are the watching thread's to pass on.
        self.wake_watch();
        *progress = Progress::Ended { exit, memory, sent: sent.take() };
        Some(exit)
    }

    /// What the kernel's count says of a worker's own memory.
    ///
    /// Up to its `exec` the child runs in the host's memory, and that counts for it too (`vfork(2)`).
    fn memory(&self, most: u64) -> Memory {
        if most > self.note_inherited_memory().saturating_add(IMPRECISION) {
            Memory::Peak(most)
        } else {
            Memory::AtMost(most)
        }
    }

    /// Has the watching thread look anew at what there is to do for it, and at once only if something is to be passed on.
    fn wake_watch(&self) {
        match Watch::of_this_process() {
            Ok(watch) if self.printed.is_passed_on() => watch.wake_later(),
            Ok(watch) => watch.wake(),
            Err(_) => {}
        }
    }

    fn wait(&self, until: Option<Instant>) -> Option<Exit> {
        loop {
            if let Some(exit) = self.try_exit() {
                return Some(exit);
            }
            let left = time_left(until);
            if left == Some(Duration::ZERO) {
                return None;
            }
            match &self.watch {
                Some(watch) => {
                    pipe::wait(Awaited { exit: Some(watch), ..Awaited::default() }, left).ok()?;
                }
                None => std::thread::sleep(left.map_or(ASK_AGAIN, |left| left.min(ASK_AGAIN))),
            }
        }
    }
}

impl OtherSide for Process {
    fn pid(&self) -> Option<u32> {
        u32::try_from(self.pid.as_raw_nonzero().get()).ok()
    }

    fn exit_watch(&self) -> Option<&ExitWatch> {
        self.watch.as_ref()
    }

    fn exit(&self, patience: Option<Duration>) -> Option<Exit> {
        let until = patience.and_then(|patience| Instant::now().checked_add(patience));
        let exit = self.wait(until)?;
        // What it printed stands ahead of what this process says of its exit.
        let left = time_left(until).unwrap_or(PATIENCE_TO_PASS_ON);
        self.printed.wait_until_passed_on(left.min(PATIENCE_TO_PASS_ON));
        Some(exit)
    }

    fn remains(&self) -> Remains {
        let (memory, sent_because) = match &*lock(&self.progress) {
            Progress::Runs { .. } => (None, None),
            Progress::Ended { exit, memory, sent } => {
                let sent = sent.clone().filter(|sent| *exit == sent.signal.exit());
                (*memory, sent.map(|sent| sent.why))
            }
        };
        Remains { memory, stderr: self.printed.tail(), sent_because }
    }

    fn note_printed(&self, text: &[u8]) {
        self.printed.note(text);
        self.wake_watch();
    }

    fn signal(&self, signal: Signal, why: &str) -> io::Result<()> {
        // Under the lock nobody reaps the child, so its id can't have become another's.
        let mut progress = lock(&self.progress);
        self.reap(&mut progress);
        let Progress::Runs { sent, .. } = &mut *progress else { return Ok(()) };
        *sent = Some(Sent { signal, why: why.to_owned() });
        let outcome = match signal {
            Signal::Terminate => rustix::process::kill_process(self.pid, rustix::process::Signal::TERM),
            Signal::Kill => {
                // The group is the child's from before its first instruction, unless it has left it.
                let _ = rustix::process::kill_process_group(self.pid, rustix::process::Signal::KILL);
                rustix::process::kill_process(self.pid, rustix::process::Signal::KILL)
            }
        };
        match outcome {
            // Gone at once, as where SIGCHLD is ignored and it becomes no zombie.
            Ok(()) | Err(Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn put_away(&self, patience: Duration) {
        let within = |patience| Instant::now().checked_add(patience);
        if self.wait(within(patience)).is_none() && self.signal(Signal::Kill, "its stub was dropped").is_ok()
        {
            self.wait(within(PATIENCE_TO_DIE));
        }
        self.printed.wait_until_passed_on(PATIENCE_TO_PASS_ON);
        self.printed.abandon();
        self.wake_watch();
    }
}

fn pid(child: &Child) -> io::Result<Pid> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    pid.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

/// The most memory that this process has had in use at once, in bytes (`proc_pid_status(5)`, `VmHWM`).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1 << 10)
}
