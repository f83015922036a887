//! What a trait demands of its parameters, and what it leaves open: `?Sized`, `Rhs = Self`, a type for several others.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt::{self, Debug, Display};
use std::hash::Hash;
use std::ops::AddAssign;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{remote, same};

/// Implemented by one type for several others: `Rhs = Self` is never one of them.
#[coproc::worker]
trait Merge<Rhs: ?Sized = Self, Options = ()> {
    fn merge(&mut self, other: &Rhs, options: Options) -> bool;
    fn merge_all(&mut self, others: &[&Rhs]) -> usize;
}

#[derive(Default)]
struct Text(String);

impl Merge<str> for Text {
    fn merge(&mut self, other: &str, (): ()) -> bool {
        self.0.push_str(other);
        !other.is_empty()
    }
    fn merge_all(&mut self, others: &[&str]) -> usize {
        others.iter().filter(|&&other| self.merge(other, ())).count()
    }
}

impl Merge<[u32], bool> for Text {
    fn merge(&mut self, other: &[u32], reverse: bool) -> bool {
        let chars: String = other.iter().filter_map(|number| char::from_u32(*number)).collect();
        self.0 = if reverse { chars + &self.0 } else { std::mem::take(&mut self.0) + &chars };
        self.0.len() > 4
    }
    fn merge_all(&mut self, others: &[&[u32]]) -> usize {
        others.iter().filter(|&&other| self.merge(other, false)).count()
    }
}

impl Merge<char, u8> for Text {
    fn merge(&mut self, other: &char, times: u8) -> bool {
        self.0.extend((0..times).map(|_| *other));
        self.0.len() > 4
    }
    fn merge_all(&mut self, others: &[&char]) -> usize {
        self.0.extend(others.iter().copied());
        self.0.len()
    }
}

#[test]
fn one_type_with_several_parameters() {
    let (mut here, there) = (Text::default(), remote(MergeWorker::<_, str, ()>(Text::default())));
    same!(here, there => merge("one", ()), merge("", ()), merge_all(&["a", "", "b"]));
    let (mut here, there) = (Text::default(), remote(MergeWorker::<_, [u32], bool>(Text::default())));
    let here: &mut dyn Merge<[u32], bool> = &mut here;
    let lists: [&[u32]; 3] = [&[100], &[], &[u32::MAX]];
    same!(here, there => merge(&[97, 98][..], true), merge(&[99][..], false), merge_all(&lists));
    let (mut here, there) = (Text::default(), remote(MergeWorker::<_, char, u8>(Text::default())));
    same!(here, there => merge(&'c', 3), merge_all(&[&'d', &'e']));
}

/// What is demanded of the parameters, in every place where it can be.
#[coproc::worker]
trait Tally<Q, Key, Count = u64>: Debug + Display
where
    Key: Hash + Eq + Borrow<Q> + Serialize + DeserializeOwned,
    for<'q> &'q Q: PartialEq,
    Q: Ord,
    Count: Copy + Default + AddAssign + From<u8>,
    Vec<Key>: Clone,
    Self: Sized,
{
    fn count(&mut self, key: Key) -> Count;
    fn count_of(&self, query: &Q) -> Option<&Count>
    where
        Count: PartialOrd;
    fn most(&self) -> Option<(&Key, Count)>
    where
        Count: Ord,
        Self: Sized;
    fn counts(&self) -> HashMap<Key, Count>
    where
        Key: Clone,
        Self: Send;
    fn total(&self, between: (Q, Q)) -> Count;
}

#[derive(Debug, Default)]
struct Bag(HashMap<String, u64>);

impl Display for Bag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} keys", self.0.len())
    }
}

impl Tally<String, String> for Bag {
    fn count(&mut self, key: String) -> u64 {
        let count = self.0.entry(key).or_default();
        *count += 1;
        *count
    }
    fn count_of(&self, query: &String) -> Option<&u64> {
        self.0.get(query)
    }
    fn most(&self) -> Option<(&String, u64)> {
        self.0.iter().map(|(key, count)| (key, *count)).max_by_key(|(_, count)| *count)
    }
    fn counts(&self) -> HashMap<String, u64> {
        self.0.clone()
    }
    fn total(&self, (from, to): (String, String)) -> u64 {
        self.0.iter().filter(|(key, _)| (&from..=&to).contains(key)).map(|(_, count)| count).sum()
    }
}

#[test]
fn demands_in_every_place() {
    let (mut here, there) = (Bag::default(), remote(TallyWorker(Bag::default())));
    for word in ["be", "or", "be", "to"] {
        same!(here, there => count(word.to_owned()));
    }
    same!(here, there => counts(), total(("c".to_owned(), "z".to_owned())));
    for word in ["be", "is"] {
        let word = word.to_owned();
        assert_eq!(there.count_of(&word).unwrap().as_ref(), here.count_of(&word));
    }
    let most = there.most().unwrap();
    assert_eq!(most.as_ref().map(|(key, count)| (key, *count)), here.most());
}
