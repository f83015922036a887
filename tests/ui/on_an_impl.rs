pub struct Index;

#[coproc::worker]
impl Index {
    pub fn search(&self) {}
}

fn main() {}
