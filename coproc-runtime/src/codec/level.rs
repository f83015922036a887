//! Where a value stands: inside how many others, and whether as an element of a sequence.

use super::DEPTH_LIMIT;

/// How many values a value stands inside of, and how its integers are written.
///
/// It is one word, so that an encoder or decoder is two, which are passed in registers.
#[derive(Clone, Copy)]
pub(super) struct Level(usize);

/// How an integer of 16 bits and more is written.
#[derive(Clone, Copy)]
pub(super) enum Integers {
    /// In as many bytes as it needs, as bincode does.
    Varying,
    /// In all its bytes: as an element of a sequence, so that a sequence of integers is a copy of what lies in memory.
    Whole,
}

impl Level {
    /// Of a value that stands in no other.
    pub(super) const OUTERMOST: Level = Level(0);

    const ELEMENT: usize = 1;
    const DEEPER: usize = 2;

    /// Of what stands inside a value of this level, unless that is too deep.
    #[inline]
    pub(super) fn deeper(self) -> Option<Level> {
        (self.0 / Self::DEEPER < DEPTH_LIMIT).then_some(Level(self.part().0 + Self::DEEPER))
    }

    /// Of an element of the sequence whose content has this level.
    #[inline]
    pub(super) fn element(self) -> Level {
        Level(self.0 | Self::ELEMENT)
    }

    /// Of a part of any other value of this level, which counts as no deeper.
    #[inline]
    pub(super) fn part(self) -> Level {
        Level(self.0 & !Self::ELEMENT)
    }

    #[inline]
    pub(super) fn integers(self) -> Integers {
        if self.0 & Self::ELEMENT == 0 { Integers::Varying } else { Integers::Whole }
    }
}
