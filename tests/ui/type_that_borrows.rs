use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct Token<'t>(&'t str);

#[coproc::worker]
pub trait Parse {
    fn first(&self) -> Token<'_>;
}

#[coproc::worker]
pub trait ParseAll {
    fn all(&self, text: &str) -> Vec<Token<'_>>;
}

fn main() {}
