#[coproc::worker(host = First, host = Second)]
pub trait Index {
    fn search(&self);
}

fn main() {}
