//! What `#[worker]` costs at compile time: a service of 64 methods with it, under tarpc, and with neither.
//!
//! ```sh
//! cargo run --release --bin compile                # about four minutes
//! cargo run --release --bin compile -- --quick     # one repeat
//! cargo run --release --bin compile -- --json      # a line of JSON a figure
//! ```
//!
//! It writes the three crates into `target/compile` and builds what they depend on. Then it times cargo on each crate
//! alone, in turns, so that what disturbs the machine disturbs all of them.

#![forbid(unsafe_code)]

mod figures;
mod measure;
mod service;
mod users;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use coproc_benches::cargo;
use figures::Figure;

const USAGE: &str = "usage: compile [--quick] [--json]";

/// How many times each build is timed; the median counts.
const REPEATS: usize = 7;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let (mut repeats, mut json) = (REPEATS, false);
    for argument in env::args().skip(1) {
        match argument.as_str() {
            "--quick" => repeats = 1,
            "--json" => json = true,
            _ => return Err(USAGE.into()),
        }
    }
    let users = users::write()?;
    eprintln!("{}; the crates are in {}", cargo::version()?, users::folder().display());
    eprintln!(
        "the median of {repeats}, in turns; CARGO_INCREMENTAL=0; the LLVM lines are those of the dev profile"
    );
    let figures = measure::all(&users, repeats)?;
    if json {
        figures.iter().for_each(|figure| println!("{}", figure.json()));
    } else {
        print!("{}", Figure::table(&figures));
    }
    Ok(())
}
