#[coproc::worker]
#[coproc::worker]
pub trait Index {
    fn search(&self);
}

fn main() {}
