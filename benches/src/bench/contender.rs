//! What is measured, and who does it: ours, the floors, and the peers.

use std::error::Error;

use coproc_benches::laps::Laps;
use serde::{Deserialize, Serialize};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Somebody who can be measured.
pub(crate) struct Contender {
    /// The key of its ratio.
    pub(crate) name: &'static str,
    /// How it is set up.
    pub(crate) setting: &'static str,
    /// Which jobs it does.
    pub(crate) does: fn(&Job) -> bool,
    /// Starts its worker, for a job.
    pub(crate) start: fn(&Job) -> Outcome<Box<dyn Running>>,
}

/// The host's side of a worker that runs.
pub(crate) trait Running {
    /// Does the job as long as there are more laps.
    fn run(&mut self, job: &Job, laps: &mut Laps) -> Outcome;
}

/// What is done in a lap.
pub(crate) enum Job {
    /// A call with a number that is answered by the next one.
    Call,
    /// So many such calls, all sent before the first is waited for.
    Pipelined(usize),
    /// Such calls from several threads, each of them one after the other.
    Threads { threads: usize, calls: usize },
    /// So many messages that have no reply, and a call that is answered once all have come.
    Flood(usize),
    /// Bytes, lent there and owned back.
    Bytes(Vec<u8>),
    /// Bytes, owned there and back: what comes back is the next that is sent.
    Owned(Vec<u8>),
    /// Numbers, there and back.
    Numbers(Vec<f64>),
    /// A text, there and back.
    Text(String),
    /// A tree, there and back.
    Tree(Tree),
}

/// A struct as programs have them, of small parts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Tree {
    name: String,
    kind: Kind,
    weight: f64,
    tags: Vec<String>,
    position: Option<(i32, i32)>,
    children: Vec<Tree>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
enum Kind {
    Leaf { id: u64 },
    Branch,
}

impl Tree {
    /// With four children in each of so many generations.
    pub(crate) fn new(generations: u32) -> Self {
        let children: Vec<_> = match generations {
            0 => Vec::new(),
            _ => (0..4).map(|_| Tree::new(generations - 1)).collect(),
        };
        Tree {
            name: format!("node of generation {generations}"),
            kind: if children.is_empty() { Kind::Leaf { id: 1 << 40 } } else { Kind::Branch },
            weight: 0.5,
            tags: vec!["red".into(), "heavy".into()],
            position: Some((-1, 70_000)),
            children,
        }
    }
}

/// An answer that isn't the right one makes every figure worthless.
pub(crate) fn check(is_right: bool) -> Outcome {
    if is_right { Ok(()) } else { Err("a wrong answer".into()) }
}
