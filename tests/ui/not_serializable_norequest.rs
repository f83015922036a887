pub struct Document;

#[coproc::worker]
pub trait Index {
    #[norequest]
    fn add(&mut self, document: Document);
}

fn main() {}
