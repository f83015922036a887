//! Payloads whose last part is in a buffer of its own: what is read is what the whole says.

use std::borrow::Cow;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::carry::bytes;
use crate::carry::portable::Portable;
use crate::codec::{self, Last, ReplyReader, ReplyWriter, Source};

#[derive(Deserialize, PartialEq, Debug)]
struct Bytes(u8, String, #[serde(with = "crate::carry::bytes")] Vec<u8>);

#[derive(Deserialize, PartialEq, Debug)]
struct MaybeBytes(u8, #[serde(with = "crate::carry::bytes")] Option<Vec<u8>>);

#[derive(Deserialize, PartialEq, Debug)]
struct Numbers(u8, String, #[serde(with = "crate::carry::numbers")] Vec<u16>);

/// Reads it in one piece, and in two wherever it is cut.
fn check<T: for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(payload: &[u8]) {
    let whole = codec::decode::<T>(payload).map_err(|error| error.to_string());
    for at in 0..=payload.len() {
        let last = Last::new(payload[at..].to_vec());
        let parted = Source::parted(&payload[..at], &last).decode::<T>();
        match (&whole, parted) {
            (Ok(whole), Ok(parted)) => assert_eq!(&parted, whole, "{payload:?} at {at}"),
            (Err(_), Err(_)) => {}
            (whole, parted) => panic!("{payload:?} at {at}: {whole:?}, {parted:?}"),
        }
    }
}

proptest! {
    #[test]
    fn a_payload_says_the_same_in_two_pieces(bytes in vec(any::<u8>(), 0..12), small in vec(0_u8..5, 0..12)) {
        for payload in [&bytes, &small] {
            check::<Bytes>(payload);
            check::<MaybeBytes>(payload);
            check::<Numbers>(payload);
            check::<(u8, String, Vec<u8>)>(payload);
            check::<(u8, String)>(payload);
            check::<(Cow<'static, str>, Vec<String>)>(payload);
        }
    }
}

#[test]
fn whoever_wants_to_own_the_last_part_has_its_buffer_and_others_look_into_it() {
    let tail = b"tail".to_vec();
    let place = tail.as_ptr();
    let last = Last::new(tail);
    let owned: Bytes = Source::parted(&[7, 1, b'a', 4], &last).decode().unwrap();
    assert_eq!((owned.0, &*owned.1, &*owned.2, owned.2.as_ptr()), (7, "a", &b"tail"[..], place));
    assert_eq!(last.into_buffer(), None);

    let last = Last::new(owned.2);
    let lent: (u8, &str) = Source::parted(&[7, 4], &last).decode().unwrap();
    assert_eq!((lent.1, lent.1.as_ptr()), ("tail", place));
    assert_eq!(last.into_buffer().map(|buffer| buffer.as_ptr()), Some(place));
}

#[test]
fn a_value_without_its_last_bytes_is_written_with_their_length() {
    let mut head = Vec::new();
    let mut fields = ReplyWriter::new(3, &mut head).unwrap().with_tail(70_000);
    Some(Vec::<u8>::new()).write_field(bytes::Form, &mut fields).unwrap();
    serde::ser::SerializeTupleVariant::end(fields).unwrap();

    let mut whole = Vec::new();
    let mut fields = ReplyWriter::new(3, &mut whole).unwrap();
    Some(vec![7_u8; 70_000]).write_field(bytes::Form, &mut fields).unwrap();
    serde::ser::SerializeTupleVariant::end(fields).unwrap();
    assert_eq!([&*head, &[7; 70_000]].concat(), whole);

    let (read, _) = ReplyReader::read_parted(3, &head, Last::new(vec![7; 70_000]), |fields| {
        <Option<Vec<u8>> as Portable<_>>::read_field(bytes::Form, fields)
    });
    assert_eq!(read.unwrap(), Some(vec![7; 70_000]));

    let mut ends_otherwise = vec![3, 1];
    let refused = codec::note_tail(&mut ends_otherwise, 70_000).unwrap_err();
    assert_eq!(refused.to_string(), "cannot encode: it does not end in its bytes");
}
