//! A figure of the three crates, and how it is printed.

/// A figure: ours, tarpc's, and that of the crate with neither.
pub(crate) struct Figure {
    name: &'static str,
    unit: &'static str,
    coproc: f64,
    tarpc: f64,
    baseline: f64,
}

impl Figure {
    /// A figure in seconds, of the unit `s`, or a count.
    pub(crate) fn new(name: &'static str, unit: &'static str, [coproc, tarpc, baseline]: [f64; 3]) -> Self {
        Self { name, unit, coproc, tarpc, baseline }
    }

    /// The table of some figures.
    pub(crate) fn table(figures: &[Self]) -> String {
        let head = format!("{:20}{:>10}{:>10}{:>10}{:>10}\n", "", "coproc", "tarpc", "ratio", "neither");
        figures.iter().fold(head, |table, figure| table + &figure.row())
    }

    /// The figure as a line of JSON; a ratio is ours by theirs.
    pub(crate) fn json(&self) -> String {
        let Self { name, unit, coproc, tarpc, baseline } = self;
        format!(
            r#"{{"figure": "{name}", "unit": "{unit}", "value": {coproc}, "ratios": {{"tarpc": {:.3}}}, "baseline": {baseline}}}"#,
            coproc / tarpc
        )
    }

    fn row(&self) -> String {
        let [coproc, tarpc, baseline] =
            [self.coproc, self.tarpc, self.baseline].map(|value| self.cell(value));
        let Self { name, .. } = self;
        format!("{name:20}{coproc:>10}{tarpc:>10}{:>10.2}{baseline:>10}\n", self.coproc / self.tarpc)
    }

    fn cell(&self, value: f64) -> String {
        match self.unit {
            "s" => format!("{value:.2} s"),
            _ => format!("{value}"),
        }
    }
}
