#[coproc::worker(transparent)]
pub trait Index {
    #[on_failure("none")]
    fn count(&self) -> usize;
    #[on_failure(NONE)]
    fn words(&self) -> usize;
}

fn main() {}
