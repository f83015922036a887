//! The system's calls with faults in them, where [`chaos`](crate::chaos) has any for this process.

use rustix::io::Errno;

pub(super) use super::kernel::{End, has_room, poll, reopen, set_nonblocking};
pub(crate) use super::kernel::{ExitWatch, Waker};

use super::kernel;
use crate::chaos;

pub(super) fn read(end: &End, buffer: &mut [u8]) -> Result<usize, Errno> {
    let part = chaos::part_of(buffer.len());
    kernel::read(end, buffer.get_mut(..part).unwrap_or_default()).inspect(|_| chaos::strike())
}

/// Most looks find nothing, and are no place for a fault: how many there are depends on the time they take.
pub(super) fn look(end: &End, buffer: &mut [u8]) -> Result<usize, Errno> {
    let part = chaos::part_of(buffer.len());
    kernel::look(end, buffer.get_mut(..part).unwrap_or_default()).inspect(|_| chaos::strike())
}

pub(super) fn write(end: &End, bytes: &[u8]) -> Result<usize, Errno> {
    chaos::strike();
    let part = chaos::part_of(bytes.len());
    kernel::write(end, bytes.get(..part).unwrap_or(bytes))
}
