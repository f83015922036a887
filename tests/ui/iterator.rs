#[coproc::worker]
pub trait Index {
    fn add(&mut self, words: impl Iterator<Item = String>);
    fn words(&self) -> Box<dyn Iterator<Item = String>>;
}

fn main() {}
