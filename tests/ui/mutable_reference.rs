#[coproc::worker]
pub trait Index {
    fn read(&self, buffer: &mut [u8]);
    fn update(&self, document: Option<&mut String>);
}

fn main() {}
