#[coproc::worker(transparent, on_failure = panic)]
pub trait Index {
    #[norequest(now)]
    fn clear(&mut self);
    #[local = true]
    fn first(&self) {}
    #[remote()]
    fn second(&self) {}
}

fn main() {}
