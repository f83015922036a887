//! Any bytes at all give a value or an error.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ffi::{CString, OsString};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Decodes as every type of a list. What decodes must encode again, and be consumed whole.
macro_rules! decode_as {
    ($bytes:expr; $($type:ty),* $(,)?) => {$(
        if let Ok(value) = decode::<$type>($bytes) {
            let payload = encoded(&value);
            prop_assert!(decode::<$type>(&payload).is_ok(), "{}", stringify!($type));
        }
    )*};
}

fn decode_as_many_types(bytes: &[u8]) -> Result<(), TestCaseError> {
    decode_as! { bytes;
        (), bool, char, u8, i8, u16, i16, u32, i32, u64, i64, u128, i128, usize, isize, f32, f64,
        &str, String, Cow<'_, str>, &[u8], Vec<u8>, CString, OsString, PathBuf,
        [u8; 7], (bool, char, String), [Option<char>; 3],
        Vec<String>, Vec<&str>, Vec<()>, Vec<Vec<()>>, Vec<Vec<Vec<u16>>>, VecDeque<i128>,
        HashMap<String, Vec<u8>>, HashMap<&str, &[u8]>, BTreeMap<u16, Option<bool>>, HashSet<char>,
        Option<Option<Option<u8>>>, Option<Box<Tree>>, Result<String, Tree>, Result<(), ()>,
        Tree, Vec<Tree>, HashMap<u8, Tree>,
        NonZeroU32, Duration, SystemTime, SocketAddr, RangeInclusive<i16>,
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..400)) {
        decode_as_many_types(&bytes)?;
    }

    /// Small numbers are lengths and variants: these get further.
    #[test]
    fn small_numbers(bytes in vec(0_u8..7, 0..400)) {
        decode_as_many_types(&bytes)?;
    }

    #[test]
    fn a_value_that_was_cut_and_changed(
        values in vec((any::<String>(), any::<Option<u64>>(), vec(any::<char>(), 0..4)), 0..8),
        cut in any::<prop::sample::Index>(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        type Values = Vec<(String, Option<u64>, Vec<char>)>;
        let mut payload = encoded(&values);
        payload.truncate(cut.index(payload.len()) + 1);
        for (place, byte) in changes {
            let place = place.index(payload.len());
            payload[place] = byte;
        }
        decode_as! { &payload; Values }
    }
}

#[test]
fn every_truncation_is_an_error() {
    let value = (
        7_u64,
        "text",
        vec![Some(1.5), None],
        Tree::Both(Box::new(Tree::Number(-300)), Box::new(Tree::Leaf)),
    );
    let payload = encoded(&value);
    for length in 0..payload.len() {
        let error = decode_error::<(u64, &str, Vec<Option<f64>>, Tree)>(&payload[..length]);
        assert_eq!(error.kind(), CodecErrorKind::Truncated, "{length} bytes: {error}");
    }
}

#[test]
fn trailing_bytes_are_an_error() {
    let error = decode_error::<u8>(&[1, 2, 3]);
    assert_eq!(error.kind(), CodecErrorKind::TrailingBytes);
    assert_eq!(error.to_string(), "cannot decode: the payload goes on for 2 bytes after the value's end");
    assert_eq!(decode_error::<()>(&[0]).kind(), CodecErrorKind::TrailingBytes);
}

#[test]
fn bytes_that_no_value_has_are_malformed() {
    let malformed = [
        (decode_error::<bool>(&[2]), "cannot decode: a `bool` is 0 or 1, not 2"),
        (decode_error::<Option<u8>>(&[9, 0]), "cannot decode: an `Option` is 0 or 1, not 9"),
        (decode_error::<char>(&[0xff]), "cannot decode: a `char` is not valid UTF-8"),
        (decode_error::<u16>(&[252, 0, 0, 0, 0]), "cannot decode: an integer is larger than its type"),
        (
            decode_error::<&str>(b"\x02\xff\xff"),
            "cannot decode: the text is not UTF-8: invalid utf-8 sequence of 1 bytes from index 0",
        ),
    ];
    for (error, message) in malformed {
        assert_eq!(error.kind(), CodecErrorKind::Malformed);
        assert_eq!(error.to_string(), message);
    }
}
