use std::borrow::Cow;

pub struct Token<'t>(&'t str);

#[coproc::worker]
pub trait Index {
    fn words(&self, words: &mut Vec<&str>);
    fn each(&self, words: &mut [&[u8]]);
    fn text(&self, text: &mut Cow<'_, str>);
    fn token(&self, token: &mut Token<'_>);
}

fn main() {}
