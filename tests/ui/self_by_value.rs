#[coproc::worker]
pub trait Index {
    fn close(self);
    fn finish(self: Self) -> usize;
}

fn main() {}
