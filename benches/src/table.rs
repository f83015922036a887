//! The table of figures: ours, and beside it each other's value with the ratio.

use std::fmt::Write;

use crate::figure::{Figure, Other};

/// A table with a column for each of the others.
#[derive(Debug)]
pub struct Table {
    others: Vec<&'static str>,
}

impl Table {
    pub fn new(others: Vec<&'static str>) -> Self {
        Self { others }
    }

    /// The line of names.
    pub fn head(&self) -> String {
        let mut head = format!("{:36} {:8} {:>9} {:>9}", "figure", "unit", "coproc", "p99");
        for other in &self.others {
            let _ = write!(head, " {other:>16}");
        }
        head
    }

    /// The line of a figure.
    pub fn row(&self, figure: &Figure) -> String {
        let p99 = figure.p99().map(short).unwrap_or_default();
        let mut row = format!("{:36} {:8} {:>9} {p99:>9}", figure.name, figure.unit, short(figure.value));
        for other in &self.others {
            let _ = write!(row, " {:>16}", figure.other(other).map(cell).unwrap_or_default());
        }
        row
    }

    /// All of it in Markdown.
    pub fn markdown(&self, figures: &[Figure]) -> String {
        let mut table = format!("| figure | unit | coproc | p99 | {} |\n", self.others.join(" | "));
        let _ = writeln!(table, "|---|---|{}", "---:|".repeat(2 + self.others.len()));
        for figure in figures {
            let p99 = figure.p99().map(short).unwrap_or_default();
            let _ =
                write!(table, "| `{}` | {} | {} | {p99} |", figure.name, figure.unit, short(figure.value));
            for other in &self.others {
                let _ = write!(table, " {} |", figure.other(other).map(cell).unwrap_or_default());
            }
            table.push('\n');
        }
        table
    }
}

fn cell(other: &Other) -> String {
    format!("{} ×{}", short(other.value), short(other.ratio))
}

/// With three digits, and large ones in thousands or millions.
fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 1e6 => format!("{} M", three_digits(value / 1e6)),
        large if large >= 1e4 => format!("{} k", three_digits(value / 1e3)),
        _ => three_digits(value),
    }
}

fn three_digits(value: f64) -> String {
    match value.abs() {
        large if large >= 99.95 => format!("{value:.0}"),
        middle if middle >= 9.995 => format!("{value:.1}"),
        small if small >= 0.9995 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_a_cell_for_each_of_the_others() {
        let figure = Figure::new("echo.bytes.1MiB", "GB/s", 2.5).beside("hand", 1.25);
        let table = Table::new(vec!["pipe", "hand"]);
        assert_eq!(
            table.markdown(&[figure]),
            "| figure | unit | coproc | p99 | pipe | hand |\n|---|---|---:|---:|---:|---:|\n\
             | `echo.bytes.1MiB` | GB/s | 2.50 |  |  | 1.25 ×2.00 |\n"
        );
    }

    #[test]
    fn numbers_are_short() {
        let all = [0.0123, 1.0, 55.5, 1234.0, 104_000_000.0].map(short);
        assert_eq!(all, ["0.012", "1.00", "55.5", "1234", "104 M"]);
    }
}
