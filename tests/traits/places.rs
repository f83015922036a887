//! Traits wherever a trait may stand, as visible as it may be, several of one name, and types of each place.
#![allow(clippy::needless_pub_self, reason = "a macro may write it")]

use crate::{remote, same};

#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
pub(crate) struct Item(u8);

/// A trait beside which others of the same name stand.
#[coproc::worker]
trait Service {
    fn item(&self, item: &Item) -> Item;
    fn name(&self) -> &'static str;
}

impl Service for u8 {
    fn item(&self, item: &Item) -> Item {
        Item(item.0 + self)
    }
    fn name(&self) -> &'static str {
        "outer"
    }
}

mod inner {
    use super::Service as Outer;

    #[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
    pub(in crate::places) struct Item(pub(in crate::places) String);

    #[coproc::worker]
    pub(super) trait Service: Outer {
        fn own(&self, item: Item, outer: &super::Item) -> (self::Item, super::Item);
        fn by_crate(&self, item: &crate::places::inner::Item) -> Option<String> {
            (!item.0.is_empty()).then(|| self.name().to_owned())
        }
    }

    pub(crate) mod deeper {
        use super::*;

        #[coproc::worker]
        pub(in super::super) trait Restricted {
            fn glob(&self, item: Item) -> Item;
        }

        #[coproc::worker]
        pub(self) trait Hidden {
            fn hidden(&self) -> Item;
        }

        impl Hidden for () {
            fn hidden(&self) -> Item {
                Item("hidden".to_owned())
            }
        }

        pub(in crate::places) fn hidden() -> (Item, Item) {
            (().hidden(), crate::remote(HiddenWorker(())).hidden().unwrap())
        }
    }
}

impl inner::Service for u8 {
    fn own(&self, item: inner::Item, outer: &Item) -> (inner::Item, Item) {
        (item, Item(outer.0 * 2))
    }
}

impl inner::deeper::Restricted for u8 {
    fn glob(&self, item: inner::Item) -> inner::Item {
        inner::Item(item.0.repeat(2))
    }
}

#[test]
fn traits_of_one_name_are_told_apart() {
    use inner::{Item as Text, Service as _, deeper::Restricted as _};

    let (here, there) = (3_u8, remote(ServiceWorker(3_u8)));
    same!(here, there => item(&Item(1)), name());
    let there = remote(inner::ServiceWorker(3_u8));
    let text = || Text("text".to_owned());
    same!(here, there => own(text(), &Item(4)), by_crate(&text()));
    assert_eq!(there.by_crate(&Text(String::new())).unwrap(), None);
    let there = remote(inner::deeper::RestrictedWorker(3_u8));
    same!(here, there => glob(text()));
    let (near, far) = inner::deeper::hidden();
    assert_eq!(near, far);
}

/// Types that only a function knows, in a trait that only it knows; twice, with one name.
#[test]
fn functions_have_traits() {
    #[derive(serde::Serialize, serde::Deserialize, Debug, Clone, Copy, PartialEq)]
    enum Choice {
        Left(u8),
        Right { width: u16 },
    }
    const WIDTH: usize = 2;

    #[coproc::worker]
    trait Chooser {
        fn choose(&mut self, choices: &[Choice; WIDTH], maybe: Option<&Choice>) -> Choice;
        fn list(&self) -> [Option<Choice>; WIDTH] {
            [None; WIDTH]
        }
    }

    impl Chooser for usize {
        fn choose(&mut self, choices: &[Choice; WIDTH], maybe: Option<&Choice>) -> Choice {
            *self += 1;
            maybe.copied().unwrap_or(choices[*self % WIDTH])
        }
    }

    let (mut here, there) = (0_usize, remote(ChooserWorker(0_usize)));
    let choices = [Choice::Left(1), Choice::Right { width: 2 }];
    same!(here, there => choose(&choices, None), choose(&choices, None), choose(&choices, Some(&choices[0])), list());

    let inner = || {
        #[coproc::worker]
        trait Chooser {
            fn choose(&self, choice: Choice) -> Choice;
        }
        impl Chooser for () {
            fn choose(&self, choice: Choice) -> Choice {
                choice
            }
        }
        remote(ChooserWorker(())).choose(Choice::Left(7)).unwrap() == ().choose(Choice::Left(7))
    };
    assert!(inner());
}

struct Holder;

impl Holder {
    /// A trait in a method of an `impl`, where `Self` is something else.
    fn answer(&self) -> (u8, u8) {
        #[coproc::worker]
        trait InMethod {
            fn answer(&self, item: Item) -> u8;
        }
        impl InMethod for Holder {
            fn answer(&self, item: Item) -> u8 {
                item.0
            }
        }
        (InMethod::answer(self, Item(42)), remote(InMethodWorker(Holder)).answer(Item(42)).unwrap())
    }
}

#[test]
fn a_method_may_have_a_trait() {
    let (here, there) = Holder.answer();
    assert_eq!(here, there);
}

const COUNTED: fn(&[&str]) -> (usize, usize) = {
    /// A trait in a constant's value.
    #[coproc::worker]
    trait Nameless {
        fn count(&mut self, words: &[&str]) -> usize;
    }

    impl Nameless for usize {
        fn count(&mut self, words: &[&str]) -> usize {
            *self += words.len();
            *self
        }
    }

    |words| (1_usize.count(words), remote(NamelessWorker(1_usize)).count(words).unwrap())
};

#[test]
fn a_constant_may_have_a_trait() {
    let (here, there) = COUNTED(&["a", "b"]);
    assert_eq!(here, there);
}
