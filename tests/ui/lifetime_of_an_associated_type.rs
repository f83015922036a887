#[coproc::worker]
pub trait Parse<'t> {
    type Error;
    fn parse(&self, text: &'t str) -> Result<u32, Self::Error>;
}

fn main() {}
