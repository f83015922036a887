#[coproc::worker]
pub trait Index {
    async fn search(&self);
}

fn main() {}
