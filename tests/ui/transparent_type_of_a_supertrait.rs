pub trait Base {
    type Error;
}

#[coproc::worker(transparent, on_failure = panic)]
pub trait Index: Base {
    fn search(&self) -> Result<u32, Self::Error>;
}

fn main() {}
