//! Replies, field by field: any bytes give a value or an error, and an error names its place.

use std::io;
use std::path::PathBuf;

use proptest::collection::vec;
use proptest::prelude::*;
use serde::ser::SerializeTupleVariant;

use super::*;
use crate::carry::portable::Portable;
use crate::carry::probe::{Probe, levels::*};
use crate::codec::{ReplyReader, ReplyWriter};

/// The index of the method's variant.
const INDEX: u32 = 3;

/// Writes a value as a worker does, and an argument behind it that the method has changed.
fn reply<F, T: Portable<F>>(value: &T, form: F, changed: &str) -> Vec<u8> {
    let mut payload = Vec::new();
    let mut fields = ReplyWriter::new(INDEX, &mut payload).unwrap();
    value.write_field(form, &mut fields).unwrap();
    changed.to_owned().write_field(crate::carry::Plain, &mut fields).unwrap();
    fields.end().unwrap();
    payload
}

/// Reads it as a host does.
macro_rules! read {
    ($type:ty, $payload:expr) => {
        ReplyReader::read(INDEX, $payload, |fields| {
            let form = (&&&&Probe::<$type>::new()).__form();
            let value = <$type as Portable<_>>::read_field(form, fields)?;
            Ok((value, <String as Portable<_>>::read_field(crate::carry::Plain, fields)?))
        })
    };
}

proptest! {
    #[test]
    fn any_bytes_are_a_reply_or_an_error(bytes in vec(any::<u8>(), 0..200), small in vec(0_u8..5, 0..200)) {
        for payload in [bytes.clone(), small.clone(), [&[INDEX as u8], &*bytes].concat(), [&[INDEX as u8], &*small].concat()] {
            let _ = read!(Vec<u8>, &payload);
            let _ = read!(PathBuf, &payload);
            let _ = read!([u64; 40], &payload);
            let _ = read!(std::cmp::Ordering, &payload);
            let _ = read!(io::Result<Option<Vec<u8>>>, &payload);
            let _ = read!(Vec<Result<String, u8>>, &payload);
        }
    }
}

#[test]
fn what_was_written_is_read() {
    let payload = reply(&vec![1_u8, 2], crate::carry::bytes::Form, "changed");
    assert_eq!(read!(Vec<u8>, &payload).unwrap(), (vec![1, 2], "changed".to_owned()));
}

#[test]
fn an_error_names_its_place() {
    let payload = reply(&vec![true], crate::carry::Plain, "changed");
    let error = |payload: &[u8]| read!(Vec<bool>, payload).unwrap_err();
    assert_eq!(error(&[INDEX as u8, 1, 7]).to_string(), "cannot decode reply[0]: a `bool` is 0 or 1, not 7");
    let truncated = error(&payload[..payload.len() - 1]);
    assert_eq!(truncated.to_string(), "cannot decode reply.1: the payload ends 1 byte too early");
    assert_eq!(error(&[&*payload, &[0]].concat()).kind(), CodecErrorKind::TrailingBytes);
    assert_eq!(error(&[INDEX as u8 + 1]).kind(), CodecErrorKind::WrongReply);
}

#[test]
fn a_reply_is_as_deep_as_the_enum_that_it_stands_for() {
    #[derive(Deserialize)]
    enum Reply {
        _Other0,
        _Other1,
        _Other2,
        Method(Tree, String),
    }

    let deepest = (1..DEPTH_LIMIT).fold(Tree::Leaf, |tree, _| Tree::Deep(Box::new(tree)));
    let payload = reply(&deepest, crate::carry::Plain, "changed");
    assert_eq!(read!(Tree, &payload).unwrap().0, deepest);
    let Ok(Reply::Method(tree, changed)) = decode(&payload) else { panic!("{payload:?}") };
    assert_eq!((&tree, &*changed), (&deepest, "changed"));

    let mut payload = Vec::new();
    let mut fields = ReplyWriter::new(INDEX, &mut payload).unwrap();
    let error = fields.serialize_field(&Tree::Deep(Box::new(deepest))).unwrap_err();
    assert_eq!(error.kind(), CodecErrorKind::TooDeep);
}

/// Reads one value of a large reply whose buffer may be had; whether the value has it.
fn read_owned<T: Serialize + PartialEq>(
    value: &T,
    bytes_of: fn(&T) -> Option<&[u8]>,
    read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
) -> bool {
    let mut payload = Vec::new();
    let mut fields = ReplyWriter::new(INDEX, &mut payload).unwrap();
    fields.serialize_field(value).unwrap();
    fields.end().unwrap();
    let buffer = payload.as_ptr();
    let found = ReplyReader::read_owned(INDEX, &mut payload, read).unwrap();
    assert!(found == *value);
    bytes_of(&found).is_some_and(|bytes| bytes.as_ptr() == buffer)
}

fn field<T: for<'de> Deserialize<'de>>(fields: &mut ReplyReader<'_>) -> Result<T, CodecError> {
    serde::de::SeqAccess::next_element(fields).map(Option::unwrap)
}

#[test]
fn what_a_large_reply_ends_with_has_its_buffer() {
    const LARGE: usize = 1 << 20;

    let text = "ä text ".repeat(LARGE / 8);
    assert!(read_owned(&text, |text| Some(text.as_bytes()), field));
    let nested = Ok::<_, u8>((7_u64, Some("a".to_owned()), text.clone()));
    assert!(read_owned(&nested, |nested| Some(nested.as_ref().ok()?.2.as_bytes()), field));

    // Something stands behind it; it is no bytes, though its length would fit; it is borrowed on the way.
    assert!(!read_owned(&(text.clone(), 7_u8), |pair| Some(pair.0.as_bytes()), field));
    assert!(!read_owned(&vec![true; LARGE], |_| None, field));
    assert!(!read_owned(
        &text,
        |text| Some(text.as_bytes()),
        |fields| {
            let borrowed: &str = serde::de::SeqAccess::next_element(fields)?.unwrap();
            Ok(borrowed.to_owned())
        }
    ));
}

#[test]
fn a_large_reply_that_is_wrong_is_an_error() {
    let mut payload = Vec::new();
    let mut fields = ReplyWriter::new(INDEX, &mut payload).unwrap();
    fields.serialize_field(&"x".repeat(1 << 20)).unwrap();
    let read = |change: fn(&mut Vec<u8>)| {
        let mut payload = payload.clone();
        change(&mut payload);
        ReplyReader::read_owned(INDEX, &mut payload, field::<String>).map(drop).map_err(|error| error.kind())
    };
    assert_eq!(read(|_| ()), Ok(()));
    assert_eq!(read(|payload| payload[0] += 1), Err(CodecErrorKind::WrongReply));
    assert_eq!(read(|payload| payload.push(0)), Err(CodecErrorKind::TrailingBytes));
    assert_eq!(read(|payload| payload.truncate(1 << 20)), Err(CodecErrorKind::Truncated));
    assert_eq!(read(|payload| payload[9] = 0xff), Err(CodecErrorKind::Malformed));
}
