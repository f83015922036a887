//! What a call costs: beside the raw pipe, beside enums written by hand, and beside coproc's peers, all in the same run.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml                        # everything; writes benches/results
//! cargo run --release --manifest-path benches/Cargo.toml -- --quick             # the core, in under a minute
//! cargo run --release --manifest-path benches/Cargo.toml -- --only echo.bytes   # some figures
//! cargo run --release --manifest-path benches/Cargo.toml -- --json              # a line of JSON a figure
//! ```

#![forbid(unsafe_code)]

mod contender;
mod figures;
mod floor;
mod options;
mod ours;
#[cfg(feature = "peers")]
mod peers;
mod plan;
mod race;
mod worker;

use std::process::ExitCode;

use contender::{Contender, Outcome};
use coproc_benches::machine;
use options::Options;

fn main() -> ExitCode {
    let _ = ours::entry();
    if let Some(outcome) = worker::serve() {
        return finish(outcome);
    }
    #[cfg(feature = "peers")]
    peers::serve_procspawn();
    match Options::of(std::env::args().skip(1)) {
        Ok(options) => finish(run(&options)),
        Err(error) => {
            eprintln!("bench: {error}\n{}", options::USAGE);
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Outcome {
    coproc_benches::pin::cores();
    eprint!("{}", machine::description());
    let mut plans = figures::plans(options.effort);
    plans.retain(|plan| options.wants(&plan.name));
    for contender in settings(&plans) {
        eprintln!("- {}: {}", contender.name, contender.setting);
    }
    for plan in &plans {
        let taken = race::run(plan)?;
        let Some(figure) = plan.figure(&taken) else { continue };
        println!("{}", if options.json { figure.json() } else { figure.row() });
    }
    Ok(())
}

/// Everybody who is measured, once.
fn settings(plans: &[plan::Plan]) -> Vec<&'static Contender> {
    let mut all: Vec<&'static Contender> = Vec::new();
    for contender in plans.iter().flat_map(|plan| &plan.contenders) {
        if !all.iter().any(|known| known.setting == contender.setting) {
            all.push(contender);
        }
    }
    all
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
