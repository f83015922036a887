//! What the command line asks for.

use std::path::{Path, PathBuf};

pub(crate) const USAGE: &str = "usage: bench [--json] [--quick] [--only PREFIX] [--results DIR]";

pub(crate) struct Options {
    /// A line of JSON a figure, instead of a row.
    pub(crate) json: bool,
    pub(crate) effort: Effort,
    /// Only figures whose name begins like this.
    only: String,
    /// Where plots and tables go, if it was said.
    results: Option<PathBuf>,
}

/// How much time there is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// The core figures in under a minute.
    Quick,
    /// Everything.
    Full,
}

impl Options {
    pub(crate) fn of(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { json: false, effort: Effort::Full, only: String::new(), results: None };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--json" => options.json = true,
                "--quick" => options.effort = Effort::Quick,
                "--only" => options.only = value()?,
                "--results" => options.results = Some(value()?.into()),
                _ => return Err(format!("{argument} is no option")),
            }
        }
        Ok(options)
    }

    /// Where plots and tables go: a run of everything puts them where they are shown.
    pub(crate) fn results(&self) -> Option<PathBuf> {
        let is_whole = self.effort == Effort::Full && self.only.is_empty();
        let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
        self.results.clone().or_else(|| is_whole.then(usual))
    }

    pub(crate) fn wants(&self, figure: &str) -> bool {
        figure.starts_with(&self.only)
    }

    pub(crate) fn wants_any<'a>(&self, figures: impl IntoIterator<Item = &'a str>) -> bool {
        figures.into_iter().any(|figure| self.wants(figure))
    }
}

impl Effort {
    /// How many rounds there are of what takes long, of so many where there is time.
    pub(crate) fn rounds(self, rounds: usize) -> usize {
        match self {
            Effort::Quick => rounds.min(2),
            Effort::Full => rounds,
        }
    }
}
