//! A batch of timed laps, each of them what a figure is about.

use std::hint;
use std::time::{Duration, Instant};

/// A batch of timed laps.
///
/// Whoever runs them asks for [`more`](Laps::more) before each; what is to be timed stands between [`start`](Laps::start)
/// and [`stop`](Laps::stop).
#[derive(Debug)]
pub struct Laps {
    until: Instant,
    at_least: usize,
    /// How long this side works between two laps, untimed.
    work: Duration,
    times: Vec<Duration>,
}

impl Laps {
    /// A batch that goes on for this long, and for so many laps.
    pub fn new(time: Duration, at_least: usize) -> Self {
        Self { until: Instant::now() + time, at_least, work: Duration::ZERO, times: Vec::new() }
    }

    /// With this much work of one's own between two laps.
    #[must_use]
    pub fn with_work(self, work: Duration) -> Self {
        Self { work, ..self }
    }

    /// Whether there shall be another lap.
    pub fn more(&self) -> bool {
        self.times.len() < self.at_least || Instant::now() < self.until
    }

    /// Begins a lap.
    pub fn start(&self) -> Instant {
        let now = Instant::now();
        if self.work.is_zero() {
            return now;
        }
        while now.elapsed() < self.work {
            hint::spin_loop();
        }
        Instant::now()
    }

    /// Ends the lap that began then.
    pub fn stop(&mut self, start: Instant) {
        self.times.push(start.elapsed());
    }

    /// The times of the laps, in seconds.
    pub fn seconds(&self) -> Vec<f64> {
        self.times.iter().map(Duration::as_secs_f64).collect()
    }
}
