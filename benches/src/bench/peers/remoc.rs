//! remoc's remote traits over the child's stdin and stdout.

use std::future::Future;
use std::sync::Arc;

use coproc_benches::laps::Laps;
use futures::future::{join_all, try_join_all};
use remoc::prelude::*;
use remoc::rtc::CallError;
use remoc::{Cfg, Connect, rtc};
use serde_bytes::ByteBuf;
use tokio::runtime::Runtime;

use super::tokio::{ends, runtime};
use crate::contender::{Contender, Job, Outcome, Running, Tree, check};
use crate::worker::{self, Reaped};

pub(super) const ROLE: &str = "remoc";

pub(super) const REMOC: Contender = Contender {
    name: "remoc",
    setting: "0.20 rtc: tokio current_thread on both sides, its codec and settings as by default, serde_bytes, requests and replies \
              of up to 1 GiB, over the child's stdin and stdout; 8 tasks for 8 threads",
    does: |job| !matches!(job, Job::Flood(_)),
    start: |_| Ok(Box::new(Remoc::start()?)),
};

/// More than the largest echo.
const LONGEST: usize = 1 << 30;

#[rtc::remote]
trait Service {
    async fn add(&self, number: u64) -> Result<u64, CallError>;
    async fn bytes(&self, bytes: ByteBuf) -> Result<ByteBuf, CallError>;
    async fn numbers(&self, numbers: Vec<f64>) -> Result<Vec<f64>, CallError>;
    async fn text(&self, text: String) -> Result<String, CallError>;
    async fn tree(&self, tree: Tree) -> Result<Tree, CallError>;
}

struct Server;

impl Service for Server {
    async fn add(&self, number: u64) -> Result<u64, CallError> {
        Ok(number + 1)
    }

    async fn bytes(&self, bytes: ByteBuf) -> Result<ByteBuf, CallError> {
        Ok(bytes)
    }

    async fn numbers(&self, numbers: Vec<f64>) -> Result<Vec<f64>, CallError> {
        Ok(numbers)
    }

    async fn text(&self, text: String) -> Result<String, CallError> {
        Ok(text)
    }

    async fn tree(&self, tree: Tree) -> Result<Tree, CallError> {
        Ok(tree)
    }
}

pub(super) fn serve() -> Outcome {
    let (read, write) = worker::stdio()?;
    runtime()?.block_on(async {
        let (read, write) = ends(read, write)?;
        let (server, mut client): (ServiceServerShared<_>, ServiceClient) =
            ServiceServerShared::new(Arc::new(Server));
        client.set_max_request_size(LONGEST);
        client.set_max_response_size(LONGEST);
        Connect::io(Cfg::default(), read, write).provide(client).await?;
        Ok(server.serve().await?)
    })
}

struct Remoc {
    client: ServiceClient,
    runtime: Runtime,
    _worker: Reaped,
}

impl Remoc {
    fn start() -> Outcome<Self> {
        let (worker, read, write) = worker::start(ROLE, &[])?;
        let runtime = runtime()?;
        let client = runtime.block_on(async {
            let (read, write) = ends(read, write)?;
            let mut client: ServiceClient = Connect::io(Cfg::default(), read, write).consume().await?;
            client.set_max_request_size(LONGEST);
            client.set_max_response_size(LONGEST);
            Outcome::Ok(client)
        })?;
        Ok(Self { client, runtime, _worker: worker })
    }
}

impl Running for Remoc {
    fn run(&mut self, job: &Job, laps: &mut Laps) -> Outcome {
        let client = &self.client;
        self.runtime.block_on(async {
            match job {
                Job::Call => {
                    while laps.more() {
                        let start = laps.start();
                        check(client.add(1).await? == 2)?;
                        laps.stop(start);
                    }
                }
                Job::Pipelined(count) => {
                    while laps.more() {
                        let start = laps.start();
                        let calls = (0..*count as u64).map(|number| client.add(number));
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
                    echo(ByteBuf::from(bytes.clone()), laps, |bytes| client.bytes(bytes)).await?
                }
                Job::Numbers(numbers) => {
                    echo(numbers.clone(), laps, |numbers| client.numbers(numbers)).await?
                }
                Job::Text(text) => echo(text.clone(), laps, |text| client.text(text)).await?,
                Job::Tree(tree) => echo(tree.clone(), laps, |tree| client.tree(tree)).await?,
                Job::Flood(_) => return Err("it is not measured".into()),
            }
            Ok(())
        })
    }
}

/// What comes back is the next that is sent.
async fn echo<T, F: Future<Output = Result<T, CallError>>>(
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
        check(client.add(number).await? == number + 1)?;
    }
    Ok(())
}
