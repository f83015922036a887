//! Users' types with lifetimes, and `Cow`, as they come back: with `'static`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{alike, remote};

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Token<'s> {
    text: Cow<'s, str>,
    at: u32,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Tree<'s, T> {
    Leaf(Token<'s>),
    Branch(T, Vec<Tree<'s, T>>),
}

/// What a parser lends of its input.
#[coproc::worker]
trait Document<'d> {
    fn token(&self, at: u32) -> Option<Token<'_>>;
    fn tokens<'s>(&'s self) -> Vec<Token<'s>>;
    fn lent(&self) -> &[Token<'d>];
    fn tree(&self) -> Tree<'_, u8>;
    fn parsed(&self, text: &str) -> Result<Tree<'_, String>, Token<'_>>;
    fn text(&self) -> Cow<'_, str>;
    fn bytes(&self, owned: bool) -> Cow<'_, [u8]>;
    fn lists(&self) -> Option<Vec<Cow<'_, [u8]>>>;
    fn list(&self) -> Cow<'_, [Token<'_>]>;
    fn maybe(&self, there: bool) -> Option<Cow<'_, str>>;
    fn cows(&self) -> Vec<Cow<'d, str>>;
    fn by_cow(&self) -> BTreeMap<Cow<'_, str>, (Cow<'static, str>, &Token<'_>)>;
}

struct Page(Vec<Token<'static>>);

impl<'d> Document<'d> for Page {
    fn token(&self, at: u32) -> Option<Token<'_>> {
        self.0.iter().find(|token| token.at == at).cloned()
    }
    fn tokens<'s>(&'s self) -> Vec<Token<'s>> {
        self.0.iter().map(|token| Token { text: (&*token.text).into(), at: token.at }).collect()
    }
    fn lent(&self) -> &[Token<'d>] {
        &self.0
    }
    fn tree(&self) -> Tree<'_, u8> {
        let leaves = self.tokens().into_iter().map(Tree::Leaf);
        Tree::Branch(1, vec![Tree::Branch(2, leaves.collect()), Tree::Branch(3, Vec::new())])
    }
    fn parsed(&self, text: &str) -> Result<Tree<'_, String>, Token<'_>> {
        let token = self.tokens().into_iter().find(|token| token.text.contains(text));
        token.map(Tree::Leaf).ok_or_else(|| self.0[0].clone())
    }
    fn text(&self) -> Cow<'_, str> {
        (&*self.0[0].text).into()
    }
    fn bytes(&self, owned: bool) -> Cow<'_, [u8]> {
        let bytes = self.0[0].text.as_bytes();
        if owned { bytes.to_ascii_uppercase().into() } else { bytes.into() }
    }
    fn lists(&self) -> Option<Vec<Cow<'_, [u8]>>> {
        Some(vec![self.bytes(true), self.bytes(false)])
    }
    fn list(&self) -> Cow<'_, [Token<'_>]> {
        (&*self.0).into()
    }
    fn maybe(&self, there: bool) -> Option<Cow<'_, str>> {
        there.then(|| self.text())
    }
    fn cows(&self) -> Vec<Cow<'d, str>> {
        self.0.iter().map(|token| token.text.clone()).collect()
    }
    fn by_cow(&self) -> BTreeMap<Cow<'_, str>, (Cow<'static, str>, &Token<'_>)> {
        self.0.iter().map(|token| ((&*token.text).into(), ("fixed".into(), token))).collect()
    }
}

#[test]
fn types_with_lifetimes_come_back_owned() {
    let page = || Page(vec![Token { text: "one".into(), at: 0 }, Token { text: "two".into(), at: 4 }]);
    let (here, there) = (page(), remote(DocumentWorker(page())));
    alike!(here, there =>
        token(4), token(1), tokens(), lent(), tree(), parsed("w"), parsed("x"), text(), bytes(true), bytes(false), lists(), list(), maybe(true), maybe(false), cows(), by_cow(),
    );
    let _: (Cow<'static, str>, Vec<Token<'static>>) = (there.text().unwrap(), there.lent().unwrap());
    let _: Result<Tree<'static, String>, Token<'static>> = there.parsed("w").unwrap();
}
