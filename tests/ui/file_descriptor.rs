use std::os::fd::{self, BorrowedFd, OwnedFd, RawFd};

#[coproc::worker]
pub trait Index {
    fn raw(&self, file: RawFd);
    fn borrowed(&self, file: BorrowedFd<'_>);
    fn lent(&self, files: &[OwnedFd]);
    fn open(&self) -> std::io::Result<fd::OwnedFd>;
}

fn main() {}
