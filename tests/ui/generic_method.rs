#[coproc::worker]
pub trait Index {
    fn search<T: ToString>(&self, query: T);
    fn fixed<const N: usize>(&self, query: [u8; N]) -> [u8; N];
    fn hash<H: std::hash::Hasher>(&self, state: &mut H);
}

fn main() {}
