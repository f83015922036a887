#[coproc::worker(transparent, on_failure = abort)]
pub trait Abort {
    fn search(&self);
}

#[coproc::worker(transparent, on_failure)]
pub trait Nothing {
    fn search(&self);
}

#[coproc::worker(transparent, on_failure(panic))]
pub trait List {
    fn search(&self);
}

#[coproc::worker(transparent, on_failure = 7)]
pub trait Value {
    fn search(&self);
}

fn main() {}
