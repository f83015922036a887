//! Until when a call is waited for, on the clock of who waits.

use std::num::NonZeroU32;

/// A point in time: milliseconds since a conversation began.
///
/// The host counts from when it made its greeting, the worker from when it had read it. So a worker's clock is behind its
/// host's by as long as that took, and nothing is over there before it is over here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Moment(u64);

impl Moment {
    /// The moment this many milliseconds after the beginning.
    #[must_use]
    pub const fn from_millis(milliseconds: u64) -> Self {
        Moment(milliseconds)
    }

    /// Milliseconds since the beginning.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }
}

/// When a request is given up by its sender, as a header has it: the low 32 bits of a [`Moment`].
///
/// That is unambiguous within 24 days before and after.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Deadline(NonZeroU32);

impl Deadline {
    /// The longest time that can be given to a request, in milliseconds.
    pub const LONGEST: u32 = i32::MAX as u32;

    /// The deadline at a moment.
    #[must_use]
    pub const fn at(moment: Moment) -> Self {
        // A header without a deadline has 0 there; one millisecond later harms nobody.
        match NonZeroU32::new(moment.0 as u32) {
            Some(low) => Deadline(low),
            None => Deadline(NonZeroU32::MIN),
        }
    }

    /// The moment, of those that it may be the nearest to `now`.
    #[must_use]
    pub const fn moment(self, now: Moment) -> Moment {
        let ahead = self.0.get().wrapping_sub(now.0 as u32).cast_signed();
        Moment(now.0.saturating_add_signed(ahead as i64))
    }

    /// Whether the request is given up by then.
    #[must_use]
    pub fn is_over(self, now: Moment) -> bool {
        self.moment(now) <= now
    }

    pub(super) fn from_wire(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Deadline)
    }

    pub(super) fn to_wire(deadline: Option<Self>) -> u32 {
        deadline.map_or(0, |deadline| deadline.0.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_deadline_is_told_from_its_low_bits(now in 0..1u64 << 50, ahead in -i64::from(Deadline::LONGEST)..i64::from(Deadline::LONGEST)) {
            let moment = Moment(now.saturating_add_signed(ahead));
            prop_assume!(moment.0 as u32 != 0);
            prop_assert_eq!(Deadline::at(moment).moment(Moment(now)), moment);
            prop_assert_eq!(Deadline::at(moment).is_over(Moment(now)), moment.0 <= now);
        }
    }

    #[test]
    fn no_deadline_is_none() {
        assert_eq!(Deadline::to_wire(None), 0);
        assert_eq!(Deadline::from_wire(0), None);
        let wrapped = Deadline::at(Moment(1 << 32));
        assert_eq!(Deadline::from_wire(Deadline::to_wire(Some(wrapped))), Some(wrapped));
        assert_eq!(wrapped.moment(Moment(1 << 32)), Moment((1 << 32) + 1));
    }
}
