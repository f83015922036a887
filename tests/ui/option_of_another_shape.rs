#[coproc::worker(derive = Debug)]
pub trait Derive {
    fn search(&self);
}

#[coproc::worker(derive)]
pub trait DeriveNothing {
    fn search(&self);
}

#[coproc::worker(derive("Debug"))]
pub trait DeriveText {
    fn search(&self);
}

#[coproc::worker(transparent = true)]
pub trait Transparent {
    fn search(&self);
}

#[coproc::worker(transparent(yes))]
pub trait TransparentList {
    fn search(&self);
}

#[coproc::worker(crate = "path")]
pub trait Crate {
    fn search(&self);
}

fn main() {}
