#[coproc::worker]
pub trait Index {
    unsafe fn search(&self);
}

fn main() {}
