//! A figure: what was measured of ours, beside what the same was elsewhere in the same run.

use std::fmt::Write;

/// What was measured.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    /// As `call.block.one_core`.
    pub name: String,
    /// As `us`, `calls/s`, `GB/s`, `KiB`, `s`, `crates`.
    pub unit: &'static str,
    /// Ours.
    pub value: f64,
    /// What else is known of ours, as `p99`.
    pub extra: Vec<(&'static str, f64)>,
    /// What it is compared with.
    pub others: Vec<Other>,
}

/// What somebody else's figure was.
#[derive(Clone, PartialEq, Debug)]
pub struct Other {
    /// As `pipe`, `hand`, `tarpc`.
    pub name: &'static str,
    pub value: f64,
    /// Ours by theirs. It is the median of the ratios of each round, and so not quite the ratio of the medians.
    pub ratio: f64,
}

impl Figure {
    /// A figure that is compared with nothing yet.
    pub fn new(name: impl Into<String>, unit: &'static str, value: f64) -> Self {
        Self { name: name.into(), unit, value, extra: Vec::new(), others: Vec::new() }
    }

    /// With what else is known of ours.
    #[must_use]
    pub fn and(mut self, name: &'static str, value: f64) -> Self {
        self.extra.push((name, value));
        self
    }

    /// Beside somebody else's value, which was measured once.
    #[must_use]
    pub fn beside(mut self, name: &'static str, value: f64) -> Self {
        self.others.push(Other { name, value, ratio: self.value / value });
        self
    }

    /// The figure as a line of JSON; a number that isn't one is null.
    pub fn json(&self) -> String {
        let mut line =
            format!(r#"{{"figure": "{}", "unit": "{}", "value": {}"#, self.name, self.unit, json(self.value));
        for (name, value) in &self.extra {
            let _ = write!(line, r#", "{name}": {}"#, json(*value));
        }
        let object = |value: fn(&Other) -> f64| {
            let fields =
                self.others.iter().map(|other| format!(r#""{}": {}"#, other.name, json(value(other))));
            fields.collect::<Vec<_>>().join(", ")
        };
        let _ = write!(line, r#", "ratios": {{{}}}"#, object(|other| other.ratio));
        let _ = write!(line, r#", "others": {{{}}}}}"#, object(|other| other.value));
        line
    }

    /// What 99 % of ours did not exceed, where it is known.
    pub fn p99(&self) -> Option<f64> {
        self.extra.iter().find(|(name, _)| *name == "p99").map(|(_, value)| *value)
    }

    /// Somebody else's.
    pub fn other(&self, name: &str) -> Option<&Other> {
        self.others.iter().find(|other| other.name == name)
    }
}

/// Five digits are more than any of it is worth.
fn json(value: f64) -> String {
    if !value.is_finite() {
        return "null".into();
    }
    let decimals = (4 - value.abs().max(1e-9).log10().floor() as i32).clamp(0, 12);
    format!("{value:.0$}", usize::try_from(decimals).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_json() {
        let figure = Figure::new("call.block.one_core", "us", 5.0).and("p99", 7.25).beside("pipe", 4.0);
        assert_eq!(
            figure.json(),
            r#"{"figure": "call.block.one_core", "unit": "us", "value": 5.0000, "p99": 7.2500, "ratios": {"pipe": 1.2500}, "others": {"pipe": 4.0000}}"#
        );
        assert!(Figure::new("rss.host", "KiB", f64::NAN).json().contains("null"));
    }
}
