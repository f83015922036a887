//! Traits that a macro makes, of fragments of every kind.
#![allow(clippy::ptr_arg, reason = "a macro takes any type")]

use crate::{remote, same};

/// A store of two types, with names, visibility and documentation chosen by whoever calls the macro.
macro_rules! store {
    ($(#[$meta:meta])* $vis:vis $name:ident<$lifetime:lifetime>($key:ty => $value:ty, $lent:ty) {
        $get:ident $put:ident $take:ident($argument:ident) $(, $extra:ident($($more:ident: $more_type:ty),*) $body:block)*
    } priority $priority:expr, limit $limit:literal) => {
        $(#[$meta])*
        #[coproc::worker]
        $vis trait $name {
            fn $get<$lifetime>(&self, $argument: &$lifetime $key) -> Option<$value>;
            fn $put<$lifetime>(&mut self, $argument: $key, lent: &$lifetime $lent, list: &$lifetime [$value]) -> usize;
            #[priority($priority)]
            fn $take(&mut self, $argument: Option<&$key>) -> Vec<($key, $value)>;
            fn limit(&self, array: [u8; $limit]) -> [$value; $limit];
            $( fn $extra(&mut self, $($more: $more_type),*) -> usize $body )*
        }
    };
}

store! {
    /// Made of fragments.
    #[allow(dead_code)]
    pub(crate) Cache<'c>(String => u64, str) {
        get put drain(key),
        add_up(first: &str, second: Option<&[u8]>, third: (u8, u8)) { first.len() + second.map_or(0, <[u8]>::len) + usize::from(third.0 + third.1) },
        nothing() { 0 }
    }
    priority -(1 + 2), limit 3
}

store! {
    Blobs<'blob>(u8 => Vec<u8>, [Vec<u8>]) { get_blob put_blob take(id) } priority i32::MIN, limit 40
}

#[derive(Default)]
struct Memory(Vec<(String, u64)>, Vec<(u8, Vec<u8>)>);

impl Cache for Memory {
    fn get(&self, key: &String) -> Option<u64> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| *value)
    }
    fn put(&mut self, key: String, lent: &str, list: &[u64]) -> usize {
        self.0.push((key + lent, list.iter().sum()));
        self.0.len()
    }
    fn drain(&mut self, key: Option<&String>) -> Vec<(String, u64)> {
        self.0.extract_if(.., |(known, _)| key.is_none_or(|key| known == key)).collect()
    }
    fn limit(&self, array: [u8; 3]) -> [u64; 3] {
        array.map(u64::from)
    }
}

impl Blobs for Memory {
    fn get_blob(&self, id: &u8) -> Option<Vec<u8>> {
        self.1.iter().find(|(known, _)| known == id).map(|(_, value)| value.clone())
    }
    fn put_blob(&mut self, id: u8, lent: &[Vec<u8>], list: &[Vec<u8>]) -> usize {
        self.1.push((id, [lent.concat(), list.concat()].concat()));
        self.1.len()
    }
    fn take(&mut self, id: Option<&u8>) -> Vec<(u8, Vec<u8>)> {
        self.1.extract_if(.., |(known, _)| id.is_none_or(|id| known == id)).collect()
    }
    fn limit(&self, array: [u8; 40]) -> [Vec<u8>; 40] {
        array.map(|byte| vec![byte])
    }
}

#[test]
fn a_macros_traits_are_served() {
    let (mut here, there) = (Memory::default(), remote(CacheWorker(Memory::default())));
    let key = "key".to_owned();
    same!(here, there =>
        get(&key), put("k".to_owned(), "ey", &[1, 2]), put(String::new(), "", &[]), get(&key), drain(Some(&key)), drain(None),
        add_up("four", Some(&[1]), (2, 3)), nothing(),
    );
    assert_eq!(there.limit([1; 3]).unwrap(), Cache::limit(&here, [1; 3]));
    let urgency = CacheRequest::Drain { key: None }.priority();
    assert_eq!(urgency, coproc::Priority::from(-3));

    let (mut here, there) = (Memory::default(), remote(BlobsWorker(Memory::default())));
    same!(here, there => put_blob(1, &[vec![1], vec![2]], &[vec![], vec![3]]), get_blob(&1), get_blob(&2), take(Some(&2)), take(None));
    assert_eq!(there.limit([1; 40]).unwrap(), Blobs::limit(&here, [1; 40]));
}

