#[coproc::worker]
pub trait Index {
    fn document(&mut self) -> &mut String;
    fn text(&mut self) -> &mut str;
    fn maybe(&mut self) -> Option<&mut Vec<u8>>;
    fn both(&mut self) -> Result<(u8, &mut [String]), String>;
}

fn main() {}
