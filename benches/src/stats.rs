//! What is made of many measurements: medians, quantiles, means.

/// What a batch of times came to, in the unit that they are in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Summary {
    pub p50: f64,
    pub p99: f64,
    pub mean: f64,
}

impl Summary {
    /// Of the times of one batch.
    pub fn of(times: &[f64]) -> Self {
        let sorted = sorted(times);
        Self { p50: at(&sorted, 0.5), p99: at(&sorted, 0.99), mean: mean(times) }
    }

    /// The medians of the summaries of several batches.
    pub fn median(batches: &[Self]) -> Self {
        let of = |get: fn(&Self) -> f64| median(&batches.iter().map(get).collect::<Vec<_>>());
        Self { p50: of(|batch| batch.p50), p99: of(|batch| batch.p99), mean: of(|batch| batch.mean) }
    }
}

/// The middle one, or the mean of the middle two; of none, NaN.
pub fn median(values: &[f64]) -> f64 {
    let sorted = sorted(values);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        return sorted[middle];
    }
    match middle.checked_sub(1) {
        Some(below) => f64::midpoint(sorted[below], sorted[middle]),
        None => f64::NAN,
    }
}

/// The smallest value that a part `quantile` of all does not exceed; of none, NaN.
pub fn quantile(values: &[f64], quantile: f64) -> f64 {
    at(&sorted(values), quantile)
}

/// The curve of a distribution: for each of some parts of all values, told as `1 / (1 - part)` so that on a logarithmic
/// axis 90 %, 99 % and 99.9 % are equally far apart, the value that the part does not exceed.
pub fn distribution(values: &[f64]) -> Vec<(f64, f64)> {
    const STEPS_A_DECADE: u32 = 20;

    let sorted = sorted(values);
    // Beyond this the curve would be drawn through fewer than five values.
    let last = sorted.len() as f64 / 5.0;
    let steps = (0..).map(|step| 10f64.powf(f64::from(step) / f64::from(STEPS_A_DECADE)));
    steps.take_while(|&step| step <= last).map(|step| (step, at(&sorted, 1.0 - 1.0 / step))).collect()
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn at(sorted: &[f64], quantile: f64) -> f64 {
    let rank = (sorted.len() as f64 * quantile).ceil() as usize;
    sorted.get(rank.max(1) - 1).or(sorted.last()).copied().unwrap_or(f64::NAN)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_quantiles() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
        let hundred: Vec<_> = (1..=100).map(f64::from).collect();
        assert_eq!(Summary::of(&hundred), Summary { p50: 50.0, p99: 99.0, mean: 50.5 });
        assert_eq!(quantile(&hundred, 1.0), 100.0);
    }

    #[test]
    fn a_distribution_rises_and_ends_where_there_are_few() {
        let thousand: Vec<_> = (1..=1000).map(f64::from).collect();
        let curve = distribution(&thousand);
        assert_eq!(curve[0], (1.0, 1.0));
        assert!(curve.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        assert!(curve.last().is_some_and(|&(part, _)| part <= 200.0));
    }
}
