use std::{borrow::Cow, path::Path};

#[coproc::worker]
pub trait Index {
    fn name(&self) -> &str;
    fn bytes(&self) -> Option<&[u8]>;
    fn path(&self) -> &Path;
    fn names(&self) -> Result<&[&str], String>;
    fn fixed(&self) -> &'static str;
    fn text(&self) -> Cow<'_, str>;
}

fn main() {}
