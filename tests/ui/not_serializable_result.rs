pub struct Document;

#[coproc::worker]
pub trait Index {
    fn first(&self) -> Result<Document, String>;
}

fn main() {}
