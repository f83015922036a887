//! A few bytes that would cost a trusting decoder its memory, its stack or its time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use serde::de::{Deserializer, SeqAccess, Visitor};

use super::*;

/// bincode's form of a number above 2³².
fn number(value: u64) -> Vec<u8> {
    [&[253], &value.to_le_bytes()[..]].concat()
}

#[test]
fn a_length_of_two_to_the_46() {
    let attack = number(1 << 46);
    assert_eq!(decode_error::<String>(&attack).kind(), CodecErrorKind::Truncated);
    assert_eq!(decode_error::<&str>(&attack).kind(), CodecErrorKind::Truncated);
    assert_eq!(decode_error::<&[u8]>(&attack).kind(), CodecErrorKind::Truncated);
    assert_eq!(decode_error::<std::ffi::CString>(&attack).kind(), CodecErrorKind::Truncated);
    assert_eq!(decode_error::<Vec<u8>>(&attack).kind(), CodecErrorKind::TooManyElements);
    assert_eq!(decode_error::<Vec<[u64; 32]>>(&attack).kind(), CodecErrorKind::TooManyElements);
    assert_eq!(decode_error::<HashMap<u8, u8>>(&attack).kind(), CodecErrorKind::TooManyElements);
    let largest = number(u64::MAX);
    assert_eq!(decode_error::<String>(&largest).kind(), CodecErrorKind::Truncated);
    assert_eq!(decode_error::<Vec<u8>>(&largest).kind(), CodecErrorKind::TooManyElements);
}

#[test]
fn two_megabytes_of_nesting() {
    #[derive(Debug, Deserialize)]
    struct Sequences(#[expect(dead_code)] Vec<Sequences>);
    #[derive(Debug, Deserialize)]
    struct Options(#[expect(dead_code)] Option<Box<Options>>);
    #[derive(Debug, Deserialize)]
    struct Maps {
        #[expect(dead_code)]
        map: BTreeMap<u8, Maps>,
    }

    let attack = vec![1; 2_000_000];
    assert_eq!(decode_error::<Sequences>(&attack).kind(), CodecErrorKind::TooDeep);
    assert_eq!(decode_error::<Options>(&attack).kind(), CodecErrorKind::TooDeep);
    assert_eq!(decode_error::<Maps>(&attack).kind(), CodecErrorKind::TooDeep);
    for variant in [2, 3, 5] {
        let attack = vec![variant; 2_000_000];
        assert_eq!(decode_error::<Tree>(&attack).kind(), CodecErrorKind::TooDeep);
    }
}

#[test]
fn empty_elements_two_to_the_63_times() {
    #[derive(Debug, PartialEq, Eq, Hash, Deserialize)]
    struct Empty;

    let attack = number(1 << 63);
    assert_eq!(decode_error::<Vec<()>>(&attack).kind(), CodecErrorKind::TooManyElements);
    assert_eq!(decode_error::<HashSet<Empty>>(&attack).kind(), CodecErrorKind::TooManyElements);
    assert_eq!(decode_error::<HashMap<(), ()>>(&attack).kind(), CodecErrorKind::TooManyElements);
}

#[test]
fn the_elements_of_nested_sequences_add_up() {
    let two_times_40_000 =
        [&[2, 251][..], &40_000_u16.to_le_bytes(), &[251], &40_000_u16.to_le_bytes()].concat();
    let error = decode_error::<Vec<Vec<()>>>(&two_times_40_000);
    assert_eq!(error.kind(), CodecErrorKind::TooManyElements);
}

#[test]
fn empty_elements_up_to_the_allowance() {
    // The length itself takes five bytes.
    let most = vec![(); ELEMENT_ALLOWANCE + 5];
    assert_eq!(decode::<Vec<()>>(&encoded(&most)).unwrap(), most);

    let one_too_many = vec![(); ELEMENT_ALLOWANCE + 6];
    assert_eq!(encode_error(&one_too_many).kind(), CodecErrorKind::TooManyElements);
    let payload = bincode::serde::encode_to_vec(&one_too_many, bincode::config::standard()).unwrap();
    assert_eq!(decode_error::<Vec<()>>(&payload).kind(), CodecErrorKind::TooManyElements);
}

#[test]
fn depth_counts_what_the_bytes_decide() {
    #[derive(Serialize, Deserialize)]
    struct Node {
        next: Option<Box<Node>>,
    }
    fn list(length: usize) -> Node {
        (0..length).fold(Node { next: None }, |next, _| Node { next: Some(Box::new(next)) })
    }
    fn tree(height: usize) -> Tree {
        (0..height).fold(Tree::Leaf, |tree, _| Tree::Deep(Box::new(tree)))
    }
    fn plainly_encoded<T: Serialize>(value: &T) -> Vec<u8> {
        bincode::serde::encode_to_vec(value, bincode::config::standard()).unwrap()
    }

    decode::<Node>(&encoded(&list(DEPTH_LIMIT))).unwrap();
    decode::<Tree>(&encoded(&tree(DEPTH_LIMIT))).unwrap();

    assert_eq!(encode_error(&list(DEPTH_LIMIT + 1)).kind(), CodecErrorKind::TooDeep);
    assert_eq!(encode_error(&tree(DEPTH_LIMIT + 1)).kind(), CodecErrorKind::TooDeep);
    let (list, tree) = (plainly_encoded(&list(DEPTH_LIMIT + 1)), plainly_encoded(&tree(DEPTH_LIMIT + 1)));
    assert_eq!(decode_error::<Node>(&list).kind(), CodecErrorKind::TooDeep);
    assert_eq!(decode_error::<Tree>(&tree).kind(), CodecErrorKind::TooDeep);
}

#[test]
fn room_is_made_for_no_more_elements_than_there_are_bytes() {
    #[derive(Debug)]
    struct Hint(Option<usize>);
    impl<'de> Deserialize<'de> for Hint {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Hinted;
            impl<'de> Visitor<'de> for Hinted {
                type Value = Hint;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a sequence")
                }
                fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Hint, A::Error> {
                    let hint = sequence.size_hint();
                    while sequence.next_element::<()>()?.is_some() {}
                    Ok(Hint(hint))
                }
            }
            deserializer.deserialize_seq(Hinted)
        }
    }

    let announced_60_000 = [&[251][..], &60_000_u16.to_le_bytes()].concat();
    assert_eq!(decode::<Hint>(&announced_60_000).unwrap().0, Some(0));
    let (hint, _) = decode::<(Hint, [u8; 7])>(&[&announced_60_000[..], &[0; 7]].concat()).unwrap();
    assert_eq!(hint.0, Some(7));
}

#[test]
fn a_large_type_at_the_limit_fits_on_a_stack_of_two_mebibytes() {
    #[derive(Clone, Serialize, Deserialize)]
    struct Page {
        words: [u64; 32],
        more: [u64; 32],
        title: String,
        lines: Vec<String>,
        inner: Inner,
    }
    #[derive(Clone, Serialize, Deserialize)]
    enum Inner {
        None,
        One(Box<Page>),
    }

    let page =
        |inner| Page { words: [1; 32], more: [2; 32], title: "t".into(), lines: vec!["l".into()], inner };
    let book = (0..DEPTH_LIMIT - 1).fold(page(Inner::None), |book, _| page(Inner::One(Box::new(book))));
    let run = move || decode::<Page>(&encoded(&book)).map(drop);
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(run).unwrap();
    thread.join().unwrap().unwrap();
}
