//! How a figure is taken: which job, where, how often, and who is measured beside ours.

use std::time::Duration;

use coproc_benches::figure::{Figure, Other};
use coproc_benches::pin::Placement;
use coproc_benches::stats::{Summary, median};

use crate::contender::{Contender, Job};
use crate::race::Taken;

/// How a figure is taken.
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) job: Job,
    pub(crate) start: Start,
    pub(crate) placement: Placement,
    /// What this side works between two calls.
    pub(crate) work: Duration,
    pub(crate) rounds: usize,
    /// How long a batch goes on, and for how many laps at least.
    pub(crate) time: Duration,
    pub(crate) at_least: usize,
    /// How many busy programs want the cores besides.
    pub(crate) busy: usize,
    /// How many bytes the host has in its memory besides.
    pub(crate) ballast: usize,
    pub(crate) unit: Unit,
    /// Ours first.
    pub(crate) contenders: Vec<&'static Contender>,
}

/// Whether the start of the worker is part of a lap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Before,
    InEachLap,
}

/// What is told of a lap.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Unit {
    /// How long it takes.
    Microseconds,
    /// How many calls there are in a second, of so many in a lap.
    Calls(usize),
    /// How many bytes go there and back in a second, of so many in a lap.
    Bytes(usize),
}

impl Plan {
    pub(crate) fn new(name: &str, job: Job, contenders: &[&'static Contender]) -> Self {
        Plan {
            name: name.into(),
            start: Start::Before,
            placement: Placement::Free,
            work: Duration::ZERO,
            rounds: 9,
            time: Duration::from_millis(20),
            at_least: 1,
            busy: 0,
            ballast: 0,
            unit: match &job {
                Job::Call | Job::Numbers(_) | Job::Tree(_) => Unit::Microseconds,
                Job::Pipelined(count) | Job::Flood(count) => Unit::Calls(*count),
                Job::Threads { threads, calls } => Unit::Calls(threads * calls),
                Job::Bytes(bytes) | Job::Owned(bytes) => Unit::Bytes(bytes.len()),
                Job::Text(text) => Unit::Bytes(text.len()),
            },
            job,
            contenders: contenders.to_vec(),
        }
    }

    pub(crate) fn at(self, placement: Placement) -> Self {
        Plan { placement, ..self }
    }

    pub(crate) fn rounds(self, rounds: usize) -> Self {
        Plan { rounds, ..self }
    }

    /// The figure that comes of what was taken, ours first.
    pub(crate) fn figure(&self, taken: &[Taken]) -> Option<Figure> {
        let (ours, others) = taken.split_first()?;
        let summary = Summary::median(&ours.batches);
        let mut figure = Figure::new(&*self.name, self.unit.name(), self.unit.value(summary.p50));
        if self.unit == Unit::Microseconds {
            figure = figure.and("p99", summary.p99 * 1e6).and("mean", summary.mean * 1e6);
        }
        figure.others = others.iter().map(|other| self.other(ours, other)).collect();
        Some(figure)
    }

    fn other(&self, ours: &Taken, other: &Taken) -> Other {
        let rounds = ours.batches.iter().zip(&other.batches);
        let ratios: Vec<_> =
            rounds.map(|(ours, theirs)| self.unit.value(ours.p50) / self.unit.value(theirs.p50)).collect();
        let value = self.unit.value(Summary::median(&other.batches).p50);
        Other { name: other.name, value, ratio: median(&ratios) }
    }
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Unit::Microseconds => "us",
            Unit::Calls(_) => "calls/s",
            Unit::Bytes(_) => "GB/s",
        }
    }

    fn value(self, seconds: f64) -> f64 {
        match self {
            Unit::Microseconds => seconds * 1e6,
            Unit::Calls(count) => count as f64 / seconds,
            Unit::Bytes(count) => count as f64 / seconds / 1e9,
        }
    }
}
