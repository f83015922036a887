//! A scope in which nothing means what it usually does, and coproc has another name.

/// coproc as a user has renamed it, at some depth.
mod dependencies {
    pub(crate) mod rpc {
        pub(crate) use coproc as engine;
    }
}

use std::collections::HashMap;

use crate::{remote, same};

/// Everything that generated code could name by accident is something else.
mod nothing_is_what_it_seems {
    #![allow(dead_code, unused_macros, unused_imports, non_camel_case_types)]

    macro_rules! shadow_types {
        ($($name:ident)*) => {$( pub(crate) struct $name; )*};
    }
    macro_rules! shadow_traits {
        ($($name:ident)*) => {$( pub(crate) trait $name {} )*};
    }
    macro_rules! shadow_macros {
        ($($name:ident)*) => {$(
            macro_rules! $name { () => { nothing }; }
        )*};
    }
    macro_rules! shadow_modules {
        ($($name:ident)*) => {$( pub(crate) mod $name {} )*};
    }

    shadow_types!(Vec Result Option Ok Err Some None Box Pin Cow Rc Arc Error Handle Pending Stub Worker Priority
        ChannelId Service Method Executor PhantomData Infallible Duration Formatter Ref Refs Plain Probe Portable);
    // `String` and `bool` are types of this module that cross.
    #[derive(
        ::serde::Serialize,
        ::serde::Deserialize,
        ::std::fmt::Debug,
        ::std::clone::Clone,
        ::std::cmp::PartialEq,
    )]
    pub(crate) struct String(pub(crate) ::std::primitive::u8);
    #[derive(
        ::serde::Serialize,
        ::serde::Deserialize,
        ::std::fmt::Debug,
        ::std::clone::Clone,
        ::std::cmp::PartialEq,
    )]
    pub(crate) struct bool(pub(crate) ::std::primitive::u8);
    shadow_types!(u32 i64 usize char);
    shadow_traits!(Send Sync Sized Copy Clone Debug Default Drop Deref Into From Fn FnMut FnOnce Iterator Future ToOwned
        Serialize Deserialize Serializer Deserializer DeserializeOwned SeqAccess Carry Lend Message Encode);
    shadow_macros!(vec format panic assert assert_eq matches write unreachable todo cfg concat stringify debug_assert
        println eprintln module_path file line include_str env option_env);
    shadow_modules!(std core alloc serde coproc codec proto carry __private failure);

    #[super::dependencies::rpc::engine::worker(crate = super::dependencies::rpc::engine)]
    pub(crate) trait Odd: ::std::marker::Send {
        fn nothing(&self);
        fn own(
            &mut self,
            text: String,
            truth: &bool,
            list: ::std::vec::Vec<String>,
        ) -> ::std::option::Option<bool>;
        fn lent(&self, text: &str, bytes: &[u8], many: &[String], refs: &[&bool]) -> ::std::string::String;
        fn borrowed(&self, key: &str) -> &str;
        fn maybe(
            &self,
            text: ::std::option::Option<&String>,
        ) -> ::std::result::Result<&String, ::std::string::String>;
        fn changed(&mut self, place: &mut String, buffer: &mut [u8], list: &mut ::std::vec::Vec<bool>) -> u8;
        async fn later(&mut self, number: u8) -> u8;
        fn long(&self, array: &[u8; 40]) -> [bool; 33];
        fn conditional(&self, #[cfg(true)] here: u8, #[cfg(false)] there: u8) -> u8;
        fn none() -> u8;
        #[norequest]
        #[priority(1)]
        #[channel("odd")]
        fn tell(&self, text: &str, truth: &bool);
    }

    #[super::dependencies::rpc::engine::worker(
        crate = crate::shadowed::dependencies::rpc::engine, transparent, on_failure = panic,
        derive(::std::fmt::Debug, ::std::clone::Clone)
    )]
    pub(crate) trait Through<K: ::std::marker::Copy, const N: ::std::primitive::usize> {
        type Error;
        fn get(&self, key: K) -> ::std::result::Result<[u8; N], Self::Error>;
        fn set(&mut self, key: &K, value: &[u8; N]);
        fn text(&self, text: &str) -> String;
    }
}

