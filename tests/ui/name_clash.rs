pub struct IndexHost;

#[coproc::worker]
pub trait Index {
    fn search(&self);
}

fn main() {}
