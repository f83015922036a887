#[coproc::worker(transparent, on_failure = panic)]
pub trait Index {
    const LIMIT: usize;
    const START: usize = 0;
    fn search(&self);
}

fn main() {}
