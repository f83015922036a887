//! What stopped a value on its way to bytes or back, and where in the value.

use std::fmt::{self, Display};

use super::reason::Reason;

/// Why a value could not be encoded or decoded, and where in it.
///
/// It is shown as what was tried, the place in the value, and the reason.
///
/// # Examples
///
/// ```
/// # use coproc_runtime as coproc;
/// use coproc::codec::{self, CodecErrorKind};
///
/// #[derive(Debug, serde::Deserialize)]
/// struct User {
///     id: u64,
///     emails: Vec<String>,
/// }
///
/// let error = codec::decode::<User>(b"\x01\x02\x03a@b\x03c@").unwrap_err();
/// assert_eq!(error.kind(), CodecErrorKind::Truncated);
/// assert_eq!(
///     error.to_string(),
///     "cannot decode User.emails[1]: the payload ends 1 byte too early",
/// );
/// ```
#[derive(Clone, Debug)]
pub struct CodecError(Box<Failure>);

/// The kinds of [`CodecError`], for a program that tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodecErrorKind {
    /// More than [`DEPTH_LIMIT`](super::DEPTH_LIMIT) values stand inside each other.
    TooDeep,
    /// More elements than the payload's length and [`ELEMENT_ALLOWANCE`](super::ELEMENT_ALLOWANCE) permit.
    TooManyElements,
    /// The payload ends before the value does.
    Truncated,
    /// The payload goes on after the value's end.
    TrailingBytes,
    /// What no value of the type is, such as text that is not UTF-8, or a slice that came back with another length.
    Malformed,
    /// The type has a shape that [cannot cross](super#shapes-that-cannot-cross).
    Unsupported,
    /// The reply belongs to another method than the one that was called.
    WrongReply,
    /// The type's own `Serialize` or `Deserialize` refused.
    Custom,
}

impl CodecError {
    /// The error of a call that was answered with another method's reply.
    #[cold]
    pub fn wrong_reply() -> Self {
        Self::decoding(Reason::WrongReply)
    }

    /// The error of a slice that came back with another length.
    #[cold]
    pub(crate) fn slice_length(from: usize, to: usize) -> Self {
        Self::decoding(Reason::SliceLength { from, to })
    }

    /// The error of taking what was received out of a reference that is lent.
    #[cold]
    pub(crate) fn not_received() -> Self {
        Self::decoding(Reason::NotReceived)
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> CodecErrorKind {
        self.0.reason.kind()
    }

    #[cold]
    pub(super) fn encoding(reason: impl Into<Reason>) -> Self {
        Self::new("cannot encode", reason.into())
    }

    #[cold]
    pub(super) fn decoding(reason: impl Into<Reason>) -> Self {
        Self::new("cannot decode", reason.into())
    }

    /// The same error, seen from one step further out: each value adds its own as the error passes through.
    #[cold]
    pub(super) fn at(mut self, step: Step) -> Self {
        self.0.inside_out.push(step);
        self
    }

    /// Gives the arguments of a call, which generated enums have as positions, their names; `arguments` knows those of
    /// each variant.
    #[cold]
    pub(crate) fn name_arguments(
        mut self,
        arguments: impl FnOnce(&str) -> Option<&'static [&'static str]>,
    ) -> Self {
        let [inside @ .., Step::Variant(variant), Step::Type(_)] = self.0.inside_out.as_mut_slice() else {
            return self;
        };
        let Some(names) = arguments(variant) else { return self };
        match (inside, names) {
            ([.., position @ Step::Position(_)], _) => {
                if let Step::Position(index) = *position
                    && let Some(name) = names.get(index)
                {
                    *position = Step::Field(name);
                }
            }
            // A variant of one value has no positions.
            (inside, [name]) => {
                let outermost = inside.len();
                self.0.inside_out.insert(outermost, Step::Field(name));
            }
            _ => {}
        }
        self
    }

    fn new(what: &'static str, reason: Reason) -> Self {
        Self(Box::new(Failure { what, reason, inside_out: Vec::new() }))
    }
}

/// A step from a value to one inside it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Type(&'static str),
    Variant(&'static str),
    Field(&'static str),
    Position(usize),
    Element(usize),
    Key(usize),
    Value(usize),
}

impl Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.what)?;
        write_place(f, &self.0.inside_out)?;
        write!(f, ": {}", self.0.reason)
    }
}

impl std::error::Error for CodecError {}

impl serde::ser::Error for CodecError {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self::encoding(Reason::Custom(message.to_string()))
    }
}

impl serde::de::Error for CodecError {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self::decoding(Reason::Custom(message.to_string()))
    }
}

#[derive(Clone, Debug)]
struct Failure {
    what: &'static str,
    reason: Reason,
    inside_out: Vec<Step>,
}

/// Writes the steps from the outside in. Only the outermost type is named: the fields tell the others.
fn write_place(f: &mut fmt::Formatter<'_>, inside_out: &[Step]) -> fmt::Result {
    /// Near the depth limit there are hundreds of steps, of which the first tell enough.
    const SHOWN: usize = 32;

    for (depth, step) in inside_out.iter().rev().enumerate() {
        if depth == SHOWN {
            return f.write_str("…");
        }
        if depth == 0 {
            f.write_str(" ")?;
        }
        match step {
            Step::Type(name) if depth == 0 => f.write_str(name)?,
            Step::Type(_) => {}
            Step::Variant(name) => write!(f, "::{name}")?,
            Step::Field(name) => write!(f, ".{name}")?,
            Step::Position(position) => write!(f, ".{position}")?,
            Step::Element(index) => write!(f, "[{index}]")?,
            Step::Key(index) => write!(f, "{{key {index}}}")?,
            Step::Value(index) => write!(f, "{{value {index}}}")?,
        }
    }
    Ok(())
}
