//! Items of the user's whose names are those of arguments, or of what generated code calls its own.

use crate::{remote, same};

/// Constants, statics, functions, types and macros with the names of arguments and of what generated code calls its own.
mod scope {
    #![allow(non_upper_case_globals, non_camel_case_types, dead_code, unused_macros, unused_macro_rules)]

    use coproc::worker;

    /// What a pattern would find instead of a new local.
    macro_rules! items {
        ($($name:ident $other:ident $third:ident)*) => {
            $(
                const $name: u8 = 1;
                static $other: u8 = 2;
                struct $third;
            )*
        };
    }
    items! {
        value fields reply payload executor message handle serializer deserializer index error formatter never worker f
        parameters this host request call pending stub service method channel priority name form probe held result outcome
        tuple
    }
    fn number() {}
    struct text;
    type list = u8;
    macro_rules! bytes {
        () => {};
    }
    macro_rules! matches {
        () => {};
    }
    macro_rules! cfg {
        ($($any:tt)*) => {
            true
        };
    }
    enum __T {}
    struct A;
    trait T {}
    trait __S {}

    #[worker]
    pub(crate) trait Items {
        fn sum(&self, number: u8, bytes: &[u8], list: Vec<u8>) -> usize;
        fn matches(&self, #[cfg(true)] cfg: u8, other: &u8) -> u8;
        fn change(&mut self, place: &mut u8, list: &mut Vec<u8>, many: &[&String]) -> Option<&str>;
        async fn later(&self, when: u8) -> u8;
        #[norequest]
        fn note(&self, number: u8);
    }

    #[worker(transparent, on_failure = panic, derive(Debug, Clone))]
    pub(crate) trait Through<K: Copy> {
        fn key(&mut self, key: &K, place: &mut u8) -> K;
        #[norequest]
        fn note(&self, key: K);
    }

    impl Items for u8 {
        fn sum(&self, number: u8, bytes: &[u8], list: Vec<u8>) -> usize {
            usize::from(*self + number) + bytes.len() + list.len()
        }
        fn matches(&self, cfg: u8, a: &u8) -> u8 {
            cfg + a
        }
        fn change(&mut self, place: &mut u8, list: &mut Vec<u8>, many: &[&String]) -> Option<&str> {
            *place += *self;
            list.push(*place);
            (!many.is_empty()).then_some("many")
        }
        async fn later(&self, when: u8) -> u8 {
            when
        }
        fn note(&self, _: u8) {}
    }

    impl Through<u16> for u8 {
        fn key(&mut self, key: &u16, place: &mut u8) -> u16 {
            *place += *self;
            *key
        }
        fn note(&self, _: u16) {}
    }
}

#[test]
fn items_may_be_called_like_arguments() {
    use scope::Items;

    let (mut here, there) = (7_u8, remote(scope::ItemsWorker(7_u8)));
    same!(here, there => sum(1, b"23", vec![4, 5, 6]), matches(1, &2));
    there.note(1).unwrap();
    here.note(1);
    assert_eq!(there.later(3).unwrap(), 3);
    let (mut far, mut near) = ((1, vec![]), (1, vec![]));
    let many = [&String::new()];
    assert_eq!(
        there.change(&mut far.0, &mut far.1, &many).unwrap().as_deref(),
        here.change(&mut near.0, &mut near.1, &many)
    );
    assert_eq!(far, near);
}

#[test]
fn items_may_be_called_like_locals_of_transparent_stubs() {
    use scope::Through;

    fn use_it(through: &mut impl Through<u16>) -> (u16, u8) {
        let mut place = 1;
        through.note(5);
        (through.key(&7, &mut place), place)
    }
    let mut there: scope::ThroughHost<u16> = remote(scope::ThroughWorker(7_u8));
    assert_eq!(use_it(&mut there), use_it(&mut 7_u8));
}
