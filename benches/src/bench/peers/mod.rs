//! The peers, each in its best sensible setting.

mod ipc_channel;
mod procspawn;
mod remoc;
mod tarpc;
mod tokio;

use crate::contender::{Contender, Outcome};

pub(crate) const ALL: [&Contender; 4] =
    [&tarpc::TARPC, &ipc_channel::IPC_CHANNEL, &remoc::REMOC, &procspawn::PROCSPAWN];

/// Serves, if the worker works for one of them.
pub(crate) fn serve(role: &str, arguments: &[String]) -> Option<Outcome> {
    Some(match role {
        tarpc::ROLE => tarpc::serve(),
        ipc_channel::ROLE => ipc_channel::serve(arguments),
        remoc::ROLE => remoc::serve(),
        _ => return None,
    })
}

/// Its workers are told by a variable of their environment.
pub(crate) fn serve_procspawn() {
    ::procspawn::init();
}