/// Names, types and whole methods that stand in the macro, where the caller has others of the same name.
macro_rules! counter {
    ($name:ident, $number:ty, $path:path, $($method:tt)*) => {
        type Number = $number;

        #[coproc::worker(crate = $path)]
        trait $name {
            fn add(&mut self, value: Number, by: $crate::macros::Step) -> $number;
            fn total(&self, value: &Number) -> Option<&Number>;
            $($method)*
        }

        impl $name for Vec<$number> {
            fn add(&mut self, value: Number, by: $crate::macros::Step) -> $number {
                self.push(value * <$number>::from(by.0));
                self.iter().sum()
            }
            fn total(&self, value: &Number) -> Option<&Number> {
                self.iter().find(|known| *known == value)
            }
        }

        fn both() -> (impl $name, coproc::Pending<$number>) {
            use coproc::Stub;
            let there = remote(Worker_::of(vec![]));
            (vec![], there.start().add(1, Step(2)))
        }
    };
}

#[derive(serde::Serialize, serde::Deserialize, Clone, Copy)]
pub(crate) struct Step(u8);

struct Worker_;

impl Worker_ {
    fn of<T>(value: T) -> CountWorker<T> {
        CountWorker(value)
    }
}

counter! {
    Count, u64, coproc,
    /// A method of the caller's.
    #[must_use]
    fn value(&self, value: &str, #[cfg(false)] none: Number, _: u8) -> usize {
        value.len()
    }
    #[norequest]
    fn forget(&mut self, value: Number) {
        let _ = value;
    }
}

#[test]
fn names_in_a_macro_are_its_own() {
    let (mut here, pending) = both();
    assert_eq!(pending.wait().unwrap(), here.add(1, Step(2)));
    let (mut here, there) = (Vec::new(), remote(Worker_::of(Vec::new())));
    same!(here, there => add(1, Step(2)), add(3, Step(0)), value("four", 1));
    assert_eq!(there.total(&2).unwrap(), here.total(&2).copied());
    assert_eq!(there.total(&9).unwrap(), here.total(&9).copied());
    there.forget(1).unwrap();
    here.forget(1);
}

/// A list of traits, each with a list of methods, as a macro of many services makes them.
macro_rules! services {
    ($($module:ident: $name:ident { $($method:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)? = $value:expr;)* })*) => {$(
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            #[coproc::worker(host = Remote, worker = Served, request = Question, reply = Answer, start = Later, norequest = Note)]
            pub(super) trait $name { $( fn $method(&self, $($argument: $type),*) $(-> $output)?; )* }

            pub(super) struct It;

            impl $name for It { $( fn $method(&self, $($argument: $type),*) $(-> $output)? { let _ = ($($argument,)*); $value } )* }
        }
    )*};
}

services! {
    first: First { one(a: &str) -> usize = a.len(); nothing() = (); two(a: u8, b: &[Step]) -> Vec<u8> = b.iter().map(|step| step.0 + a).collect(); }
    second: Second { one(value: Option<&str>) -> bool = value.is_some(); }
    third: Third { }
}

#[test]
fn many_services_of_one_macro_are_told_apart() {
    use first::First;
    use second::Second;

    let (here, there) = (first::It, remote(first::Served(first::It)));
    same!(here, there => one("text"), nothing(), two(1, &[Step(1), Step(2)]));
    let (here, there) = (second::It, remote(second::Served(second::It)));
    same!(here, there => one(None), one(Some("text")));
    let _: third::Remote = remote(third::Served(third::It));
}
