//! What a message costs against how much else there is: workers, threads, channels, queued messages, priorities.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml --bin scaling              # a line of JSON a point, and the plot
//! cargo run --release --manifest-path benches/Cargo.toml --bin scaling -- channels  # one of them
//! ```
//!
//! Each is to cost at most O(log n) a message. The last line of each says how cost grows: `exponent` is the largest slope of cost
//! against n, both in logarithms, over a factor of ten in the range where n is large. It is 1 for what walks over all, and about 0.1
//! for a logarithm; caches that no longer hold everything add to it.

#![forbid(unsafe_code)]

mod live;
mod memory;
mod verdict;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use coproc_benches::figure::Figure;
use coproc_benches::machine;
use coproc_benches::plot::{Axis, Curve, Panel, Ticks, draw};
use verdict::Verdict;

/// What is measured: microseconds a message, with so much else.
struct Series {
    name: &'static str,
    /// What there are so many of.
    axis: &'static str,
    counts: &'static [usize],
    cost: fn(usize) -> Result<f64, Box<dyn Error>>,
}

const TO_200: &[usize] = &[1, 2, 5, 10, 20, 50, 100, 200];
const TO_10_000: &[usize] = &[1, 10, 100, 1_000, 10_000];
const TO_100_000: &[usize] = &[1, 10, 100, 1_000, 10_000, 100_000];
const TO_1_000_000: &[usize] = &[1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

const ALL: &[Series] = &[
    Series { name: "workers.call", axis: "workers", counts: TO_200, cost: live::call_among_workers },
    Series { name: "workers.start", axis: "workers", counts: TO_200, cost: live::start_among_workers },
    Series {
        name: "threads.call",
        axis: "threads of one host",
        counts: TO_200,
        cost: live::call_among_threads,
    },
    Series { name: "channels.message", axis: "channels", counts: TO_100_000, cost: memory::by_channel },
    Series {
        name: "queued.message",
        axis: "queued messages",
        counts: TO_1_000_000,
        cost: memory::behind_queued,
    },
    Series {
        name: "queued.cancel",
        axis: "queued messages",
        counts: TO_1_000_000,
        cost: memory::cancel_among_queued,
    },
    Series {
        name: "unwritten.message",
        axis: "unwritten messages",
        counts: TO_1_000_000,
        cost: memory::behind_unwritten,
    },
    Series { name: "priorities.message", axis: "priorities", counts: TO_10_000, cost: memory::by_priority },
];

/// The most that a logarithm and caches explain.
const MOST: f64 = 0.6;

fn main() -> ExitCode {
    let _ = live::entry();
    let only: Vec<String> = std::env::args().skip(1).collect();
    match run(&only) {
        Ok(verdicts) if verdicts.iter().all(|verdict| verdict.exponent <= MOST) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("scaling: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(only: &[String]) -> Result<Vec<Verdict>, Box<dyn Error>> {
    eprint!("{}", machine::description());
    let wanted =
        |series: &&Series| only.is_empty() || only.iter().any(|name| series.name.starts_with(name.as_str()));
    let mut drawn = Vec::new();
    let mut verdicts = Vec::new();
    for series in ALL.iter().filter(wanted) {
        let mut points = Vec::new();
        for &count in series.counts {
            let cost = (series.cost)(count)?;
            println!(
                "{}",
                Figure::new(format!("scaling.{}", series.name), "us", cost).and("n", count as f64).json()
            );
            points.push((count as f64, cost));
        }
        let verdict = Verdict::of(&points);
        println!("{}", verdict.json(series.name, MOST));
        verdicts.push(verdict);
        drawn.push((series, points));
    }
    if only.is_empty() {
        let panels: Vec<Panel<'_>> =
            ["workers", "channels", "queued", "priorities"].map(|group| panel(group, &drawn)).into();
        draw(&Path::new(env!("CARGO_MANIFEST_DIR")).join("results/scaling.svg"), &panels)?;
    }
    Ok(verdicts)
}

/// The curves whose names begin with this, and those that have no panel of their own.
fn panel<'a>(group: &'a str, drawn: &[(&Series, Vec<(f64, f64)>)]) -> Panel<'a> {
    let beside = |name: &str| match group {
        "workers" => name.starts_with("threads"),
        "queued" => name.starts_with("unwritten"),
        _ => false,
    };
    let curves = drawn.iter().filter(|(series, _)| series.name.starts_with(group) || beside(series.name));
    Panel {
        title: group,
        x: Axis { label: "how many", ticks: Ticks::Count },
        y: Axis { label: "time a message", ticks: Ticks::Time },
        curves: curves
            .map(|(series, points)| Curve {
                name: format!("{} ({})", series.name, series.axis),
                points: points.clone(),
            })
            .collect(),
    }
}
