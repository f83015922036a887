//! The messenger's clock, which the protocol's moments are read off.

use std::time::Duration;

use super::time_left;
use crate::proto::{Deadline, Moment};
use crate::sync::Instant;

/// The longest time that can be given to a request.
const LONGEST: Duration = Duration::from_millis(Deadline::LONGEST as u64);

/// Counts from the messenger's beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn new() -> Self {
        Clock(Instant::now())
    }

    pub(crate) fn now(self) -> Moment {
        Moment::from_millis(
            u64::try_from(Instant::now().saturating_duration_since(self.0).as_millis()).unwrap_or(u64::MAX),
        )
    }

    /// The deadline of what is given up at `until`; `None` where that is never, or later than a header can say.
    ///
    /// In whole milliseconds, the last one begun included: it is over here first.
    pub(crate) fn deadline(self, until: Option<Instant>) -> Option<Deadline> {
        let until = until.filter(|until| time_left(Some(*until)) < Some(LONGEST))?;
        let milliseconds = u64::try_from(until.saturating_duration_since(self.0).as_millis()).ok()?;
        Some(Deadline::at(Moment::from_millis(milliseconds + 1)))
    }

    /// When a deadline is; `None` where that is beyond what the system's clock counts.
    pub(crate) fn instant(self, deadline: Deadline) -> Option<Instant> {
        self.0.checked_add(Duration::from_millis(deadline.moment(self.now()).as_millis()))
    }
}
