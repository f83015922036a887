//! What is encoded decodes to the same value, and is byte for byte what bincode alone would write, but for lists of integers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use serde::de::DeserializeOwned;

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    id: u64,
    unit: (),
    name: Option<String>,
    position: Position,
    tags: BTreeSet<String>,
    trees: Vec<Tree>,
    outcome: Result<Kind, Wrapped>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Position(f64, f64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Wrapped(i128);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Empty;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Kind {
    Unit,
    Newtype(Empty),
    Tuple(u8, char),
    Struct { flag: bool },
}

fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Result<(), TestCaseError> {
    let payload = encoded(value);
    let plain = bincode::serde::encode_to_vec(value, bincode::config::standard());
    prop_assert_eq!(&payload, &plain.unwrap());
    prop_assert_eq!(&decode::<T>(&payload).unwrap(), value);
    Ok(())
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![Just(Tree::Leaf), any::<i64>().prop_map(Tree::Number)];
    leaf.prop_recursive(12, 48, 4, |tree| {
        prop_oneof![
            tree.clone().prop_map(|tree| Tree::Deep(Box::new(tree))),
            (tree.clone(), tree.clone())
                .prop_map(|(left, right)| Tree::Both(Box::new(left), Box::new(right))),
            (any::<String>(), proptest::option::of(tree.clone()))
                .prop_map(|(name, maybe)| Tree::Named { name, maybe: maybe.map(Box::new) }),
            vec(tree, 0..4).prop_map(Tree::Many),
        ]
    })
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Unit),
        Just(Kind::Newtype(Empty)),
        any::<(u8, char)>().prop_map(|(number, letter)| Kind::Tuple(number, letter)),
        any::<bool>().prop_map(|flag| Kind::Struct { flag }),
    ]
}

fn records() -> impl Strategy<Value = Record> {
    let outcomes = prop_oneof![kinds().prop_map(Ok), any::<i128>().prop_map(|number| Err(Wrapped(number)))];
    let numbers = (any::<u64>(), -1e9..1e9, -1e9..1e9);
    let texts = (any::<Option<String>>(), btree_set(any::<String>(), 0..4));
    (numbers, texts, vec(trees(), 0..3), outcomes).prop_map(|((id, x, y), (name, tags), trees, outcome)| {
        Record { id, unit: (), name, position: Position(x, y), tags, trees, outcome }
    })
}

proptest! {
    #[test]
    fn numbers(
        unsigned in any::<(u8, u16, u32, u64, u128, usize)>(),
        signed in any::<(i8, i16, i32, i64, i128, isize)>(),
        others in (any::<bool>(), any::<char>(), -1e30_f32..1e30, -1e300..1e300),
    ) {
        round_trip(&unsigned)?;
        round_trip(&signed)?;
        round_trip(&others)?;
    }

    #[test]
    fn texts_and_collections(
        text in any::<String>(),
        bytes in any::<Vec<u8>>(),
        map in btree_map(any::<u16>(), any::<Option<String>>(), 0..9),
        nested in vec(vec(any::<Option<Option<u32>>>(), 0..5), 0..5),
        array in any::<[u8; 7]>(),
    ) {
        round_trip(&text)?;
        round_trip(&bytes)?;
        round_trip::<BTreeMap<_, _>>(&map)?;
        round_trip(&nested)?;
        round_trip(&array)?;
        round_trip(&vec![(); nested.len()])?;
    }

    #[test]
    fn structs_and_enums(record in records()) {
        round_trip(&record)?;
    }
}

#[test]
fn text_and_bytes_are_borrowed_from_the_payload() {
    let payload = encoded(&("text", b"bytes", vec!["in", "a"]));
    let (text, _, texts) = decode::<(&str, [u8; 5], Vec<&str>)>(&payload).unwrap();
    let place = payload.as_ptr_range();
    for text in texts.into_iter().chain([text]) {
        assert!(place.contains(&text.as_ptr()));
    }
}

#[test]
fn values_are_appended() {
    let mut payload = encoded(&1_u8);
    encode(&2_u8, &mut payload).unwrap();
    Encode::encode(&3_u8 as &dyn Encode, &mut payload).unwrap();
    assert_eq!(payload, [1, 2, 3]);
}
