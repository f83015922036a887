//! An error tells where in the value it arose, in either direction.

use std::collections::BTreeMap;

use serde::ser::Error;

use super::*;

#[derive(Debug, Serialize, Deserialize)]
enum Request<'a> {
    Stop,
    Search { query: &'a str, options: Options },
    Mark(u8, Picky),
    Rename(Picky),
}

#[derive(Debug, Serialize, Deserialize)]
struct Options {
    limit: Option<u32>,
    marks: Vec<Wrapped>,
    named: BTreeMap<Picky, (u8, Picky)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Wrapped(Picky);

/// A type whose own code refuses 13, in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "u8")]
struct Picky(u8);

impl Serialize for Picky {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = u8::try_from(*self).map_err(S::Error::custom)?;
        serializer.serialize_u8(number)
    }
}

impl TryFrom<Picky> for u8 {
    type Error = &'static str;
    fn try_from(picky: Picky) -> Result<Self, Self::Error> {
        if picky.0 == 13 { Err("no 13, please") } else { Ok(picky.0) }
    }
}

impl TryFrom<u8> for Picky {
    type Error = &'static str;
    fn try_from(number: u8) -> Result<Self, Self::Error> {
        u8::try_from(Picky(number)).map(Picky)
    }
}

fn search(marks: &[u8], named: &[(u8, u8)]) -> Request<'static> {
    let options = Options {
        limit: None,
        marks: marks.iter().map(|&mark| Wrapped(Picky(mark))).collect(),
        named: named.iter().map(|&(key, value)| (Picky(key), (0, Picky(value)))).collect(),
    };
    Request::Search { query: "q", options }
}

#[test]
fn the_same_place_in_both_directions() {
    let places = [
        (search(&[1, 2, 13], &[]), "Request::Search.options.marks[2]"),
        (search(&[], &[(5, 0), (13, 0)]), "Request::Search.options.named{key 1}"),
        (search(&[], &[(5, 0), (7, 13)]), "Request::Search.options.named{value 1}.1"),
        (Request::Mark(0, Picky(13)), "Request::Mark.1"),
        (Request::Rename(Picky(13)), "Request::Rename"),
    ];
    for (request, place) in places {
        let error = encode_error(&request);
        assert_eq!(error.to_string(), format!("cannot encode {place}: no 13, please"));
        assert_eq!(error.kind(), CodecErrorKind::Custom);

        // The bytes that the same request has while 13 is as good as any number.
        let mut payload = encoded(&with_12_for_13(&request));
        for byte in &mut payload {
            *byte += u8::from(*byte == 12);
        }
        let error = decode_error::<Request<'_>>(&payload);
        assert_eq!(error.to_string(), format!("cannot decode {place}: no 13, please"));
        assert_eq!(error.kind(), CodecErrorKind::Custom);
    }
}

fn with_12_for_13(request: &Request<'_>) -> Request<'static> {
    let allowed = |picky: &Picky| picky.0 - u8::from(picky.0 == 13);
    match request {
        Request::Stop => Request::Stop,
        Request::Search { options, .. } => {
            let marks: Vec<_> = options.marks.iter().map(|wrapped| allowed(&wrapped.0)).collect();
            let named: Vec<_> =
                options.named.iter().map(|(key, (_, value))| (allowed(key), allowed(value))).collect();
            search(&marks, &named)
        }
        Request::Mark(number, picky) => Request::Mark(*number, Picky(allowed(picky))),
        Request::Rename(picky) => Request::Rename(Picky(allowed(picky))),
    }
}

#[test]
fn the_codec_s_own_failures_have_a_place_too() {
    let payload = encoded(&search(&[1, 2], &[]));
    let ends = |length: usize| decode_error::<Request<'_>>(&payload[..length]).to_string();
    assert_eq!(ends(0), "cannot decode Request: the payload ends 1 byte too early");
    assert_eq!(ends(1), "cannot decode Request::Search.query: the payload ends 1 byte too early");
    assert_eq!(ends(3), "cannot decode Request::Search.options.limit: the payload ends 1 byte too early");
    assert_eq!(ends(6), "cannot decode Request::Search.options.marks[1]: the payload ends 1 byte too early");

    let unknown_variant = decode_error::<Request<'_>>(&[9]).to_string();
    assert_eq!(
        unknown_variant,
        "cannot decode Request: invalid value: integer `9`, expected variant index 0 <= i < 4"
    );
    assert_eq!(
        decode_error::<Vec<Request<'_>>>(&[2, 0, 3]).to_string(),
        "cannot decode [1]::Rename: the payload ends 1 byte too early"
    );
}

#[test]
fn a_very_long_place_is_cut_short() {
    let error = decode_error::<Tree>(&[2; 200]);
    let variants = "::Deep".repeat(16);
    assert!(error.to_string().starts_with(&format!("cannot decode Tree{variants}…: ")), "{error}");
}

#[test]
fn wrong_reply() {
    let error = CodecError::wrong_reply();
    assert_eq!(error.kind(), CodecErrorKind::WrongReply);
    assert_eq!(error.to_string(), "cannot decode: the reply is that of another method");
}

#[test]
fn the_error_may_be_passed_around() {
    fn shared<E: std::error::Error + Send + Sync + Clone + 'static>() {}
    shared::<CodecError>();
    assert_eq!(size_of::<CodecError>(), size_of::<usize>());
}
