use std::{pin::Pin, rc::Rc, sync::Arc};

#[coproc::worker]
pub trait Index {
    fn boxed(self: Box<Self>);
    fn shared(self: Arc<Self>);
    fn counted(self: Rc<Self>) -> usize;
    fn pinned(self: Pin<&mut Self>);
    fn lent(self: &Arc<Self>);
}

fn main() {}
