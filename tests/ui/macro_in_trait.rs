macro_rules! search {
    () => {
        fn search(&self);
    };
}

#[coproc::worker]
pub trait Index {
    search!();
}

fn main() {}
