#[coproc::worker]
pub trait Index {
    fn serve(&self) -> !;
}

fn main() {}
