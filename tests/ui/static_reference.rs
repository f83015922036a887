#[coproc::worker]
pub trait Index {
    fn search(&self, query: &'static str);
    fn all(&self, queries: &[&'static str]);
}

fn main() {}
