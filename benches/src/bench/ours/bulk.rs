//! A worker that has a large reply ready.

use coproc::Pending;

use super::entry;
use super::service::ServiceHost;
use crate::contender::{Outcome, check};

/// A worker that has a large reply ready.
pub(crate) struct Bulk(ServiceHost);

impl Bulk {
    pub(crate) fn start() -> Outcome<Self> {
        Ok(Self(entry().start(())?))
    }

    /// Asks for a reply of so many bytes, which are there before.
    pub(crate) fn begin(&self, size: usize) -> Outcome<Pending<Vec<u8>>> {
        use coproc::Stub;

        self.0.prepare(size as u64)?;
        Ok(self.0.start().prepared())
    }

    /// A small call ahead of others.
    pub(crate) fn urgent(&self) -> Outcome {
        check(self.0.urgent(1)? == 2)
    }
}
