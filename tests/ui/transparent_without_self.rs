#[coproc::worker(transparent, on_failure = panic)]
pub trait Index {
    fn open(path: String) -> usize;
}

fn main() {}
