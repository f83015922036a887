//! How the other side went, and what is left of it.

use std::fmt;

use super::exit::Remains;
use super::{Exit, Memory};
use crate::proto::End;

/// The other side is gone.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Gone {
    /// How its stream ended.
    pub end: End,
    /// How the worker ended, where this process started it and it ended within a moment.
    pub exit: Option<Exit>,
    /// How much memory the worker has used, where it is known.
    pub memory: Option<Memory>,
    /// The last of what the worker has printed; see [`Stderr`](crate::Stderr).
    pub stderr: String,
    /// Why this process has killed the worker, if that is how it ended.
    pub killed_because: Option<String>,
}

/// Lines of what a worker has printed that stand in the text of an error: the last ones, or those that the last panic begins
/// with, for its backtrace may be long.
const MOST_LINES: usize = 10;

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the other side is gone: ")?;
        self.fmt_how(f)
    }
}

impl Gone {
    pub(crate) fn new(end: End, exit: Option<Exit>, remains: Remains) -> Self {
        let Remains { memory, stderr, sent_because } = remains;
        Gone { end, exit, memory, stderr, killed_because: sent_because }
    }

    /// Whether it left by itself before it had said who it is.
    pub(crate) fn never_began(&self) -> bool {
        self.end == End::Unmet && !matches!(self.exit, Some(Exit::Signal(_) | Exit::Unknown))
    }

    /// How it went, for an error that says who.
    pub(crate) fn fmt_how(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.exit, &self.killed_because) {
            (Some(exit), Some(why)) => write!(f, "{exit}, sent by this process because {why}")?,
            (Some(exit), None) => write!(f, "{exit}")?,
            (None, _) => f.write_str("it closed its pipe, and has not exited")?,
        }
        match self.end {
            End::Closed if self.exit.is_none_or(Exit::is_success) => f.write_str(", as it was asked to"),
            End::Closed | End::Dropped => Ok(()),
            End::Truncated => f.write_str(", in the middle of a message"),
            End::Unmet if !self.never_began() => Ok(()),
            End::Unmet => f.write_str(
                ", before it said who it is: it never came to its entry, or is no worker; what stands ahead of the entry \
                 in `main`, such as reading arguments, happens in a worker too",
            ),
        }
    }

    /// What is left of it, for an error that says who.
    pub(crate) fn fmt_remains(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(memory) = self.memory {
            write!(f, "; {memory}")?;
        }
        let lines: Vec<&str> = self.stderr.lines().collect();
        let panic = lines.iter().rposition(|line| line.contains(" panicked at "));
        let start = panic.unwrap_or(usize::MAX).min(lines.len().saturating_sub(MOST_LINES));
        let last = lines.get(start..).unwrap_or_default();
        let last = last.get(..MOST_LINES).unwrap_or(last);
        if !last.is_empty() {
            f.write_str("; the last that it printed:")?;
        }
        last.iter().try_for_each(|line| write!(f, "\n  | {line}"))
    }
}

impl std::error::Error for Gone {}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an error shows of these lines.
    fn shown(lines: impl IntoIterator<Item = String>) -> Vec<String> {
        struct Remaining(Gone);

        impl fmt::Display for Remaining {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt_remains(f)
            }
        }

        let stderr = lines.into_iter().collect::<Vec<_>>().join("\n");
        let gone = Gone::new(End::Dropped, None, Remains { stderr, ..Remains::default() });
        let text = Remaining(gone).to_string();
        text.lines().skip(1).map(|line| line.trim_start_matches("  | ").to_owned()).collect()
    }

    fn numbers(lines: std::ops::Range<u32>) -> impl Iterator<Item = String> {
        lines.map(|number| number.to_string())
    }

    #[test]
    fn the_last_lines_are_shown() {
        assert_eq!(shown(numbers(0..0)), Vec::<String>::new());
        assert_eq!(shown(numbers(0..3)), ["0", "1", "2"]);
        assert_eq!(shown(numbers(0..100)), numbers(90..100).collect::<Vec<_>>());
    }

    #[test]
    fn a_panic_is_shown_from_its_beginning() {
        let panic = || ["thread 'main' panicked at a.rs:1:2:".into(), "no".into()];
        let lines = shown(numbers(0..5).chain(panic()).chain(numbers(0..100)));
        assert_eq!(lines[..3], [&panic()[0], &panic()[1], "0"]);
        assert_eq!(lines.len(), MOST_LINES);
        let lines = shown(numbers(0..20).chain(panic()));
        assert_eq!(lines[7..], ["19".to_owned(), panic()[0].clone(), panic()[1].clone()]);
    }
}
