#[coproc::worker]
pub trait Index {
    fn read(&self, #[cfg(unix)] buffer: &mut Vec<u8>, start: u64);
}

fn main() {}
