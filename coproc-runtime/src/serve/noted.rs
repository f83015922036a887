//! What is remembered of a panic: its message and its place.

use std::panic::Location;

use crate::messenger::Failure;

/// Bytes of a message: far above what people write, and it fits into one frame of the conversation.
const MOST_TEXT: usize = 24 << 10;

/// A panic.
pub(super) struct Noted {
    message: String,
    location: String,
}

impl Noted {
    /// A panic that happens now, or one of which no more than this is known.
    pub(super) fn new(message: String, location: Option<&Location<'_>>) -> Self {
        match location {
            Some(place) => Noted { message, location: place.to_string() },
            None => Noted { message, location: "an unknown place".into() },
        }
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Several panics, one after the other: the place is the first one's.
    pub(super) fn all(panics: &[Noted]) -> Option<Failure> {
        let (first, others) = panics.split_first()?;
        let mut message = first.message.clone();
        for Noted { message: text, location, .. } in others {
            message.push_str(&format!("; then at {location}: {text}"));
        }
        Some(Failure::Panicked { message: excerpt(&message), location: first.location.clone() })
    }
}

impl From<Noted> for Failure {
    fn from(Noted { message, location }: Noted) -> Self {
        Failure::Panicked { message, location }
    }
}

/// A text, or as much of it as is carried.
pub(super) fn excerpt(text: &str) -> String {
    if text.len() <= MOST_TEXT {
        return text.to_owned();
    }
    let end = (0..=MOST_TEXT).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
    format!("{}…", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_whole_letters() {
        assert_eq!(excerpt("short"), "short");
        let long = "é".repeat(MOST_TEXT);
        let cut = excerpt(&format!("x{long}"));
        assert_eq!(cut.len(), MOST_TEXT - 1 + "…".len());
        assert!(cut.starts_with("xé") && cut.ends_with("é…"));
    }

    #[test]
    fn several_panics_are_told_in_order() {
        let panic = |message: &str| Noted::new(message.into(), None);
        let all = Noted::all(&[panic("one"), panic("two"), panic("three")]).unwrap();
        let text = "it panicked at an unknown place: one; then at an unknown place: two; then at an unknown place: three";
        assert_eq!(all.to_string(), text);
        assert_eq!(Noted::all(&[]), None);
    }
}
