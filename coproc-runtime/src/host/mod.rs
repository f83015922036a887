//! The host's half of a worker: what stubs call.

mod ending;
pub mod failure;
mod handle;
mod pending;
mod scratch;
mod stub;

pub use ending::{Ending, Step};
pub(crate) use handle::Host;
pub use handle::{Handle, Status};
pub use pending::Pending;
#[doc(hidden)]
pub use pending::start_with;
pub use stub::Stub;

use crate::carry::Change;
use crate::codec::{self, CodecError, Encode, ReplyReader};
use crate::error::Error;
use crate::service::Method;

/// Sends a request of a stub.
#[doc(hidden)]
#[inline]
pub fn start<T>(
    handle: &Handle,
    method: &'static Method,
    request: &dyn Encode,
    read: fn(&mut ReplyReader<'_>) -> Result<T, CodecError>,
) -> Pending<T> {
    start_with(handle, method, request, &mut Vec::new(), read)
}

/// Checks that what a method has made of an argument fits into the caller's place, before anything is put there.
///
/// # Errors
/// When it does not.
#[doc(hidden)]
pub fn fits<T: Change + ?Sized>(
    handle: &Handle,
    method: &'static Method,
    place: &T,
    changed: &T::Held<'static>,
) -> Result<(), Error> {
    place.fits(changed).map_err(|error| Error::of_call(&handle.host, Some(method), error.into()))
}

/// The same where there need not be an argument.
///
/// # Errors
/// When it does not fit, or only one of both is there.
#[doc(hidden)]
pub fn option_fits<T: Change + ?Sized>(
    handle: &Handle,
    method: &'static Method,
    place: Option<&T>,
    changed: Option<&T::Held<'static>>,
) -> Result<(), Error> {
    match (place, changed) {
        (Some(place), Some(changed)) => fits(handle, method, place, changed),
        (None, None) => Ok(()),
        _ => Err(Error::of_call(&handle.host, Some(method), CodecError::wrong_reply().into())),
    }
}

/// Puts what has been found to fit into the caller's place, if there is one.
#[doc(hidden)]
pub fn accept_option<T: Change + ?Sized>(place: Option<&mut T>, changed: Option<T::Held<'static>>) {
    if let (Some(place), Some(changed)) = (place, changed) {
        place.accept(changed);
    }
}

/// Sends a norequest of a stub.
#[doc(hidden)]
#[inline]
pub fn send(handle: &Handle, method: &'static Method, norequest: &dyn Encode) -> Result<(), Error> {
    send_with(handle, method, norequest, &mut Vec::new())
}

/// The same of one whose last argument was left without its last bytes, which are the tail.
#[doc(hidden)]
pub fn send_with(
    handle: &Handle,
    method: &'static Method,
    norequest: &dyn Encode,
    tail: &mut Vec<u8>,
) -> Result<(), Error> {
    let (channel, priority) = handle.address(method);
    let until = handle.until();
    let sent = scratch::with(|payload| {
        norequest.encode(payload).map_err(|error| method.explain(error))?;
        codec::note_tail(payload, tail.len())?;
        handle.core().send(until, handle.when_written(), |peer| {
            peer.send_norequest_with(channel, priority, handle.delivery(), payload, tail)
                .map(|ticket| ((), ticket))
        })
    });
    sent.map_err(|error| Error::of_call(&handle.host, Some(method), error))
}
