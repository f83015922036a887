//! The table of shapes in the module's documentation, row by row.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, Visitor};
use serde::ser::Serializer;

use super::*;

fn refused(error: &CodecError, message: &str) {
    assert_eq!(error.kind(), CodecErrorKind::Unsupported);
    assert!(error.to_string().contains(message), "{error}");
}

#[test]
fn flatten_is_refused_by_encode() {
    #[derive(Serialize)]
    struct Outer {
        #[serde(flatten)]
        inner: Inner,
    }
    #[derive(Serialize)]
    struct Inner {
        number: u8,
    }
    #[derive(Serialize)]
    struct Request {
        outer: Outer,
    }

    let outer = Outer { inner: Inner { number: 1 } };
    refused(
        &encode_error(&Request { outer }),
        "cannot encode Request.outer: the map does not know its length before its end, as with `#[serde(flatten)]`",
    );
}

#[test]
fn a_field_left_out_is_refused_by_encode() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct User {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        id: u8,
    }
    #[derive(Serialize)]
    enum Request {
        Add {
            #[serde(skip_serializing_if = "Vec::is_empty")]
            tags: Vec<u8>,
        },
    }

    refused(
        &encode_error(&User { name: None, id: 1 }),
        "cannot encode User.name: a field is left out by `skip_serializing_if`",
    );
    refused(
        &encode_error(&Request::Add { tags: vec![] }),
        "cannot encode Request::Add.tags: a field is left out",
    );
    let there = User { name: Some("n".into()), id: 1 };
    assert_eq!(decode::<User>(&encoded(&there)).unwrap(), there);
}

#[test]
fn a_sequence_without_length_is_refused_by_encode() {
    struct Even;
    impl Serialize for Even {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq((0..9).filter(|number| number % 2 == 0))
        }
    }
    struct Squares;
    impl Serialize for Squares {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer
                .collect_map((0..9).filter(|number| number % 2 == 0).map(|number| (number, number * number)))
        }
    }

    refused(&encode_error(&Even), "Collect it into a `Vec` first");
    refused(&encode_error(&Squares), "collect the map first");
}

#[test]
fn an_untagged_enum_is_refused_by_decode() {
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Number(u8),
        Text(String),
    }
    #[derive(Debug, Serialize, Deserialize)]
    struct Request {
        value: Untagged,
    }

    for value in [Untagged::Number(1), Untagged::Text("t".into())] {
        refused(
            &decode_error::<Request>(&encoded(&Request { value })),
            "cannot decode Request.value: its type asks the data what it is",
        );
    }
}

#[test]
fn an_internally_tagged_enum_is_refused_by_decode() {
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        Unit,
        Struct { number: u8 },
    }

    for value in [Tagged::Unit, Tagged::Struct { number: 1 }] {
        refused(&decode_error::<Tagged>(&encoded(&value)), "Use a plain enum, or send the text");
    }
}

#[test]
fn an_adjacently_tagged_enum_is_refused_by_decode() {
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(tag = "kind", content = "content")]
    enum Tagged {
        Unit,
        Newtype(String),
        Struct { number: u8 },
    }

    for value in [Tagged::Unit, Tagged::Newtype("n".into()), Tagged::Struct { number: 3 }] {
        refused(
            &decode_error::<Tagged>(&encoded(&value)),
            "cannot decode Tagged.kind: its type asks the data what it is",
        );
    }
}

#[test]
fn a_type_that_asks_what_comes_is_refused_by_decode() {
    refused(
        &decode_error::<BTreeMap<u8, Anything>>(&[1, 2, 3]),
        "cannot decode {value 0}: its type asks the data what it is",
    );
    refused(&decode_error::<IgnoredAny>(&[1]), "send the text as a `String`");
}

#[derive(Debug)]
struct Anything;

impl<'de> Deserialize<'de> for Anything {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

impl Visitor<'_> for Anything {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }
}

#[test]
fn a_field_that_only_one_side_skips_does_not_cross() {
    #[derive(Debug, Serialize, Deserialize)]
    struct NotWritten {
        #[serde(skip_serializing)]
        #[expect(dead_code)]
        number: u64,
        text: String,
    }
    #[derive(Debug, Serialize, Deserialize)]
    struct NotRead {
        #[serde(skip_deserializing)]
        number: u64,
        text: String,
    }

    let text = String::from("t");
    decode_error::<NotWritten>(&encoded(&NotWritten { number: 1, text: text.clone() }));
    decode_error::<NotRead>(&encoded(&NotRead { number: 1, text }));
}

#[test]
fn attributes_that_work() {
    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Settings {
        #[serde(skip)]
        cache: Option<u8>,
        #[serde(rename = "n")]
        number_of_lines: u8,
        #[serde(default)]
        text: String,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum LastSkipped {
        First,
        Second(u8),
        #[serde(skip)]
        #[expect(dead_code)]
        Local(std::marker::PhantomData<u8>),
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(transparent)]
    struct Transparent {
        text: String,
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(from = "String", into = "String")]
    struct Converted(String);
    impl From<String> for Converted {
        fn from(text: String) -> Self {
            Converted(text)
        }
    }
    impl From<Converted> for String {
        fn from(converted: Converted) -> Self {
            converted.0
        }
    }

    let settings = Settings { cache: None, number_of_lines: 3, text: "t".into() };
    assert_eq!(decode::<Settings>(&encoded(&settings)).unwrap(), settings);
    for value in [LastSkipped::First, LastSkipped::Second(2)] {
        assert_eq!(decode::<LastSkipped>(&encoded(&value)).unwrap(), value);
    }
    let pair = (Transparent { text: "t".into() }, Converted("c".into()));
    assert_eq!(decode::<(Transparent, Converted)>(&encoded(&pair)).unwrap(), pair);
}
