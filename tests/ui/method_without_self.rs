#[coproc::worker]
pub trait Index {
    fn open(path: String) -> usize;
}

fn main() {}
