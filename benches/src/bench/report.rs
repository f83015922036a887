//! What is told: a row or a line a figure as they come, and the whole of it, with plots, into a folder.

use std::fs;
use std::path::Path;

use coproc_benches::figure::Figure;
use coproc_benches::machine;
use coproc_benches::table::Table;

use crate::contender::{Contender, Outcome};
use crate::plots;
use crate::race::Taken;

/// What was measured so far.
pub(crate) struct Report {
    /// A line of JSON a figure, instead of a row.
    json: bool,
    /// The machine and everybody's settings, as Markdown.
    settings: String,
    table: Table,
    figures: Vec<Figure>,
    races: Vec<(String, Vec<Taken>)>,
}

impl Report {
    /// Tells of the machine, and of everybody who will be measured.
    pub(crate) fn begin(json: bool, contenders: &[&'static Contender]) -> Self {
        let settings: String =
            contenders.iter().map(|one| format!("- `{}`: {}\n", one.name, one.setting)).collect();
        let settings = format!("{}\n{settings}", machine::description());
        eprintln!("{settings}");
        let mut others = Vec::new();
        for contender in contenders {
            if contender.name != "coproc" && !others.contains(&contender.name) {
                others.push(contender.name);
            }
        }
        let table = Table::new(others);
        if !json {
            println!("{}", table.head());
        }
        Self { json, settings, table, figures: Vec::new(), races: Vec::new() }
    }

    /// Adds a figure, and tells it.
    pub(crate) fn add(&mut self, figure: Figure) {
        println!("{}", if self.json { figure.json() } else { self.table.row(&figure) });
        self.figures.push(figure);
    }

    /// Keeps what plots are drawn from.
    pub(crate) fn keep(&mut self, name: String, taken: Vec<Taken>) {
        self.races.push((name, taken));
    }

    /// Writes all of it into the folder.
    pub(crate) fn write(&self, folder: &Path) -> Outcome {
        fs::create_dir_all(folder)?;
        let lines: String = self.figures.iter().map(|figure| figure.json() + "\n").collect();
        fs::write(folder.join("figures.jsonl"), lines)?;
        let table = self.table.markdown(&self.figures);
        fs::write(folder.join("README.md"), format!("{HEAD}\n{}\n{table}{PLOTS}", self.settings))?;
        plots::draw(folder, &self.races)
    }
}

const HEAD: &str = "# What a call costs

Written by `cargo run --release --manifest-path benches/Cargo.toml`. The medians of rounds in which everybody takes turns; behind
each `×` the median of the rounds' ratios, ours by theirs: of times (us, s) and of what is counted (KiB, crates) less is better,
of rates (calls/s, GB/s) more is. All workers but those of `hello` are the bench's own binary, in which every peer is linked: it
starts later and has more resident than a program with one of them.
";

const PLOTS: &str = "
![How long a call takes](latency.svg)

![What an echo costs, by its size](size.svg)

![What a call costs, by how many are on their way](in_flight.svg)
";
