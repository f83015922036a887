//! The plots of the races: the distribution of latencies, cost by size, cost by how many calls are on their way.

use std::path::Path;

use coproc_benches::plot::{self, Axis, Curve, Panel, Ticks};
use coproc_benches::stats::{Summary, distribution};

use crate::contender::Outcome;
use crate::figures::{IN_FLIGHT, SIZES};
use crate::race::Taken;

type Races = [(String, Vec<Taken>)];

const TIME: Axis<'static> = Axis { label: "time", ticks: Ticks::Time };

pub(crate) fn draw(folder: &Path, races: &Races) -> Outcome {
    latency(&folder.join("latency.svg"), races)?;
    size(&folder.join("size.svg"), races)?;
    in_flight(&folder.join("in_flight.svg"), races)
}

fn latency(file: &Path, races: &Races) -> Outcome {
    let panels: Vec<_> = ["call.block.one_core", "call.adaptive.one_core", "call.adaptive.two_cores"]
        .into_iter()
        .filter_map(|name| {
            let curve = |taken: &Taken| {
                let times: Vec<_> = taken.laps.iter().map(|seconds| seconds * 1e6).collect();
                Curve { name: taken.name.into(), points: distribution(&times) }
            };
            let x = Axis { label: "part of the calls that take no longer", ticks: Ticks::Part };
            Some(Panel { title: name, x, y: TIME, curves: race(races, name)?.iter().map(curve).collect() })
        })
        .collect();
    some(file, &panels)
}

fn size(file: &Path, races: &Races) -> Outcome {
    let name = |name: &str| format!("echo.bytes.{name}");
    let sizes: Vec<_> = SIZES.iter().map(|&(size, bytes, _)| (name(size), bytes as f64)).collect();
    let x = Axis { label: "bytes there and back", ticks: Ticks::Size };
    let rate = Axis { label: "GB/s", ticks: Ticks::Count };
    let panels = [
        Panel {
            title: "time of an echo",
            x,
            y: TIME,
            curves: curves(races, &sizes, |_, seconds| seconds * 1e6),
        },
        Panel {
            title: "rate of an echo",
            x,
            y: rate,
            curves: curves(races, &sizes, |bytes, seconds| bytes / seconds / 1e9),
        },
    ];
    some(file, &panels)
}

fn in_flight(file: &Path, races: &Races) -> Outcome {
    let counts: Vec<_> =
        IN_FLIGHT.iter().map(|&count| (format!("pipelined.{count}"), count as f64)).collect();
    let x = Axis { label: "calls on their way", ticks: Ticks::Count };
    let curves = curves(races, &counts, |count, seconds| seconds / count * 1e6);
    some(file, &[Panel { title: "time a call", x, y: TIME, curves }])
}

/// A curve for each contender, of which a point is what some race came to.
fn curves(races: &Races, points: &[(String, f64)], value: impl Fn(f64, f64) -> f64) -> Vec<Curve> {
    let mut curves: Vec<Curve> = Vec::new();
    for (name, x) in points {
        for taken in race(races, name).into_iter().flatten() {
            let point = (*x, value(*x, Summary::median(&taken.batches).p50));
            match curves.iter_mut().find(|curve| curve.name == taken.name) {
                Some(curve) => curve.points.push(point),
                None => curves.push(Curve { name: taken.name.into(), points: vec![point] }),
            }
        }
    }
    curves
}

fn race<'a>(races: &'a Races, name: &str) -> Option<&'a Vec<Taken>> {
    races.iter().find(|(known, _)| known == name).map(|(_, taken)| taken)
}

/// Draws what there is to draw.
fn some(file: &Path, panels: &[Panel<'_>]) -> Outcome {
    if panels.iter().all(|panel| panel.curves.is_empty()) { Ok(()) } else { plot::draw(file, panels) }
}
