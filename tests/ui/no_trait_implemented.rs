#[coproc::worker]
pub trait Index {
    fn search(&self);
}

pub struct Words;

fn main() {
    coproc::serve(|()| IndexWorker(Words));
}
