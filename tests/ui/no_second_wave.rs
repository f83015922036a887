#[coproc::worker]
pub trait Index {
    #[norequest]
    fn clear(&mut self);
    fn add(&mut self, text: &str) -> usize;
    fn read(&self, buffer: *mut u8);
}

struct Words;

impl Index for Words {
    fn clear(&mut self) {}
    fn add(&mut self, text: &str) -> usize {
        text.len()
    }
    fn read(&self, _: *mut u8) {}
}

pub fn use_all(index: &IndexHost) -> usize {
    let _ = IndexWorker(Words);
    index.clear().unwrap();
    index.add("text").unwrap()
}

fn main() {}
