//! What a call costs: beside the raw pipe, beside enums written by hand, and beside coproc's peers, all in the same run.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml                        # everything; writes benches/results
//! cargo run --release --manifest-path benches/Cargo.toml -- --quick             # the core, in under a minute
//! cargo run --release --manifest-path benches/Cargo.toml -- --only echo.bytes   # some figures
//! cargo run --release --manifest-path benches/Cargo.toml -- --json              # a line of JSON a figure
//! ```
//!
//! A row has the median of ours, but of `urgent` the 99th percentile, then the 99th percentile where it is known; and behind each
//! `×` ours by theirs: of times (`us`, `s`) and of what is counted (`KiB`, `crates`) less is better, of rates (`calls/s`, `GB/s`)
//! more is. The bytes of an echo go there and back, and are counted once. The lines before the table say in which setting each
//! was measured; `pipe` is the raw pipe, `hand` the enums written by hand. One that has several settings has a line for each: the
//! rows `call.block` are of `Wait::Block`, all others of ours as it is by default.
//!
//! `--quick` measures no peers and writes no files: with `--no-default-features` before the `--` they are not built either.

#![forbid(unsafe_code)]

mod busy;
mod contender;
mod cpu;
mod figures;
mod floor;
mod hello;
mod memory;
mod options;
mod ours;
#[cfg(feature = "peers")]
mod peers;
mod plan;
mod plots;
mod process;
mod race;
mod report;
mod urgent;
mod worker;

use std::process::ExitCode;

use contender::Outcome;
use coproc_benches::pin::{self, Placement};
use options::{Effort, Options};
use report::Report;

fn main() -> ExitCode {
    let _ = ours::entry();
    #[cfg(feature = "peers")]
    peers::serve_procspawn();
    if let Some(outcome) = worker::serve() {
        return finish(outcome);
    }
    match Options::of(std::env::args().skip(1)) {
        Ok(options) => finish(run(&options)),
        Err(error) => {
            eprintln!("bench: {error}\n{}", options::USAGE);
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Outcome {
    let effort = options.effort;
    pin::cores();
    let mut plans = figures::plans(effort);
    plans.retain(|plan| options.wants(&plan.name));
    let mut report = Report::begin(options.json, &figures::contenders(&plans, effort));
    for plan in plans {
        let taken = race::run(&plan)?;
        if let Some(figure) = plan.figure(&taken) {
            report.add(figure);
        }
        report.keep(plan.name, taken);
    }
    Placement::Free.host()?;
    if options.wants("urgent.during.256MiB") {
        report.add(urgent::measure(effort.rounds(5))?);
    }
    if options.wants_any(["rss.host", "rss.worker"]) {
        memory::measure(&figures::whose_memory(effort))?.into_iter().for_each(|figure| report.add(figure));
    }
    if effort == Effort::Full && options.wants_any(["cpu.idle_minute", "cpu.calls_of_10ms.1000"]) {
        cpu::measure()?.into_iter().for_each(|figure| report.add(figure));
    }
    if effort == Effort::Full && options.wants_any(["compile.hello", "crates.hello", "rss.hello"]) {
        hello::measure()?.into_iter().for_each(|figure| report.add(figure));
    }
    match options.results() {
        Some(folder) => report.write(&folder),
        None => Ok(()),
    }
}

fn finish(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
