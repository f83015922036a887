pub struct Document;

#[coproc::worker]
pub trait Index {
    fn document(&self) -> Result<Document, String>;
}

fn main() {}
