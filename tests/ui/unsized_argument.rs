#[coproc::worker]
pub trait Index {
    fn add(&mut self, word: str);
    fn all(&mut self, words: [u32]);
    fn first(&self) -> [u8];
}

fn main() {}
