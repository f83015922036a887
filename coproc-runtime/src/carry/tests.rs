//! Borrowed arguments, bytes and names, from one side of the codec to the other.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::*;
use crate::codec;

/// The value's payload.
pub(super) fn encoded<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut payload = Vec::new();
    codec::encode(value, &mut payload).unwrap();
    payload
}

/// The value after it has crossed in the form `F`.
pub(super) fn crossed<F, T: SerializeAs<F> + for<'de> DeserializeAs<'de, F>>(value: &T) -> T {
    let payload = encoded(&form::Written::<F, T>::new(value));
    codec::decode::<form::Read<F, T>>(&payload).unwrap().into_inner()
}

/// Whether `part` lies in `payload`: whether it was borrowed, not copied.
fn lies_in(payload: &[u8], part: &[u8]) -> bool {
    let payload = payload.as_ptr_range();
    let part = part.as_ptr_range();
    payload.start <= part.start && part.end <= payload.end
}

/// A user's type with nothing but serde.
#[derive(Serialize, Deserialize)]
struct User {
    id: u64,
}

#[derive(Serialize, Deserialize)]
enum Request<'a> {
    Text {
        #[serde(borrow)]
        text: Ref<'a, str>,
    },
    Open {
        #[serde(borrow)]
        file: Ref<'a, Path>,
        #[serde(borrow)]
        name: Ref<'a, OsStr>,
    },
    Names {
        #[serde(borrow)]
        names: Ref<'a, [&'a str]>,
    },
    Map {
        #[serde(borrow)]
        map: Ref<'a, HashMap<&'a str, &'a str>>,
    },
    Maybe {
        #[serde(borrow)]
        user: Option<Ref<'a, User>>,
    },
    Users {
        #[serde(borrow)]
        users: Ref<'a, [User]>,
        own: String,
    },
    Blobs {
        #[serde(borrow, with = "super::bytes")]
        blobs: Ref<'a, [&'a [u8]]>,
        #[serde(borrow, with = "super::bytes")]
        vector: Option<Ref<'a, Vec<u8>>>,
    },
    Bytes {
        #[serde(with = "super::bytes")]
        slice: &'a [u8],
        #[serde(with = "super::bytes")]
        maybe: Option<&'a [u8]>,
        #[serde(borrow, with = "super::bytes")]
        cow: Cow<'a, [u8]>,
        #[serde(with = "super::bytes")]
        nested: Option<Result<Box<[u8]>, String>>,
    },
    Paths {
        #[serde(with = "super::path")]
        owned: Vec<PathBuf>,
        #[serde(borrow, with = "super::path")]
        maybe: Option<Ref<'a, Path>>,
        #[serde(borrow, with = "super::path")]
        lent: Ref<'a, [&'a Path]>,
        #[serde(borrow, with = "super::path")]
        cow: Cow<'a, Path>,
    },
}

