use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct Token<'t>(#[serde(borrow)] std::borrow::Cow<'t, str>);

#[coproc::worker]
pub trait Index {
    fn add(&mut self, token: Token);
}

fn main() {}
