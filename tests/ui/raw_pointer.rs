#[coproc::worker]
pub trait Index {
    fn read(&self, start: *const u8);
}

fn main() {}
