//! The one thread of a host that watches its workers: that they exit, and what they print.
//!
//! No message passes through it, and no wait for a worker depends on it: who waits watches for the exit itself.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;
use std::time::Duration;

use super::child::Process;
use crate::messenger::OtherSide;
use crate::pipe::{self, ExitWatch, ReadEnd, Timer, Waker, Watched};
use crate::sync::{Arc, Mutex, lock};

/// How often exits are asked for where the kernel can't watch one (before Linux 5.3), or refuses to for a while.
const ASK_AGAIN: Duration = Duration::from_millis(10);

/// How long it may take the thread to look after a worker that was started, or is over: longer than most workers need to their
/// first reply, which would come later by a twentieth if the thread ran meanwhile.
const LATER: Duration = Duration::from_millis(5);

/// The thread's letterbox.
#[derive(Debug)]
pub(super) struct Watch {
    waker: Waker,
    timer: Timer,
    letters: Mutex<Letters>,
}

#[derive(Debug, Default)]
struct Letters {
    newcomers: Vec<Arc<Process>>,
    /// The timer will wake the thread.
    is_timed: bool,
}

/// What is waited for, and of which process.
struct Task<'a> {
    process: &'a Process,
    aspect: Aspect<'a>,
}

enum Aspect<'a> {
    Exit(&'a ExitWatch),
    Stderr(Arc<ReadEnd>),
    /// Room in this process's own stderr for a line of the worker's.
    Room(BorrowedFd<'a>),
}

impl Watch {
    /// The thread, which the first call starts.
    pub(super) fn of_this_process() -> io::Result<&'static Self> {
        static WATCH: Mutex<Option<&Watch>> = Mutex::new(None);

        let mut watch = lock(&WATCH);
        if let Some(watch) = *watch {
            return Ok(watch);
        }
        // It is there until the process ends, as its thread is.
        let (waker, timer) = (Waker::new()?, Timer::new()?);
        let new: &Watch = Box::leak(Box::new(Watch { waker, timer, letters: Mutex::default() }));
        thread::Builder::new().name("coproc watches workers".into()).spawn(|| new.run())?;
        Ok(watch.insert(new))
    }

    /// Watches a process until it has exited and all it printed is passed on.
    pub(super) fn add(&self, process: Arc<Process>) {
        lock(&self.letters).newcomers.push(process);
        self.wake_later();
    }

    /// Has the thread look after its processes anew.
    pub(super) fn wake(&self) {
        self.waker.wake();
    }

    /// The same, before long.
    pub(super) fn wake_later(&self) {
        let mut letters = lock(&self.letters);
        if !letters.is_timed {
            letters.is_timed = self.timer.set(LATER).is_ok();
            if !letters.is_timed {
                self.wake();
            }
        }
    }

    fn run(&self) {
        let mut processes: Vec<Arc<Process>> = Vec::new();
        loop {
            let newcomers = std::mem::take(&mut lock(&self.letters).newcomers);
            for process in newcomers {
                if process.runs() {
                    process.note_inherited_memory();
                }
                processes.push(process);
            }
            // What a worker has printed ahead of its greeting may be read long after its exit.
            processes
                .retain(|process| !process.is_over() || Arc::strong_count(process) > 1 && process.has_stub());
            if self.step(&processes).is_err() {
                // The kernel is short of memory for a moment (`poll(2)`).
                thread::sleep(ASK_AGAIN);
            }
            // Who prints without end holds no other up.
            if let Some(last) = processes.pop() {
                processes.insert(0, last);
            }
        }
    }

    /// Waits until there is something to do, and does it.
    fn step(&self, processes: &[Arc<Process>]) -> io::Result<()> {
        let stderr = io::stderr();
        let mut tasks: Vec<Task<'_>> = processes.iter().flat_map(|process| Task::of(process)).collect();
        // What is room for one line may not be room for two.
        let room = processes.iter().find(|process| process.printed.waits_for_room());
        tasks.extend(room.map(|process| Task { process, aspect: Aspect::Room(stderr.as_fd()) }));

        let mut awaited: Vec<Watched<'_>> = tasks.iter().map(Task::awaited).collect();
        awaited.extend([Watched::Wake(&self.waker), Watched::Timer(&self.timer)]);
        let mut unwatched = processes.iter().filter(|process| process.exit_watch().is_none()).peekable();
        let mut abandoned = processes
            .iter()
            .filter(|process| !process.has_stub() && process.printed.waits_for_room())
            .peekable();
        let limit = (unwatched.peek().is_some() || abandoned.peek().is_some()).then_some(ASK_AGAIN);
        let ready = pipe::wait_for_any(&awaited, limit)?;

        if let [.., woken, rang] = ready[..] {
            if woken {
                self.waker.reset();
            }
            if rang {
                let mut letters = lock(&self.letters);
                self.timer.reset();
                letters.is_timed = false;
            }
        }
        for (task, ready) in tasks.iter().zip(ready) {
            match task.aspect {
                _ if ready => task.run(),
                Aspect::Room(_) => abandoned.by_ref().for_each(|process| process.printed.give_up()),
                Aspect::Exit(_) | Aspect::Stderr(_) => {}
            }
        }
        for process in unwatched {
            process.try_exit();
        }
        for process in processes {
            while process.printed.waits_for_sink() && process.printed.pass_on() {}
        }
        Ok(())
    }
}

impl<'a> Task<'a> {
    /// What is to be done of a process at any time.
    fn of(process: &'a Process) -> impl Iterator<Item = Self> {
        let exit = process.exit_watch().filter(|_| process.runs()).map(Aspect::Exit);
        let stderr = process.printed.wanted().map(Aspect::Stderr);
        exit.into_iter().chain(stderr).map(move |aspect| Task { process, aspect })
    }

    fn awaited(&self) -> Watched<'_> {
        match &self.aspect {
            Aspect::Exit(watch) => Watched::Exit(watch),
            Aspect::Stderr(end) => Watched::Input(end),
            Aspect::Room(stderr) => Watched::Room(*stderr),
        }
    }

    fn run(&self) {
        match &self.aspect {
            Aspect::Exit(_) => {
                self.process.try_exit();
            }
            Aspect::Stderr(_) => self.process.printed.read(),
            Aspect::Room(_) => {
                self.process.printed.pass_on();
            }
        }
    }
}
