#[coproc::worker]
pub trait Index {
    fn add(&mut self, words: impl Iterator<Item = String>);
    fn all(&mut self, words: &mut dyn Iterator<Item = &str>);
    fn lines(&self) -> impl Iterator<Item = &[u8]> + '_;
    fn words(&self) -> Box<dyn Iterator<Item = String>>;
    fn any(&mut self, words: impl IntoIterator);
}

fn main() {}
