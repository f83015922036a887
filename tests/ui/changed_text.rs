use std::{ffi::OsStr, path::Path};

#[coproc::worker]
pub trait Index {
    fn upper(&self, text: &mut str);
    fn resolve(&self, path: &mut Path);
    fn name(&self, name: &mut OsStr);
}

fn main() {}
