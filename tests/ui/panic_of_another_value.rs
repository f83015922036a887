#[coproc::worker(panic = "abort")]
pub trait Abort {
    fn search(&self);
}

#[coproc::worker(panic = exit)]
pub trait Path {
    fn search(&self);
}

#[coproc::worker(panic = continue)]
pub trait Keyword {
    fn search(&self);
}

#[coproc::worker(panic("continue"))]
pub trait List {
    fn search(&self);
}

#[coproc::worker(panic)]
pub trait Nothing {
    fn search(&self);
}

fn main() {}
