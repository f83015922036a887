#[coproc::worker(panic = "exit", panic = "continue")]
pub trait Index {
    fn search(&self);
}

fn main() {}
