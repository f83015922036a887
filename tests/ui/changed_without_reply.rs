#[coproc::worker]
pub trait Index {
    #[norequest]
    fn read(&self, buffer: &mut [u8], count: &mut usize, log: Option<&mut String>);
}

fn main() {}
