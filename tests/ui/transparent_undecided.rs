pub struct Failure;

#[coproc::worker(transparent)]
pub trait Index {
    fn clear(&mut self);
    fn count(&self) -> usize;
    fn load(&mut self) -> Result<u32, String>;
    fn maybe(&self) -> Option<Vec<String>>;
    #[norequest]
    fn forget(&mut self);
    /// Nothing is wrong here.
    fn save(&self) -> std::io::Result<()>;
}

fn main() {}
