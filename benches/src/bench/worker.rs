//! A worker's process out of this same binary, for whoever isn't coproc: the host's side and the worker's.

use std::env;
use std::io;
use std::os::fd::AsFd;
use std::process::{Child, Command};

use os_pipe::{PipeReader, PipeWriter};

use crate::busy;
use crate::contender::Outcome;
use crate::figures;
use crate::floor;
use crate::memory;
use crate::options::Effort;
#[cfg(feature = "peers")]
use crate::peers;

/// The first argument of a worker; who it works for is the second.
const FLAG: &str = "--bench-worker";

/// Serves, if this process is a worker.
pub(crate) fn serve() -> Option<Outcome> {
    let mut arguments = env::args().skip(1);
    if arguments.next()? != FLAG {
        return None;
    }
    let (role, arguments) = (arguments.next()?, arguments.collect::<Vec<_>>());
    Some(match role.as_str() {
        floor::pipe::ROLE => floor::pipe::serve(&arguments),
        floor::hand::ROLE => floor::hand::serve(),
        busy::ROLE => busy::serve(),
        memory::ROLE => memory::host(&arguments, &figures::whose_memory(Effort::Full)),
        #[cfg(feature = "peers")]
        role => peers::serve(role, &arguments)?,
        #[cfg(not(feature = "peers"))]
        role => Err(format!("{role} is no worker").into()),
    })
}

/// The command that starts a worker.
pub(crate) fn command(role: &str, arguments: &[String]) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.args([FLAG, role]).args(arguments);
    command
}

/// Starts a worker over two pipes, its stdin and stdout. What is bound last is dropped first: the pipes, and then it is waited for.
pub(crate) fn start(role: &str, arguments: &[String]) -> io::Result<(Reaped, PipeReader, PipeWriter)> {
    let (stdin, write) = os_pipe::pipe()?;
    let (read, stdout) = os_pipe::pipe()?;
    let child = command(role, arguments).stdin(stdin).stdout(stdout).spawn()?;
    Ok((Reaped(child), read, write))
}

/// A child that leaves once its pipe is closed: when it is dropped, behind the pipe, it is waited for.
pub(crate) struct Reaped(pub(crate) Child);

impl Drop for Reaped {
    fn drop(&mut self) {
        let _ = self.0.wait();
    }
}

/// In a worker: its ends of the pipes.
pub(crate) fn stdio() -> io::Result<(PipeReader, PipeWriter)> {
    let read = io::stdin().as_fd().try_clone_to_owned()?;
    let write = io::stdout().as_fd().try_clone_to_owned()?;
    Ok((read.into(), write.into()))
}
