//! Lifetimes of traits and of methods.
#![allow(clippy::needless_lifetimes, reason = "written out, as some people do")]

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{remote, same};

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
enum Lexeme<'s> {
    Word(Cow<'s, str>),
    Number(i64),
    End,
}

/// A lexer of any input: the tokens borrow from it.
#[coproc::worker]
trait Lexer<'input> {
    fn lex(&mut self, input: &'input str) -> Vec<&'input str>;
    fn lexemes(&mut self, input: &'input str, most: Option<usize>) -> Vec<Lexeme<'input>>;
    fn longest<'l>(&'l self, input: &'input str, other: &'l str) -> Cow<'l, str>
    where
        'input: 'l;
    fn lines(&self) -> usize;
    #[norequest]
    fn feed(&mut self, chunks: &[&'input [u8]]);
}

#[derive(Default)]
struct Spaces {
    lines: usize,
}

impl<'input> Lexer<'input> for Spaces {
    fn lex(&mut self, input: &'input str) -> Vec<&'input str> {
        self.lines += input.lines().count();
        input.split_whitespace().collect()
    }
    fn lexemes(&mut self, input: &'input str, most: Option<usize>) -> Vec<Lexeme<'input>> {
        let words = input.split_whitespace().take(most.unwrap_or(usize::MAX));
        let lexemes = words.map(|word| match word.parse() {
            Ok(number) => Lexeme::Number(number),
            Err(_) => Lexeme::Word(word.into()),
        });
        lexemes.chain([Lexeme::End]).collect()
    }
    fn longest<'l>(&'l self, input: &'input str, other: &'l str) -> Cow<'l, str>
    where
        'input: 'l,
    {
        match input.len().cmp(&other.len()) {
            std::cmp::Ordering::Equal => Cow::Owned(format!("{input} {other}")),
            std::cmp::Ordering::Less => other.into(),
            std::cmp::Ordering::Greater => input.into(),
        }
    }
    fn lines(&self) -> usize {
        self.lines
    }
    fn feed(&mut self, chunks: &[&'input [u8]]) {
        self.lines += chunks.iter().map(|chunk| chunk.split(|byte| *byte == b'\n').count()).sum::<usize>();
    }
}

#[test]
fn tokens_borrow_from_the_input() {
    let (mut here, there) = (Spaces::default(), remote(LexerWorker(Spaces::default())));
    {
        let input = String::from("let answer\n 42 ;");
        same!(here, there => lex(&input), lexemes(&input, None), lexemes(&input, Some(1)));
    }
    same!(here, there => longest("ab", "c"), longest("ab", "cd"), longest("ab", "cde"), lex(""));
    let chunks = [&b"a\nb"[..], b"", b"\n\n"];
    there.feed(&chunks).unwrap();
    here.feed(&chunks);
    same!(here, there => lines());
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone, Copy)]
struct Span<'s> {
    text: &'s str,
    at: usize,
}

/// Several, one within the other, with types and constants beside them.
#[coproc::worker]
trait Parser<'text: 'out, 'out, Symbol, const N: usize>
where
    Symbol: Clone + 'static,
{
    fn parse(&mut self, texts: [&'text str; N], span: Span<'text>) -> HashMap<&'out str, Vec<Symbol>>;
    fn spans<'p>(&'p self, of: &Symbol, marks: &'text [Span<'text>]) -> Vec<Symbol>
    where
        'text: 'p,
        Symbol: PartialEq;
    fn known(&self, others: &[&'out str]) -> Option<&Symbol>;
}

#[derive(Default)]
struct Initials(Vec<char>);

impl<'text: 'out, 'out> Parser<'text, 'out, char, 2> for Initials {
    fn parse(&mut self, texts: [&'text str; 2], span: Span<'text>) -> HashMap<&'out str, Vec<char>> {
        self.0.extend(span.text.chars().skip(span.at));
        texts.map(|text| (text, text.split(' ').filter_map(|word| word.chars().next()).collect())).into()
    }
    fn spans<'p>(&'p self, of: &char, marks: &'text [Span<'text>]) -> Vec<char>
    where
        'text: 'p,
    {
        let mark = |mark: &Span<'_>| mark.text[mark.at..].chars().next();
        marks.iter().filter_map(mark).filter(|mark| mark != of).chain(self.0.iter().copied()).collect()
    }
    fn known(&self, others: &[&'out str]) -> Option<&char> {
        self.0.iter().find(|symbol| others.iter().any(|other| other.starts_with(**symbol)))
    }
}

#[test]
fn lifetimes_beside_other_parameters() {
    let (mut here, there) = (Initials::default(), remote(ParserWorker(Initials::default())));
    let text = String::from("to be or not");
    let span = Span { text: &text, at: 9 };
    let parsed = there.parse([&text, ""], span).unwrap();
    let parsed: HashMap<_, _> =
        parsed.iter().map(|(text, symbols)| (text.as_str(), symbols.clone())).collect();
    assert_eq!(parsed, here.parse([&text, ""], span));
    let marks = [span, Span { text: "ab", at: 1 }, Span { text: "c", at: 1 }];
    same!(here, there => spans(&'n', &marks), spans(&'x', &[]));
    for others in [&["x", "rest"][..], &["x"], &[]] {
        assert_eq!(there.known(others).unwrap().as_ref(), here.known(others));
    }
}

/// Named lifetimes on methods, in every place where they are written.
#[coproc::worker]
trait Templates {
    fn render<'t>(&self, template: &'t str, values: &HashMap<&'t str, Cow<'t, str>>) -> Cow<'t, str>;
    fn name<'s>(&'s self, id: u32) -> Option<&'s str>;
    fn pick<'a, 'b: 'a>(&self, one: &'a [u8], other: &'b [u8], second: bool) -> &'a [u8];
    fn register<'n, 'b>(&mut self, name: &'n str, body: Option<&'b str>) -> Result<usize, &'n str>
    where
        'n: 'b;
    fn fixed(&self, at: usize) -> Option<&'static str>;
}

