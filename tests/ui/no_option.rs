#[coproc::worker("host")]
pub trait Index {
    fn search(&self);
}

fn main() {}
