#[coproc::worker]
pub trait Index {
    type Error;
    fn search(&self);
}

fn main() {}
