#[coproc::worker(transparent)]
pub trait Index {
    #[on_failure]
    fn search(&self);
    #[on_failure()]
    fn count(&self) -> usize;
    #[on_failure = 7]
    fn words(&self) -> usize;
    #[on_failure(7, 8)]
    fn both(&self) -> usize;
}

fn main() {}
