#[coproc::worker]
pub fn index() {}

fn main() {}
