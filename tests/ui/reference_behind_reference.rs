use std::path::Path;

#[coproc::worker]
pub trait Index {
    fn all(&self, queries: &[&String]);
    fn open(&self, paths: Vec<&Path>);
    fn either(&self, query: Result<&u32, ()>);
}

fn main() {}
