//! Contenders take turns: a batch of each, then the next round, so that what disturbs the machine disturbs all of them.

use std::time::Duration;

use coproc_benches::laps::Laps;
use coproc_benches::stats::Summary;

use crate::busy::Busy;
use crate::contender::{Contender, Job, Outcome, Running};
use crate::plan::{Plan, Start};

/// What a contender's batches came to.
pub(crate) struct Taken {
    pub(crate) name: &'static str,
    /// One a round, in seconds a lap.
    pub(crate) batches: Vec<Summary>,
    /// The laps of all rounds, in seconds.
    pub(crate) laps: Vec<f64>,
}

/// All contenders that do the job, ours first, each of them in every round.
pub(crate) fn run(plan: &Plan) -> Outcome<Vec<Taken>> {
    let contenders: Vec<_> = plan.contenders.iter().copied().filter(|one| (one.does)(&plan.job)).collect();
    let _busy = Busy::start(plan.busy)?;
    // Each page is written to.
    let ballast = vec![1_u8; plan.ballast];
    let mut running = Vec::new();
    if plan.start == Start::Before {
        for contender in &contenders {
            running.push(start(plan, contender)?);
        }
    }
    let mut all: Vec<_> = contenders.iter().map(|one| Taken::none(one.name)).collect();
    plan.placement.host()?;
    // The first round is a warm-up.
    for round in 0..=plan.rounds {
        for (index, (contender, taken)) in contenders.iter().zip(&mut all).enumerate() {
            let seconds = match running.get_mut(index) {
                Some(running) => batch(plan, running.as_mut()),
                None => batch_of_starts(plan, contender),
            };
            let seconds = seconds.map_err(|error| format!("{}: {}: {error}", plan.name, contender.name))?;
            if round > 0 {
                taken.batches.push(Summary::of(&seconds));
                taken.laps.extend(seconds);
            }
        }
    }
    std::hint::black_box(&ballast);
    Ok(all)
}

impl Taken {
    fn none(name: &'static str) -> Self {
        Taken { name, batches: Vec::new(), laps: Vec::new() }
    }
}

fn start(plan: &Plan, contender: &Contender) -> Outcome<Box<dyn Running>> {
    let started = plan.placement.start(|| (contender.start)(&plan.job))?;
    started.map_err(|error| format!("{}: {} did not start: {error}", plan.name, contender.name).into())
}

/// Laps of a worker that runs.
fn batch(plan: &Plan, running: &mut dyn Running) -> Outcome<Vec<f64>> {
    if let Job::Call = plan.job {
        // Whoever learns from its last waits learns anew in each batch.
        running.run(&plan.job, &mut Laps::new(plan.time / 10, 1).with_work(plan.work))?;
    }
    let mut laps = Laps::new(plan.time, plan.at_least).with_work(plan.work);
    running.run(&plan.job, &mut laps)?;
    Ok(laps.seconds())
}

/// Laps that begin with the start of a worker, and end with its first reply.
fn batch_of_starts(plan: &Plan, contender: &Contender) -> Outcome<Vec<f64>> {
    let mut laps = Laps::new(plan.time, plan.at_least);
    while laps.more() {
        let begun = laps.start();
        let mut running = start(plan, contender)?;
        running.run(&plan.job, &mut Laps::new(Duration::ZERO, 1))?;
        laps.stop(begun);
        drop(running);
    }
    Ok(laps.seconds())
}
