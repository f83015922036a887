#[coproc::worker]
pub trait Index {
    fn add(&mut self, word: impl Future<Output = String>);
    fn boxed(&self) -> Box<dyn Future<Output = u32>>;
    fn maybe(&self) -> Option<impl Future<Output = u32>>;
}

fn main() {}
