//! `&mut` arguments: carried over, changed there, carried back into the caller's place.

use super::Carry;
use crate::codec::CodecError;

/// A [`Carry`] that a method may change: every sized type, and `[T]`, whose length stays.
///
/// # Examples
///
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::carry::Change;
///
/// let mut place = [1, 2, 3];
/// let mut held = vec![1, 2, 3];
/// <[i32]>::lend_mut(&mut held).reverse();
/// place[..].fits(&held)?;
/// place[..].accept(held);
/// assert_eq!(place, [3, 2, 1]);
/// # Ok::<(), coproc::codec::CodecError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a `&mut {Self}` cannot cross to another process",
    label = "neither `Sized` nor `[T]`",
    note = "help: or keep the method out of the messages: write `#[local]` above it"
)]
pub trait Change: Carry {
    /// What the method changes.
    fn lend_mut<'held>(held: &'held mut Self::Held<'_>) -> &'held mut Self;

    /// Checks that what came back fits into the caller's place.
    ///
    /// # Errors
    ///
    /// That a slice has another length than before.
    fn fits(&self, changed: &Self::Held<'static>) -> Result<(), CodecError>;

    /// Puts what came back, and fits, into the caller's place.
    fn accept(&mut self, changed: Self::Held<'static>);
}

impl<T> Change for T {
    fn lend_mut(held: &mut T) -> &mut T {
        held
    }

    fn fits(&self, _changed: &T) -> Result<(), CodecError> {
        Ok(())
    }

    fn accept(&mut self, changed: T) {
        *self = changed;
    }
}

impl<T> Change for [T] {
    fn lend_mut(held: &mut Vec<T>) -> &mut [T] {
        held
    }

    fn fits(&self, changed: &Vec<T>) -> Result<(), CodecError> {
        if changed.len() == self.len() {
            Ok(())
        } else {
            Err(CodecError::slice_length(self.len(), changed.len()))
        }
    }

    fn accept(&mut self, changed: Vec<T>) {
        for (place, value) in self.iter_mut().zip(changed) {
            *place = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::CodecErrorKind;

    #[test]
    fn what_came_back_is_in_the_callers_place() {
        let mut text = String::from("one");
        let mut held = text.clone();
        String::lend_mut(&mut held).push_str(" two");
        text.fits(&held).unwrap();
        text.accept(held);
        assert_eq!(text, "one two");
    }

    #[test]
    fn a_slice_keeps_its_length() {
        let mut place = [1_u8, 2, 3, 4];
        for (changed, to) in [(vec![9; 5], "5 elements"), (vec![9], "1 element"), (vec![], "0 elements")] {
            let error = place[..].fits(&changed).unwrap_err();
            assert_eq!(error.kind(), CodecErrorKind::Malformed);
            assert_eq!(
                error.to_string(),
                format!("cannot decode: the worker changed the length of a slice from 4 to {to}"),
            );
        }
        place[..].accept(vec![5, 6, 7, 8]);
        assert_eq!(place, [5, 6, 7, 8]);
    }
}
