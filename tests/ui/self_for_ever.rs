#[coproc::worker]
pub trait Index {
    fn search(&'static self);
}

fn main() {}
