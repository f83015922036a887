use std::borrow::Cow;

#[coproc::worker(transparent, on_failure = panic)]
pub trait Index {
    fn name(&self) -> &str;
    fn maybe(&self) -> Option<&[u8]>;
    fn fixed(&self) -> &'static str;
    fn text(&self) -> Result<u8, Cow<'static, &str>>;
}

fn main() {}
