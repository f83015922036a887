#[coproc::worker(transparent, hots = Stub)]
pub trait Index {
    fn search(&self);
}

fn main() {}
