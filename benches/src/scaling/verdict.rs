//! How a cost grows.

/// How a cost grows with a count.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Verdict {
    /// The largest slope in logarithms over a factor of ten, where the count is at least ten.
    pub(crate) exponent: f64,
    /// The line `first + each × log2(n)` that is nearest.
    pub(crate) first: f64,
    pub(crate) each: f64,
}

impl Verdict {
    pub(crate) fn of(points: &[(f64, f64)]) -> Self {
        let slopes = points.iter().flat_map(|&(from, least)| {
            let beyond = points.iter().filter(move |&&(to, _)| from >= 10.0 && to >= 10.0 * from);
            beyond.map(move |&(to, most)| (most / least).ln() / (to / from).ln())
        });
        let logarithms: Vec<_> = points.iter().map(|&(count, cost)| (count.log2(), cost)).collect();
        let (first, each) = line(&logarithms);
        Self { exponent: slopes.fold(0.0, f64::max), first, each }
    }

    pub(crate) fn json(self, name: &str, most: f64) -> String {
        let Self { exponent, first, each } = self;
        let verdict = if exponent <= most { "at most O(log n)" } else { "more than O(log n)" };
        format!(
            r#"{{"scaling": "{name}", "verdict": "{verdict}", "exponent": {exponent:.2}, "us_at_1": {first:.3}, "us_a_doubling": {each:.4}}}"#
        )
    }
}

/// The line through points by least squares: where it begins, and how it rises.
fn line(points: &[(f64, f64)]) -> (f64, f64) {
    let count = points.len() as f64;
    let mean = |get: fn(&(f64, f64)) -> f64| points.iter().map(get).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let covariance: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let variance: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let rise = if variance > 0.0 { covariance / variance } else { 0.0 };
    (y - rise * x, rise)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(cost: fn(f64) -> f64) -> Verdict {
        Verdict::of(&[1.0, 10.0, 100.0, 1000.0, 10_000.0].map(|count| (count, cost(count))))
    }

    #[test]
    fn what_grows_with_the_count_is_told_from_what_grows_with_its_logarithm() {
        assert!(verdict(|count| 1.0 + 0.01 * count).exponent > 0.9);
        assert!(verdict(|count| 1.0 + count.log2()).exponent < 0.3);
        assert_eq!(verdict(|_| 2.0).exponent, 0.0);
        let Verdict { first, each, .. } = verdict(|count| 3.0 + 0.5 * count.log2());
        assert!((first - 3.0).abs() < 1e-9 && (each - 0.5).abs() < 1e-9);
    }
}
