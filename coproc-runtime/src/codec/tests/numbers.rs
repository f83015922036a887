//! Integers have as many bytes as they need, and all of them as elements of a sequence.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::ser::{Error as _, Serializer};

use super::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
struct Id(u32);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Point {
    x: i64,
    name: u16,
}

#[test]
fn the_wire_of_lists_of_integers() {
    assert_eq!(encoded(&[1_u8, 2]), [1, 2]);
    assert_eq!(encoded(&vec![1_u8, 255]), [2, 1, 255]);
    assert_eq!(encoded(&vec![1_u16, 2]), [2, 1, 0, 2, 0]);
    assert_eq!(encoded(&vec![Id(1), Id(2)]), [2, 1, 0, 0, 0, 2, 0, 0, 0]);
    assert_eq!(encoded(&vec![-1_i16]), [1, 255, 255]);
    assert_eq!(encoded(&BTreeSet::from([3_u16])), [1, 3, 0]);
    assert_eq!(encoded(&vec![vec![1_u16], vec![]]), [2, 1, 1, 0, 0]);
    assert_eq!(encoded(&vec![true, false]), [2, 1, 0]);
    // What stands in something else than the list itself is no element of it.
    assert_eq!(encoded(&vec![Some(1_u16)]), [1, 1, 1]);
    assert_eq!(encoded(&vec![(1_u16, -1_i32)]), [1, 1, 1]);
    assert_eq!(encoded(&vec![[1_u16; 2]]), [1, 1, 1]);
    assert_eq!(encoded(&vec![Point { x: 1, name: 3 }]), [1, 2, 3]);
    assert_eq!(encoded(&BTreeMap::from([(1_u16, 2_u64)])), [1, 1, 2]);
    assert_eq!(encoded(&vec![BTreeMap::from([(1_u16, 2_u64)])]), [1, 1, 1, 2]);
}

#[test]
fn one_integer_is_what_bincode_writes() {
    for number in (-300..300_i16).chain([i16::MIN, i16::MAX]) {
        let wide = i128::from(number) * 0x1_0001_0001_0001;
        let values = (number, i32::from(number), i64::from(number), i128::from(number), wide);
        let unsigned = number.cast_unsigned();
        let values = (values, unsigned, u32::from(unsigned), u64::from(unsigned), u128::from(unsigned));
        let payload = encoded(&values);
        assert_eq!(payload, bincode::serde::encode_to_vec(values, bincode::config::standard()).unwrap());
        assert_eq!(decode::<((i16, i32, i64, i128, i128), u16, u32, u64, u128)>(&payload).unwrap(), values);
    }
}

fn crosses<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Result<(), TestCaseError> {
    prop_assert_eq!(&decode::<T>(&encoded(value)).unwrap(), value);
    Ok(())
}

proptest! {
    #[test]
    fn lists_of_numbers(
        unsigned in (any::<Vec<u8>>(), any::<Vec<u16>>(), any::<Vec<u32>>(), any::<Vec<u64>>(), any::<Vec<u128>>()),
        signed in (any::<Vec<i8>>(), any::<Vec<i16>>(), any::<Vec<i32>>(), any::<Vec<i64>>(), any::<Vec<i128>>()),
        others in (any::<Vec<bool>>(), any::<Vec<char>>(), any::<Vec<usize>>(), vec(-1e300..1e300, 0..9)),
        nested in vec((any::<u64>(), any::<Vec<i16>>(), any::<Option<Vec<u32>>>()), 0..5),
        ids in vec(any::<u32>().prop_map(Id), 0..9),
    ) {
        crosses(&unsigned)?;
        crosses(&signed)?;
        crosses(&others)?;
        crosses(&nested)?;
        crosses(&ids)?;
        crosses(&ids.iter().copied().collect::<HashSet<_>>())?;
        crosses(&ids.iter().copied().collect::<VecDeque<_>>())?;
        crosses(&ids.iter().map(|id| (*id, vec![*id])).collect::<BTreeMap<_, _>>())?;
        crosses(&ids.iter().map(|id| Point { x: id.0.into(), name: 7 }).collect::<Vec<_>>())?;
    }
}

/// A number of either width, text, or an error.
#[derive(Clone, Copy)]
enum Odd {
    Narrow,
    Wide,
    Text,
    Fails,
}

impl Serialize for Odd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Odd::Narrow => serializer.serialize_u16(1),
            Odd::Wide => serializer.serialize_u64(1),
            Odd::Text => serializer.serialize_str("one"),
            Odd::Fails => Err(S::Error::custom("no number today")),
        }
    }
}

#[test]
fn a_number_beside_others_of_another_width_is_refused_by_encode() {
    for odd in [Odd::Wide, Odd::Text] {
        let error = encode_error(&vec![Odd::Narrow, Odd::Narrow, odd]);
        assert_eq!(error.kind(), CodecErrorKind::Unsupported);
        assert!(
            error
                .to_string()
                .starts_with("cannot encode [2]: a sequence of numbers holds one of another width")
        );
    }
    for list in [vec![Odd::Narrow, Odd::Fails], vec![Odd::Text, Odd::Fails]] {
        assert_eq!(encode_error(&list).to_string(), "cannot encode [1]: no number today");
    }
}
