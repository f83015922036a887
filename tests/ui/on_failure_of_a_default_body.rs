#[coproc::worker(transparent, on_failure = panic)]
pub trait Index {
    fn count(&self) -> usize;
    #[on_failure(default)]
    fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

fn main() {}