use nothing_is_what_it_seems::{
    Odd, OddWorker, String as Text, Through, ThroughHost, ThroughRequest, ThroughWorker, bool as Truth,
};

struct Here(Text);

impl Odd for Here {
    fn nothing(&self) {}
    fn own(&mut self, text: Text, truth: &Truth, list: Vec<Text>) -> Option<Truth> {
        self.0 = text;
        list.first().map(|first| Truth(first.0 + truth.0))
    }
    fn lent(&self, text: &str, bytes: &[u8], many: &[Text], refs: &[&Truth]) -> String {
        format!("{text} {bytes:?} {many:?} {refs:?}")
    }
    fn borrowed(&self, key: &str) -> &str {
        if key.is_empty() { "empty" } else { "full" }
    }
    fn maybe(&self, text: Option<&Text>) -> Result<&Text, String> {
        text.map(|_| &self.0).ok_or_else(|| "nothing".to_owned())
    }
    fn changed(&mut self, place: &mut Text, buffer: &mut [u8], list: &mut Vec<Truth>) -> u8 {
        place.0 += 1;
        buffer.reverse();
        list.push(Truth(place.0));
        place.0
    }
    async fn later(&mut self, number: u8) -> u8 {
        number + self.0.0
    }
    fn long(&self, array: &[u8; 40]) -> [Truth; 33] {
        std::array::from_fn(|index| Truth(array[index]))
    }
    fn conditional(&self, here: u8) -> u8 {
        here
    }
    fn none() -> u8 {
        0
    }
    fn tell(&self, _: &str, _: &Truth) {}
}

#[test]
fn generated_code_names_nothing_of_the_scope() {
    let (mut here, there) = (Here(Text(1)), remote(OddWorker(Here(Text(1)))));
    same!(here, there =>
        nothing(), own(Text(2), &Truth(3), vec![Text(4)]), own(Text(2), &Truth(3), vec![]),
        lent("text", b"bytes", &[Text(1)], &[&Truth(2)]), borrowed(""), borrowed("key"),
        conditional(3), long(&[7; 40]),
    );
    for text in [None, Some(&Text(9))] {
        assert_eq!(there.maybe(text).unwrap(), here.maybe(text).cloned());
    }
    let (mut far, mut near) = ((Text(1), [1, 2, 3], vec![]), (Text(1), [1, 2, 3], vec![]));
    assert_eq!(
        there.changed(&mut far.0, &mut far.1, &mut far.2).unwrap(),
        here.changed(&mut near.0, &mut near.1, &mut near.2),
    );
    assert_eq!(far, near);
    assert_eq!(there.later(5).unwrap(), 7);
    assert_eq!(there.none().unwrap(), Here::none());
    there.tell("text", &Truth(1)).unwrap();
}

struct Table(HashMap<u16, [u8; 2]>);

impl Through<u16, 2> for Table {
    type Error = String;
    fn get(&self, key: u16) -> Result<[u8; 2], String> {
        self.0.get(&key).copied().ok_or_else(|| format!("no {key}"))
    }
    fn set(&mut self, key: &u16, value: &[u8; 2]) {
        self.0.insert(*key, *value);
    }
    fn text(&self, text: &str) -> Text {
        Text(text.len() as u8)
    }
}

#[test]
fn a_transparent_stub_names_nothing_of_the_scope() {
    fn use_it(table: &mut impl Through<u16, 2, Error = String>) -> String {
        table.set(&1, &[2, 3]);
        format!("{:?} {:?} {:?}", table.get(1), table.get(2), table.text("four"))
    }
    let mut there: ThroughHost<u16, 2, String> = remote(ThroughWorker(Table(HashMap::new())));
    assert_eq!(use_it(&mut there), use_it(&mut Table(HashMap::new())));
    let request: ThroughRequest<'_, u16, 2> = ThroughRequest::Text { text: "a" };
    assert_eq!(format!("{:?}", request.clone()), "Text { text: \"a\" }");
}