#[derive(Serialize, Deserialize)]
enum Reply {
    Blob(#[serde(with = "super::bytes")] Result<Vec<u8>, u8>),
    Path(#[serde(with = "super::path")] Option<PathBuf>),
}

/// The name of a file that is not UTF-8, where there are such names.
fn latin1() -> PathBuf {
    #[cfg(unix)]
    let name = <OsString as std::os::unix::ffi::OsStringExt>::from_vec(b"caf\xe9".to_vec());
    #[cfg(not(unix))]
    let name = OsString::from("café");
    PathBuf::from(name)
}

#[test]
fn text_is_lent_out_of_the_payload() {
    let payload = encoded(&Request::Text { text: Ref::from("hello") });
    let Ok(Request::Text { text }) = codec::decode(&payload) else { panic!() };
    assert_eq!(&*text, "hello");
    assert!(lies_in(&payload, text.as_bytes()));
}

#[test]
fn names_that_are_not_utf_8_are_lent_out_of_the_payload() {
    let latin1 = latin1();
    let payload = encoded(&Request::Open { file: Ref::from(&*latin1), name: Ref::from(latin1.as_os_str()) });
    let Ok(Request::Open { file, name }) = codec::decode(&payload) else { panic!() };
    assert_eq!(&*file, latin1);
    assert_eq!(&*name, latin1);
    assert!(lies_in(&payload, file.as_os_str().as_encoded_bytes()));
    assert!(lies_in(&payload, name.as_encoded_bytes()));
}

#[test]
fn slices_and_maps_of_borrowed_text() {
    let payload = encoded(&Request::Names { names: Ref::from(&["a", "bc"][..]) });
    let Ok(Request::Names { names }) = codec::decode(&payload) else { panic!() };
    assert_eq!(*names, ["a", "bc"]);
    assert!(names.iter().all(|name| lies_in(&payload, name.as_bytes())));

    let lent = HashMap::from([("key", "value")]);
    let payload = encoded(&Request::Map { map: Ref::from(&lent) });
    let Ok(Request::Map { map }) = codec::decode(&payload) else { panic!() };
    assert_eq!(*map, lent);
    assert!(lies_in(&payload, map["key"].as_bytes()));
}

#[test]
fn types_that_have_nothing_but_serde() {
    let payload = encoded(&Request::Maybe { user: Some(Ref::from(&User { id: 7 })) });
    let Ok(Request::Maybe { user }) = codec::decode(&payload) else { panic!() };
    assert_eq!(user.as_deref().map(|user| user.id), Some(7));

    let users = [User { id: 1 }, User { id: 2 }];
    let payload = encoded(&Request::Users { users: Ref::from(&users[..]), own: "own".into() });
    let Ok(Request::Users { users, own }) = codec::decode(&payload) else { panic!() };
    assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(own, "own");
}

#[test]
fn a_reference_is_written_as_what_it_refers_to() {
    assert_eq!(encoded(&Ref::from("text")), encoded("text"));
    assert_eq!(encoded(&Ref::from(&[1_u16, 2][..])), encoded(&vec![1_u16, 2]));
    assert_eq!(encoded(&Ref::from(Path::new("a/b"))), encoded(Path::new("a/b")));
    assert_eq!(encoded(&Ref::from(&User { id: 7 })), encoded(&User { id: 7 }));
    assert_eq!(format!("{:?}", Ref::from("text")), r#""text""#);
}

#[test]
fn borrowed_bytes_are_lent_out_of_the_payload() {
    let (blobs, vector) = ([&b"one"[..], b"two"], b"three".to_vec());
    let payload = encoded(&Request::Blobs { blobs: Ref::from(&blobs[..]), vector: Some(Ref::from(&vector)) });
    let Ok(Request::Blobs { blobs: held, vector: held_vector }) = codec::decode(&payload) else { panic!() };
    assert_eq!(*held, blobs);
    assert!(held.iter().all(|blob| lies_in(&payload, blob)));
    assert_eq!(held_vector.as_deref(), Some(&vector));

    let payload = encoded(&Request::Bytes {
        slice: b"slice",
        maybe: Some(b"maybe"),
        cow: Cow::Borrowed(b"cow"),
        nested: Some(Ok(Box::new(*b"nested"))),
    });
    let Ok(Request::Bytes { slice, maybe, cow, nested }) = codec::decode(&payload) else { panic!() };
    assert_eq!((slice, maybe), (&b"slice"[..], Some(&b"maybe"[..])));
    assert!(lies_in(&payload, slice) && lies_in(&payload, maybe.unwrap()));
    assert!(matches!(cow, Cow::Borrowed(cow) if lies_in(&payload, cow)));
    assert_eq!(nested, Some(Ok(b"nested"[..].into())));
}

/// Written and read as bytes and as serde has it, crosswise.
fn has_the_same_wire<T>(value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
    T: SerializeAs<bytes::Form> + for<'de> DeserializeAs<'de, bytes::Form>,
{
    #[derive(Serialize, Deserialize)]
    #[serde(bound = "T: SerializeAs<bytes::Form> + for<'a> DeserializeAs<'a, bytes::Form>")]
    struct InOnePiece<T>(#[serde(with = "super::bytes")] T);
    #[derive(Serialize)]
    struct Lent<'a, T: SerializeAs<bytes::Form>>(#[serde(serialize_with = "super::bytes::serialize")] &'a T);

    let payload = encoded(value);
    assert_eq!(encoded(&Lent(value)), payload);
    assert_eq!(&codec::decode::<InOnePiece<T>>(&payload).unwrap().0, value);
    assert_eq!(&codec::decode::<T>(&payload).unwrap(), value);
}

#[test]
fn bytes_have_the_same_wire_as_plain_serde() {
    let bytes = || vec![0_u8, 7, 250, 251, 255];
    has_the_same_wire(&bytes());
    has_the_same_wire(&vec![1_u8; 70_000]);
    has_the_same_wire(&bytes().into_boxed_slice());
    has_the_same_wire(&Box::new(bytes()));
    has_the_same_wire(&Some(bytes()));
    has_the_same_wire(&None::<Vec<u8>>);
    has_the_same_wire(&Ok::<_, String>(Some(bytes())));
    has_the_same_wire(&Err::<Vec<u8>, _>(String::from("error")));
    has_the_same_wire(&Some(Ok::<_, ()>(Box::new(bytes()))));
    has_the_same_wire(&vec![bytes(), vec![], bytes()]);
}

#[test]
fn names_that_are_not_utf_8_inside_other_types() {
    let latin1 = latin1();
    let payload = encoded(&Request::Paths {
        owned: vec![latin1.clone(), "b".into()],
        maybe: Some(Ref::from(&*latin1)),
        lent: Ref::from(&[&*latin1][..]),
        cow: Cow::Borrowed(&latin1),
    });
    let Ok(Request::Paths { owned, maybe, lent, cow }) = codec::decode(&payload) else { panic!() };
    assert_eq!(owned, [latin1.clone(), "b".into()]);
    assert_eq!(maybe.as_deref(), Some(&*latin1));
    assert_eq!(*lent, [&*latin1]);
    assert!(matches!(cow, Cow::Borrowed(path) if path == latin1));
}

#[test]
fn replies() {
    let payload = encoded(&Reply::Blob(Ok(vec![1, 2, 3])));
    assert!(matches!(codec::decode(&payload), Ok(Reply::Blob(Ok(bytes))) if bytes == [1, 2, 3]));
    let payload = encoded(&Reply::Path(Some(latin1())));
    assert!(matches!(codec::decode(&payload), Ok(Reply::Path(Some(path))) if path == latin1()));
}

#[test]
fn a_name_has_the_same_wire_as_its_text() {
    #[derive(Serialize, Deserialize)]
    struct Named(#[serde(with = "super::path")] OsString, #[serde(with = "super::path")] Box<Path>);

    let payload = encoded(&("a", "b/c"));
    let Named(name, path) = codec::decode(&payload).unwrap();
    assert_eq!((&*name, &*path), (OsStr::new("a"), Path::new("b/c")));
    assert_eq!(encoded(&Named(name, path)), payload);
}
