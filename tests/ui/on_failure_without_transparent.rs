#[coproc::worker(on_failure = panic)]
pub trait Index {
    fn search(&self);
}

#[coproc::worker]
pub trait Words {
    #[on_failure(default)]
    fn count(&self) -> usize;
    #[remote]
    fn first(&self) -> String {
        String::new()
    }
}

fn main() {}
