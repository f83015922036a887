#[coproc::worker]
pub trait Index {
    extern "C" fn search(&self);
}

fn main() {}
