//! What is remembered of a panic: its message, its place, and how the code came there.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::Location;

use crate::messenger::Failure;

/// Bytes of a message, and of a backtrace, which is some hundred frames: both fit into one chunk on the wire.
const MOST_TEXT: usize = 24 << 10;

/// A panic. Its backtrace is of raw addresses, for it takes long to name them and most are never shown.
pub(super) struct Noted {
    message: String,
    location: String,
    backtrace: Backtrace,
}

impl Noted {
    /// A panic that happens now, or one of which no more than this is known.
    pub(super) fn new(message: String, location: Option<&Location<'_>>) -> Self {
        match location {
            Some(place) => Noted { message, location: place.to_string(), backtrace: Backtrace::capture() },
            None => Noted { message, location: "an unknown place".into(), backtrace: Backtrace::disabled() },
        }
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Several panics, one after the other: the place and the backtrace are the first one's.
    pub(super) fn all(panics: &[Noted]) -> Option<Failure> {
        let (first, others) = panics.split_first()?;
        let mut message = first.message.clone();
        for Noted { message: text, location, .. } in others {
            message.push_str(&format!("; then at {location}: {text}"));
        }
        let backtrace = frames(&first.backtrace);
        Some(Failure::Panicked { message: excerpt(&message), location: first.location.clone(), backtrace })
    }
}

impl From<Noted> for Failure {
    fn from(Noted { message, location, backtrace }: Noted) -> Self {
        Failure::Panicked { message, location, backtrace: frames(&backtrace) }
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

/// The frames between the marks that the standard library's own short backtraces go by: from the panic down to the code
/// that the worker ran. Where symbols are stripped, there are no marks, and all frames.
fn frames(backtrace: &Backtrace) -> Option<String> {
    if backtrace.status() != BacktraceStatus::Captured {
        return None;
    }
    let text = backtrace.to_string();
    let mut lines = text.lines();
    if !lines.any(|line| line.contains("__rust_end_short_backtrace")) {
        lines = text.lines();
    }
    let is_place = |line: &&str| line.trim_start().starts_with("at ");
    let is_below = |line: &&str| line.contains("__rust_begin_short_backtrace");
    let mut kept = String::new();
    for line in lines.skip_while(is_place).take_while(|line| !is_below(line)) {
        if kept.len() + line.len() >= MOST_TEXT {
            kept.push_str("      … and what is below");
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    Some(kept)
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
