#[coproc::worker(crate)]
pub trait Index {
    fn search(&self);
}

fn main() {}
