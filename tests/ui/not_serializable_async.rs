pub struct Document;

#[coproc::worker]
pub trait Index {
    async fn first(&self) -> Document;
}

fn main() {}
