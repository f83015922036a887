#[coproc::worker]
pub trait Index {
    fn close(self);
}

fn main() {}