#[derive(Default)]
struct Braces(Vec<String>);

impl Templates for Braces {
    fn render<'t>(&self, template: &'t str, values: &HashMap<&'t str, Cow<'t, str>>) -> Cow<'t, str> {
        values.iter().fold(template.into(), |text, (name, value)| {
            let name = format!("{{{name}}}");
            if text.contains(&name) { text.replace(&name, value).into() } else { text }
        })
    }
    fn name<'s>(&'s self, id: u32) -> Option<&'s str> {
        self.0.get(id as usize).map(String::as_str)
    }
    fn pick<'a, 'b: 'a>(&self, one: &'a [u8], other: &'b [u8], second: bool) -> &'a [u8] {
        if second { other } else { one }
    }
    fn register<'n, 'b>(&mut self, name: &'n str, body: Option<&'b str>) -> Result<usize, &'n str>
    where
        'n: 'b,
    {
        if self.0.iter().any(|known| known == name) {
            return Err(name);
        }
        self.0.push(name.to_owned() + body.unwrap_or_default());
        Ok(self.0.len())
    }
    fn fixed(&self, at: usize) -> Option<&'static str> {
        ["zero", "one"].get(at).copied()
    }
}

#[test]
fn lifetimes_of_methods() {
    let (mut here, there) = (Braces::default(), remote(TemplatesWorker(Braces::default())));
    let values = HashMap::from([("name", "world".into()), ("sign", String::from("!").into())]);
    same!(here, there =>
        render("hello, {name}{sign}", &values),
        render("hello", &values),
        pick(b"one", b"two", false),
        pick(b"one", b"two", true),
    );
    for (name, body) in [("a", None), ("b", Some("ody")), ("a", Some("gain"))] {
        assert_eq!(
            there.register(name, body).unwrap().as_ref().map_err(|name| &**name),
            here.register(name, body).as_ref().map_err(|name| *name)
        );
    }
    for at in 0..3 {
        assert_eq!(there.name(at).unwrap().as_deref(), here.name(at));
        assert_eq!(there.fixed(at as usize).unwrap().as_deref(), here.fixed(at as usize));
    }
}
