//! Where host and worker run: on one core, on two, or where the scheduler likes.

use std::io;
use std::sync::OnceLock;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Where host and worker run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Placement {
    /// Both on one core.
    OneCore,
    /// Each on a core of its own.
    TwoCores,
    /// Where the scheduler likes.
    Free,
}

impl Placement {
    /// Whether the machine has the cores for it.
    pub fn is_possible(self) -> bool {
        self != Placement::TwoCores || cores().len() > 1
    }

    /// Runs what starts a worker so that the worker runs at its place; the calling thread then goes to the host's.
    ///
    /// Threads and processes begin where the thread is that starts them.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn start<T>(self, start: impl FnOnce() -> T) -> io::Result<T> {
        go_to(self.cores(1))?;
        let started = start();
        self.host().map(|()| started)
    }

    /// Brings the calling thread to the host's place.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn host(self) -> io::Result<()> {
        go_to(self.cores(0))
    }

    /// The cores of the host, which is 0, or of the worker, which is 1.
    fn cores(self, side: usize) -> &'static [usize] {
        let all = cores();
        let one = |index: usize| all.get(index..=index).unwrap_or(all);
        match self {
            Placement::OneCore => one(0),
            Placement::TwoCores => one(side),
            Placement::Free => all,
        }
    }
}

/// The cores that this process may use, as it was started.
pub fn cores() -> &'static [usize] {
    static CORES: OnceLock<Vec<usize>> = OnceLock::new();

    CORES.get_or_init(|| {
        let allowed = sched_getaffinity(None).unwrap_or_else(|_| CpuSet::new());
        (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core)).collect()
    })
}

fn go_to(cores: &[usize]) -> io::Result<()> {
    let mut set = CpuSet::new();
    cores.iter().for_each(|core| set.set(*core));
    Ok(sched_setaffinity(None, &set)?)
}
