//! The system's calls with faults in them, where [`chaos`](crate::chaos) has any for this process.

use std::io::IoSliceMut;

use rustix::io::Errno;

pub(super) use super::kernel::{End, has_room, pipe_size, poll, reopen, set_nonblocking, set_pipe_size};
pub(crate) use super::kernel::{ExitWatch, Waker};

use super::kernel;
use crate::chaos;

pub(super) fn read(end: &End, buffers: &mut [IoSliceMut<'_>]) -> Result<usize, Errno> {
    if !chaos::has_faults() {
        return kernel::read(end, buffers);
    }
    kernel::read(end, &mut part_of(buffers)).inspect(|_| chaos::strike())
}

/// Most looks find nothing, and are no place for a fault: how many there are depends on the time they take.
pub(super) fn look(end: &End, buffers: &mut [IoSliceMut<'_>]) -> Result<usize, Errno> {
    if !chaos::has_faults() {
        return kernel::look(end, buffers);
    }
    kernel::look(end, &mut part_of(buffers)).inspect(|_| chaos::strike())
}

pub(super) fn write(end: &End, pieces: [&[u8]; 2]) -> Result<usize, Errno> {
    if !chaos::has_faults() {
        return kernel::write(end, pieces);
    }
    chaos::strike();
    let mut left = chaos::part_of(pieces.iter().map(|piece| piece.len()).sum());
    kernel::write(
        end,
        pieces.map(|piece| {
            let here = piece.len().min(left);
            left -= here;
            piece.get(..here).unwrap_or(piece)
        }),
    )
}

fn part_of<'a>(buffers: &'a mut [IoSliceMut<'_>]) -> Vec<IoSliceMut<'a>> {
    let mut left = chaos::part_of(buffers.iter().map(|buffer| buffer.len()).sum());
    let part = |buffer: &'a mut IoSliceMut<'_>| {
        let here = buffer.len().min(left);
        left -= here;
        IoSliceMut::new(buffer.get_mut(..here).unwrap_or_default())
    };
    buffers.iter_mut().map(part).collect()
}
