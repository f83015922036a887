#[coproc::worker]
pub trait Index {
    const fn search(&self);
}

fn main() {}
