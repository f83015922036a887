//! procspawn's pool of one process.

use coproc_benches::laps::Laps;
use procspawn::Pool;
use serde_bytes::ByteBuf;

use crate::contender::{Contender, Job, Outcome, Running, Tree, check};

pub(super) const PROCSPAWN: Contender = Contender {
    name: "procspawn",
    setting: "1.0: a pool of one process, serde_bytes (its Shmem can't be an argument of a pool)",
    does: |job| !matches!(job, Job::Threads { .. } | Job::Flood(_)),
    start: |_| Ok(Box::new(Process { pool: Pool::new(1)? })),
};

struct Process {
    pool: Pool,
}

impl Process {
    fn pipelined(&self, count: usize) -> Outcome {
        let calls: Vec<_> =
            (0..count as u64).map(|number| self.pool.spawn(number, |number| number + 1)).collect();
        for (number, call) in (0..).zip(calls) {
            check(call.join()? == number + 1_u64)?;
        }
        Ok(())
    }
}

impl Running for Process {
    fn run(&mut self, job: &Job, laps: &mut Laps) -> Outcome {
        let pool = &self.pool;
        match job {
            Job::Call => lap(laps, (), |()| check(pool.spawn(1_u64, |number| number + 1).join()? == 2)),
            Job::Pipelined(count) => lap(laps, (), |()| self.pipelined(*count)),
            Job::Bytes(bytes) | Job::Owned(bytes) => {
                let bytes = ByteBuf::from(bytes.clone());
                lap(laps, bytes, |bytes: ByteBuf| Ok(pool.spawn(bytes, |bytes| bytes).join()?))
            }
            Job::Numbers(numbers) => lap(laps, numbers.clone(), |numbers: Vec<f64>| {
                Ok(pool.spawn(numbers, |numbers| numbers).join()?)
            }),
            Job::Text(text) => {
                lap(laps, text.clone(), |text: String| Ok(pool.spawn(text, |text| text).join()?))
            }
            Job::Tree(tree) => {
                lap(laps, tree.clone(), |tree: Tree| Ok(pool.spawn(tree, |tree| tree).join()?))
            }
            Job::Threads { .. } | Job::Flood(_) => Err("procspawn does not do it".into()),
        }
    }
}

/// What comes back is the next that is sent.
fn lap<T>(laps: &mut Laps, mut value: T, call: impl Fn(T) -> Outcome<T>) -> Outcome {
    while laps.more() {
        let start = laps.start();
        value = call(value)?;
        laps.stop(start);
    }
    Ok(())
}
