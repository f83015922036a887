//! Public types can be shared, sent and shown, whatever their parameters are.

use std::fmt::Debug;

use coproc_runtime::proto::{ChannelId, Counters, Limits, Message, Peer, Priority, ProtocolError, RequestId};
use coproc_runtime::{
    Entry, Error, Exit, Handle, MessengerError, MultiMessenger, Pending, PriorityMessenger, Received,
    Remaining, SendError, Spawn, Status, Wait, WorkerResource,
};

/// Neither `Send` nor `Sync` nor `Debug`: only its values would have to be.
type Unshared = std::rc::Rc<dyn Fn()>;

fn shared<T: Send + Sync + Debug>() {}

#[test]
fn public_types_are_send_sync_and_debug() {
    shared::<(ChannelId, Counters, Limits, Message, Peer, Priority, ProtocolError, RequestId)>();
    shared::<(Error, Exit, Handle, MessengerError, Status, Wait, Received<u8>)>();
    shared::<(Entry<Unshared, Unshared>, Spawn<Unshared, Unshared>, Pending<Unshared>)>();
    shared::<(PriorityMessenger<Unshared, Unshared>, MultiMessenger<Unshared, Unshared>)>();
    shared::<WorkerResource<Unshared, Unshared>>();
    shared::<Remaining<'static, Unshared, Unshared, coproc_runtime::Fifo>>();
    shared::<SendError<u8>>();
}
