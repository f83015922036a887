//! Faults on purpose, so that a program can be tested for how it takes them: the variable `COPROC_CHAOS`, feature `chaos`.
//!
//! `COPROC_CHAOS=seed=7,kill=0.001,delay=0.01,short=0.2`, in the environment of a worker, has it kill itself by SIGKILL when it
//! has read from its pipe or is about to write, with the probability 0.001 each time, or sleep for up to 10 ms with 0.01; and
//! move only a part of the bytes that it could with 0.2. The same seed has the same faults at the same places: of the n-th
//! worker that a host starts, and as far as the worker does the same each time.
//!
//! `nowait=refuse`, in any process of coproc's, has looks at the pipe done as on kernels whose pipes refuse `RWF_NOWAIT`.

use std::env;
use std::ffi::OsStr;
use std::io::Write as _;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};

/// Where the faults are written.
const VARIABLE: &str = "COPROC_CHAOS";

/// What may stand there, for whoever has written something else.
const FORMS: &str = "there are seed=N, kill=P, delay=P and short=P with probabilities from 0 to 1, and nowait=refuse, with commas between";

/// Where a host tells a worker which of its workers it is.
const NUMBER: &str = "COPROC_CHAOS_WORKER";

/// The longest delay.
const LONGEST_DELAY: Duration = Duration::from_millis(10);

/// What the variable says.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Plan {
    seed: u64,
    kill: f64,
    delay: f64,
    short: f64,
    refuses_nowait: bool,
}

/// The faults of this process, if it is a worker that is to have any.
static FAULTS: OnceLock<Mutex<Faults>> = OnceLock::new();

struct Faults {
    plan: Plan,
    random: fastrand::Rng,
}

/// Lets the faults begin that the environment says: this process is a worker.
///
/// # Errors
/// With what is wrong about the variable.
pub(crate) fn begin() -> Result<(), String> {
    let plan = plan()?;
    let number = env::var(NUMBER).ok().and_then(|number| number.parse().ok()).unwrap_or(0);
    // Seeds that are near each other give numbers that have nothing to do with each other.
    let random = fastrand::Rng::with_seed(plan.seed.rotate_left(32) ^ number);
    if plan.kill + plan.delay + plan.short > 0.0 {
        FAULTS.get_or_init(|| Mutex::new(Faults { plan, random }));
    }
    Ok(())
}

/// Tells a worker that is about to be started which one it is.
pub(crate) fn number(command: &mut Command) {
    static STARTED: AtomicU64 = AtomicU64::new(0);

    // Where there are to be no faults, starting a worker costs what it does without them: not a copy of the environment.
    let is_asked = |(name, _): (&OsStr, Option<&OsStr>)| name == VARIABLE;
    if env::var_os(VARIABLE).is_none() && !command.get_envs().any(is_asked) {
        return;
    }
    command.env(NUMBER, STARTED.fetch_add(1, Ordering::Relaxed).to_string());
}

/// Whether this process is to suffer any.
pub(crate) fn has_faults() -> bool {
    FAULTS.get().is_some()
}

/// Kills this process, or has it sleep, or neither.
pub(crate) fn strike() {
    let Some(faults) = FAULTS.get() else { return };
    let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
    let Plan { kill, delay, .. } = faults.plan;
    if faults.random.f64() < kill {
        // So that nobody looks for the reason elsewhere.
        let _ = std::io::stderr().write_all(b"COPROC_CHAOS has this worker kill itself\n");
        let _ = kill_process(getpid(), Signal::KILL);
    }
    if faults.random.f64() < delay {
        thread::sleep(LONGEST_DELAY.mul_f64(faults.random.f64()));
    }
}

/// How many of so many bytes a read or write shall move at most.
pub(crate) fn part_of(bytes: usize) -> usize {
    let Some(faults) = FAULTS.get() else { return bytes };
    let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
    if bytes < 2 || faults.random.f64() >= faults.plan.short {
        return bytes;
    }
    // Of each order of magnitude as often.
    let most = 2_usize << faults.random.u32(0..bytes.ilog2());
    faults.random.usize(1..most)
}

/// Whether the kernel is to be taken for one whose pipes refuse `RWF_NOWAIT`.
pub(crate) fn refuses_nowait() -> bool {
    static REFUSES: OnceLock<bool> = OnceLock::new();

    *REFUSES.get_or_init(|| plan().is_ok_and(|plan| plan.refuses_nowait))
}

fn plan() -> Result<Plan, String> {
    match env::var(VARIABLE) {
        Ok(text) => {
            Plan::read(&text).map_err(|part| format!("{VARIABLE} has {part:?}, which says no fault; {FORMS}"))
        }
        Err(env::VarError::NotPresent) => Ok(Plan::default()),
        Err(error) => Err(format!("{VARIABLE}: {error}")),
    }
}

impl Plan {
    /// Reads `seed=7,kill=0.001`; an error is the part that can't be read.
    fn read(text: &str) -> Result<Self, &str> {
        let mut plan = Plan::default();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').ok_or(part)?;
            let probability = || value.parse().ok().filter(|value| (0.0..=1.0).contains(value)).ok_or(part);
            match key {
                "seed" => plan.seed = value.parse().map_err(|_| part)?,
                "kill" => plan.kill = probability()?,
                "delay" => plan.delay = probability()?,
                "short" => plan.short = probability()?,
                "nowait" if value == "refuse" => plan.refuses_nowait = true,
                _ => return Err(part),
            }
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_or_its_wrong_part_is_named() {
        let plan = Plan { seed: 7, kill: 0.5, delay: 1.0, short: 0.0, refuses_nowait: true };
        assert_eq!(Plan::read("seed=7,kill=0.5,delay=1,short=0,nowait=refuse"), Ok(plan));
        assert_eq!(Plan::read(""), Ok(Plan::default()));
        for wrong in ["kill=2", "kill=-1", "kill=NaN", "seed=x", "kill", "nowait=allow", "drop=0.1", "=1"] {
            assert_eq!(Plan::read(&format!("seed=1,{wrong}")), Err(wrong));
        }
    }
}
