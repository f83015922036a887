pub struct Failure;

#[coproc::worker]
pub trait Index {
    type Error;
    fn count(&self) -> Result<usize, Self::Error>;
}

pub struct Words;

impl Index for Words {
    type Error = Failure;
    fn count(&self) -> Result<usize, Failure> {
        Err(Failure)
    }
}

pub fn serve() {
    coproc::serve(|()| IndexWorker(Words));
}

fn main() {}
