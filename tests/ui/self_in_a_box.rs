#[coproc::worker]
pub trait Index {
    fn close(self: Box<Self>);
}

fn main() {}
