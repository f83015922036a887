//! Busy programs, which want the cores that others measure on.

use std::hint;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::getppid;

use crate::contender::Outcome;
use crate::worker;

pub(crate) const ROLE: &str = "busy";

/// How often a busy program sees whether it is still wanted.
const LOOK: Duration = Duration::from_millis(10);

/// Programs that are busy until this is dropped.
pub(crate) struct Busy(Vec<Child>);

impl Busy {
    /// So many of them.
    pub(crate) fn start(count: usize) -> Outcome<Self> {
        let mut programs = Busy(Vec::new());
        for _ in 0..count {
            programs.0.push(worker::command(ROLE, &[]).stdin(Stdio::null()).spawn()?);
        }
        Ok(programs)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for program in &mut self.0 {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// Is such a program; it ends with whoever has started it.
pub(crate) fn serve() -> Outcome {
    let parent = getppid();
    while getppid() == parent {
        let start = Instant::now();
        while start.elapsed() < LOOK {
            hint::spin_loop();
        }
    }
    Ok(())
}
