use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct Document;

#[coproc::worker(transparent, on_failure = default)]
pub trait Index {
    fn first(&self) -> Document;
    fn second(&self) -> Result<u32, String>;
}

#[coproc::worker(transparent)]
pub trait Words {
    #[on_failure(default)]
    fn first(&self) -> Document;
}

fn main() {}
