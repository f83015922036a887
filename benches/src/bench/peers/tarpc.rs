//! tarpc over the child's stdin and stdout.

use std::future::Future;
use std::io;

use coproc_benches::laps::Laps;
use futures::StreamExt;
use futures::future::{join_all, try_join_all};
use os_pipe::{PipeReader, PipeWriter};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use tarpc::client;
use tarpc::context::{self, Context};
use tarpc::serde_transport::Transport;
use tarpc::server::{self, Channel};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Runtime;
use tokio_serde::formats::Bincode;
use tokio_util::codec::length_delimited::LengthDelimitedCodec;

use super::tokio::{ends, runtime};
use crate::contender::{Contender, Job, Outcome, Running, Tree, check};
use crate::worker::{self, Reaped};

pub(super) const ROLE: &str = "tarpc";

pub(super) const TARPC: Contender = Contender {
    name: "tarpc",
    setting: "0.38: tokio current_thread on both sides, bincode over length-delimited frames, serde_bytes, buffers for 8192 requests \
              and replies, over the child's stdin and stdout; 8 tasks for 8 threads",
    does: |job| !matches!(job, Job::Flood(_)),
    start: |_| Ok(Box::new(Tarpc::start()?)),
};

/// As many requests and replies may be on their way.
const BUFFERED: usize = 8192;

/// More than the largest echo.
const LONGEST_FRAME: usize = 1 << 30;

#[tarpc::service]
trait Service {
    async fn add(number: u64) -> u64;
    async fn bytes(bytes: ByteBuf) -> ByteBuf;
    async fn numbers(numbers: Vec<f64>) -> Vec<f64>;
    async fn text(text: String) -> String;
    async fn tree(tree: Tree) -> Tree;
}

#[derive(Clone)]
struct Server;

impl Service for Server {
    async fn add(self, _: Context, number: u64) -> u64 {
        number + 1
    }

    async fn bytes(self, _: Context, bytes: ByteBuf) -> ByteBuf {
        bytes
    }

    async fn numbers(self, _: Context, numbers: Vec<f64>) -> Vec<f64> {
        numbers
    }

    async fn text(self, _: Context, text: String) -> String {
        text
    }

    async fn tree(self, _: Context, tree: Tree) -> Tree {
        tree
    }
}

pub(super) fn serve() -> Outcome {
    let (read, write) = worker::stdio()?;
    let spawn = |answer| async { drop(tokio::spawn(answer)) };
    runtime()?.block_on(async {
        let config = server::Config { pending_response_buffer: BUFFERED };
        config.channel(transport(read, write)?).execute(Server.serve()).for_each(spawn).await;
        Ok(())
    })
}

struct Tarpc {
    client: ServiceClient,
    runtime: Runtime,
    _worker: Reaped,
}

impl Tarpc {
    fn start() -> Outcome<Self> {
        let (worker, read, write) = worker::start(ROLE, &[])?;
        let runtime = runtime()?;
        let mut config = client::Config::default();
        config.max_in_flight_requests = BUFFERED;
        config.pending_request_buffer = BUFFERED;
        let client = runtime.block_on(async {
            io::Result::Ok(ServiceClient::new(config, transport(read, write)?).spawn())
        })?;
        Ok(Self { client, runtime, _worker: worker })
    }
}

impl Running for Tarpc {
    fn run(&mut self, job: &Job, laps: &mut Laps) -> Outcome {
        let client = &self.client;
        self.runtime.block_on(async {
            match job {
                Job::Call => {
                    while laps.more() {
                        let start = laps.start();
                        check(client.add(context::current(), 1).await? == 2)?;
                        laps.stop(start);
                    }
                }
                Job::Pipelined(count) => {
                    while laps.more() {
                        let start = laps.start();
                        let calls = (0..*count as u64).map(|number| client.add(context::current(), number));
                        check(try_join_all(calls).await?.into_iter().eq(1..=*count as u64))?;
                        laps.stop(start);
                    }
                }
                Job::Threads { threads, calls } => {
                    while laps.more() {
                        let start = laps.start();
                        let all = join_all((0..*threads).map(|_| one_by_one(client, *calls))).await;
                        all.into_iter().collect::<Outcome>()?;
                        laps.stop(start);
                    }
                }
                Job::Bytes(bytes) | Job::Owned(bytes) => {
                    echo(ByteBuf::from(bytes.clone()), laps, |bytes| client.bytes(context::current(), bytes))
                        .await?;
                }
                Job::Numbers(numbers) => {
                    echo(numbers.clone(), laps, |numbers| client.numbers(context::current(), numbers))
                        .await?;
                }
                Job::Text(text) => {
                    echo(text.clone(), laps, |text| client.text(context::current(), text)).await?
                }
                Job::Tree(tree) => {
                    echo(tree.clone(), laps, |tree| client.tree(context::current(), tree)).await?
                }
                Job::Flood(_) => return Err("tarpc has only requests".into()),
            }
            Ok(())
        })
    }
}

/// What comes back is the next that is sent.
async fn echo<T, F: Future<Output = Result<T, client::RpcError>>>(
    mut value: T,
    laps: &mut Laps,
    call: impl Fn(T) -> F,
) -> Outcome {
    while laps.more() {
        let start = laps.start();
        value = call(value).await?;
        laps.stop(start);
    }
    Ok(())
}

async fn one_by_one(client: &ServiceClient, calls: usize) -> Outcome {
    for number in 0..calls as u64 {
        check(client.add(context::current(), number).await? == number + 1)?;
    }
    Ok(())
}

fn transport<Item, SinkItem>(
    read: PipeReader,
    write: PipeWriter,
) -> io::Result<Transport<impl AsyncRead + AsyncWrite, Item, SinkItem, Bincode<Item, SinkItem>>>
where
    Item: for<'de> Deserialize<'de>,
    SinkItem: Serialize,
{
    let (read, write) = ends(read, write)?;
    let frames = LengthDelimitedCodec::builder()
        .max_frame_length(LONGEST_FRAME)
        .new_framed(tokio::io::join(read, write));
    Ok(tarpc::serde_transport::new(frames, Bincode::default()))
}
