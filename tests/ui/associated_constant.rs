#[coproc::worker]
pub trait Index {
    const LIMIT: usize;
    fn search(&self);
}

fn main() {}
