#[coproc::worker(hots = Stub, blocking)]
pub trait Index {
    fn search(&self);
}

fn main() {}
