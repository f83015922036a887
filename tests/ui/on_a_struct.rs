#[coproc::worker]
pub struct Index;

fn main() {}
