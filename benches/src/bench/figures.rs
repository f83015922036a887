//! The figures that are a job of contenders, in the order of the table.

use std::time::Duration;

use coproc_benches::pin::{self, Placement};

use crate::contender::{Contender, Job, Tree};
use crate::floor::{hand, pipe};
use crate::options::Effort;
use crate::ours;
#[cfg(feature = "peers")]
use crate::peers::ALL as PEERS;
use crate::plan::{Plan, Start, Unit};

#[cfg(not(feature = "peers"))]
const PEERS: [&Contender; 0] = [];

/// Where calls are measured.
const PLACEMENTS: [(&str, Placement); 3] =
    [("one_core", Placement::OneCore), ("two_cores", Placement::TwoCores), ("free", Placement::Free)];

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// The sizes that bytes are echoed in, and how often.
pub(crate) const SIZES: [(&str, usize, usize); 5] = [
    ("1KiB", KIB, 9),
    ("64KiB", 64 * KIB, 9),
    ("1MiB", MIB, 9),
    ("16MiB", 16 * MIB, 7),
    ("256MiB", 256 * MIB, 3),
];

/// The size in which everybody's echoes of anything are compared.
const COMPARED: &str = "1MiB";

/// How many calls are on their way at once.
pub(crate) const IN_FLIGHT: [usize; 6] = [1, 8, 64, 256, 1024, 4096];

/// Of these, the ones that are always measured.
const CORE_IN_FLIGHT: [usize; 2] = [1024, 4096];

/// Everybody in these plans, and whose memory is measured, once for each setting.
pub(crate) fn contenders(plans: &[Plan], effort: Effort) -> Vec<&'static Contender> {
    let mut all: Vec<&'static Contender> = Vec::new();
    for contender in plans.iter().flat_map(|plan| plan.contenders.clone()).chain(whose_memory(effort)) {
        if !all.iter().any(|known| known.setting == contender.setting) {
            all.push(contender);
        }
    }
    all
}

/// Whose memory is measured.
pub(crate) fn whose_memory(effort: Effort) -> Vec<&'static Contender> {
    with_peers(&[&ours::ADAPTIVE, &pipe::BLOCKING, &hand::HAND], effort)
}

/// All plans that the machine has the cores for.
pub(crate) fn plans(effort: Effort) -> Vec<Plan> {
    let mut plans = calls(effort);
    plans.extend(many(effort));
    plans.extend(bulk(effort));
    plans.extend(starts(effort));
    plans.retain(|plan| plan.placement.is_possible());
    plans
}

fn calls(effort: Effort) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (place, placement) in PLACEMENTS {
        let contenders = with_peers(&[&ours::BLOCKING, &pipe::BLOCKING, &hand::HAND], effort);
        plans.push(Plan::new(&format!("call.block.{place}"), Job::Call, &contenders).at(placement));
    }
    let contenders = [&ours::ADAPTIVE, &pipe::BLOCKING, &pipe::ADAPTIVE, &hand::HAND];
    let contenders = with_peers(&contenders, effort);
    for (place, placement) in PLACEMENTS {
        plans.push(Plan::new(&format!("call.adaptive.{place}"), Job::Call, &contenders).at(placement));
    }
    let work = Duration::from_micros(50);
    let plan = Plan::new("call.adaptive.two_cores.work_50us", Job::Call, &contenders).at(Placement::TwoCores);
    plans.push(Plan { work, time: Duration::from_millis(60), ..plan });
    let contenders = [&ours::ADAPTIVE, &ours::BLOCKING_TOO, &pipe::BLOCKING, &pipe::ADAPTIVE, &hand::HAND];
    let busy = pin::cores().len();
    let plan = Plan::new("call.adaptive.busy", Job::Call, &with_peers(&contenders, effort));
    plans.push(Plan { busy, time: Duration::from_millis(200), ..plan });
    plans
}

fn many(effort: Effort) -> Vec<Plan> {
    let contenders = with_peers(&[&ours::ADAPTIVE, &pipe::BLOCKING, &hand::HAND], effort);
    let counts = IN_FLIGHT.iter().filter(|count| effort == Effort::Full || CORE_IN_FLIGHT.contains(count));
    let pipelined = |&count| Plan::new(&format!("pipelined.{count}"), Job::Pipelined(count), &contenders);
    let mut plans: Vec<_> = counts.map(pipelined).collect();
    plans.push(Plan::new("threads.8", Job::Threads { threads: 8, calls: 200 }, &contenders));
    plans.push(Plan::new("flood", Job::Flood(100_000), &contenders).rounds(7));
    plans
}

fn bulk(effort: Effort) -> Vec<Plan> {
    let floors = [&ours::ADAPTIVE, &pipe::LARGE, &pipe::SMALL, &hand::HAND];
    let all = with_peers(&floors, effort);
    let mut plans: Vec<_> =
        SIZES.iter().map(|size| echo("bytes", Job::Bytes, bytes, size, &all, effort)).collect();
    // With the peers in one size: they copy what they are lent, and so it is the same to them.
    for size in SIZES.iter().filter(|(name, ..)| effort == Effort::Full || *name == COMPARED) {
        let contenders = if size.0 == COMPARED { &all } else { &floors.to_vec() };
        plans.push(echo("vec", Job::Owned, bytes, size, contenders, effort));
        let numbers = |size| (0..size / 8).map(|number| number as f64).collect();
        plans.push(echo("f64", Job::Numbers, numbers, size, contenders, effort));
        plans.push(echo("string", Job::Text, |size| "ä text ".repeat(size / 8), size, contenders, effort));
    }
    let numbers = (0..10_000).map(f64::from).collect();
    plans.push(Plan::new("echo.f64.10000", Job::Numbers(numbers), &all));
    plans.push(Plan::new("echo.tree", Job::Tree(Tree::new(4)), &all));
    plans
}

/// An echo of so much of something.
fn echo<T>(
    what: &str,
    job: fn(T) -> Job,
    make: impl Fn(usize) -> T,
    &(name, size, rounds): &(&str, usize, usize),
    contenders: &[&'static Contender],
    effort: Effort,
) -> Plan {
    let rounds = if size > 16 * MIB { effort.rounds(rounds) } else { rounds };
    let plan = Plan::new(&format!("echo.{what}.{name}"), job(make(size)), contenders).rounds(rounds);
    Plan { unit: Unit::Bytes(size), ..plan }
}

fn bytes(size: usize) -> Vec<u8> {
    (0..=u8::MAX).cycle().take(size).collect()
}

fn starts(effort: Effort) -> Vec<Plan> {
    let contenders = with_peers(&[&ours::ADAPTIVE, &pipe::BLOCKING, &hand::HAND], effort);
    let plan = |name| {
        let plan = Plan::new(name, Job::Call, &contenders);
        Plan { start: Start::InEachLap, rounds: 15, at_least: 5, ..plan }
    };
    let mut plans = vec![plan("spawn")];
    if effort == Effort::Full {
        plans.push(Plan { ballast: 4 << 30, ..plan("spawn.from_4GiB") });
    }
    plans
}

/// The peers too, where there is time for them.
fn with_peers(contenders: &[&'static Contender], effort: Effort) -> Vec<&'static Contender> {
    let peers = if effort == Effort::Full { &PEERS[..] } else { &[] };
    [contenders, peers].concat()
}
