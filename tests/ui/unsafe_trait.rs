#[coproc::worker]
pub unsafe trait Index {
    fn search(&self);
}

fn main() {}
