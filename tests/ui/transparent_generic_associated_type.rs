#[coproc::worker(transparent, on_failure = panic)]
pub trait Index {
    type Word<'t>;
    type List<T>;
    fn search(&self);
}

fn main() {}
