#[coproc::worker]
pub trait Index {
    fn locate(&self, (line, column): (u32, u32)) {
        let _ = (line, column);
    }
}

fn main() {}
