#[coproc::worker]
pub trait Index {
    fn search(&self) -> impl Future<Output = u32> + Send;
}

fn main() {}
