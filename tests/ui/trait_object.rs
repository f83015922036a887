#[coproc::worker]
pub trait Index {
    fn add(&mut self, word: &dyn ToString);
    fn failure(&self) -> Result<(), Box<dyn std::error::Error>>;
    fn word(&self) -> impl ToString;
}

fn main() {}
