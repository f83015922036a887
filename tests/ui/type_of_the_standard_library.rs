#[coproc::worker]
pub trait Index {
    fn read(&mut self, file: std::fs::File);
    fn lock(&self, words: &std::sync::Mutex<u32>);
    fn since(&self) -> std::time::Instant;
}

fn main() {}
