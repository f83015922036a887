#[coproc::worker]
pub trait Index {
    fn each(&self, visit: fn(u32) -> u32);
}

fn main() {}
