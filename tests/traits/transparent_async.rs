//! Transparent stubs of async traits: their futures are ready at once.

use std::future;
use std::io;
use std::pin::Pin;

use coproc::{ErrorKind, Stub};
use serde::{Deserialize, Serialize};

use crate::futures::block_on;
use crate::remote;

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum RpcError {
    Refused { code: i32 },
    Transport(String),
}

impl From<coproc::Error> for RpcError {
    fn from(error: coproc::Error) -> RpcError {
        RpcError::Transport(format!("{:?}", error.kind()))
    }
}

type RpcResult<T> = Result<T, RpcError>;

/// As clients of a remote service have it.
#[coproc::worker(transparent)]
trait Chain: Send + Sync {
    async fn height(&self) -> RpcResult<u64>;
    async fn block(&self, hash: &[u8; 32], full: Option<&str>) -> RpcResult<Option<Vec<String>>>;
    async fn submit(&mut self, _transactions: &[&str], fees: &mut Vec<u64>) -> RpcResult<usize>;
    fn subscribe(&self, topic: String) -> impl Future<Output = io::Result<u32>> + Send;
    fn poll<'c>(&'c mut self, id: u32) -> Pin<Box<dyn Future<Output = RpcResult<String>> + Send + 'c>>;
    #[on_failure(default)]
    async fn peers(&self) -> Vec<String>;
    #[on_failure("offline".to_owned())]
    fn status(&self) -> impl Future<Output = String> + Send;
    #[norequest]
    #[on_failure(default)]
    async fn gossip(&mut self, text: &str);
    async fn is_synced(&self) -> RpcResult<bool> {
        let height = self.height().await?;
        Ok(height > 2 && !self.peers().await.is_empty())
    }
    #[remote]
    async fn advance(&mut self, by: u8) -> RpcResult<u64> {
        for number in 0..by {
            self.submit(&[&number.to_string()], &mut Vec::new()).await?;
        }
        self.height().await
    }
}

#[derive(Default)]
struct Local {
    blocks: Vec<String>,
    gossip: Vec<String>,
}

impl Chain for Local {
    async fn height(&self) -> RpcResult<u64> {
        Ok(self.blocks.len() as u64)
    }
    async fn block(&self, hash: &[u8; 32], full: Option<&str>) -> RpcResult<Option<Vec<String>>> {
        let block = self.blocks.get(usize::from(hash[0]));
        Ok(block.map(|block| [Some(block.as_str()), full].into_iter().flatten().map(str::to_owned).collect()))
    }
    async fn submit(&mut self, transactions: &[&str], fees: &mut Vec<u64>) -> RpcResult<usize> {
        if transactions.is_empty() {
            return Err(RpcError::Refused { code: -3 });
        }
        assert!(!transactions.contains(&"crash"), "as asked");
        self.blocks.extend(transactions.iter().map(|text| (*text).to_owned()));
        fees.resize(self.blocks.len(), 7);
        Ok(transactions.len())
    }
    async fn subscribe(&self, topic: String) -> io::Result<u32> {
        match topic.as_str() {
            "" => Err(io::ErrorKind::InvalidInput.into()),
            topic => Ok(topic.len() as u32),
        }
    }
    fn poll<'c>(&'c mut self, id: u32) -> Pin<Box<dyn Future<Output = RpcResult<String>> + Send + 'c>> {
        Box::pin(async move { self.gossip.pop().ok_or(RpcError::Refused { code: id as i32 }) })
    }
    async fn peers(&self) -> Vec<String> {
        future::ready(vec!["peer".to_owned()]).await
    }
    async fn status(&self) -> String {
        format!("{} blocks", self.blocks.len())
    }
    async fn gossip(&mut self, text: &str) {
        self.gossip.push(text.to_owned());
    }
}

async fn told(mut chain: impl Chain) -> Vec<String> {
    let mut fees = vec![1];
    let mut told = Vec::new();
    told.push(format!("{:?} {:?}", chain.submit(&["one", "two"], &mut fees).await, chain.is_synced().await));
    told.push(format!("{:?} {fees:?}", chain.submit(&[], &mut fees).await));
    told.push(format!("{:?} {:?}", chain.height().await, chain.advance(3).await));
    told.push(format!(
        "{:?} {:?}",
        chain.block(&[1; 32], Some("full")).await,
        chain.block(&[9; 32], None).await
    ));
    told.push(format!("{:?}", chain.subscribe("topic".to_owned()).await));
    told.push(format!("{:?}", chain.subscribe(String::new()).await.map_err(|error| error.kind())));
    chain.gossip("psst").await;
    told.push(format!("{:?} {:?}", chain.poll(3).await, chain.poll(4).await));
    told.push(format!("{:?} {} {:?}", chain.peers().await, chain.status().await, chain.is_synced().await));
    told
}

#[test]
fn async_code_takes_the_stub() {
    let expected = block_on(told(Local::default()));
    assert_eq!(block_on(told(remote(ChainWorker(Local::default())))), expected);
}

fn chain() -> coproc::Entry<ChainHost, ()> {
    coproc::test_entry("transparent_async::chain_worker", |()| ChainWorker(Local::default()))
}

#[test]
fn chain_worker() {
    let _ = chain();
}

#[test]
fn failures_of_async_methods() {
    let there = chain().start(()).unwrap();
    assert_eq!(block_on(told(there.clone())), block_on(told(Local::default())));
    let error = there.submit(&["crash"], &mut vec![]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Panicked);
    block_on(dead(there.restart().unwrap(), true));
    block_on(dead(there, false));
}

async fn dead(mut chain: ChainHost, alive: bool) {
    if alive {
        chain.kill().unwrap();
    }
    let chain: &mut ChainHost = &mut chain;
    let lost = || RpcError::Transport("Died".to_owned());
    assert_eq!(Chain::height(chain).await, Err(lost()));
    let mut fees = vec![1];
    assert_eq!(Chain::submit(chain, &["a"], &mut fees).await, Err(lost()));
    assert_eq!(fees, [1]);
    let topic = Chain::subscribe(chain, "topic".to_owned()).await;
    assert_eq!(topic.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    assert_eq!(Chain::poll(chain, 1).await, Err(lost()));
    assert_eq!((Chain::peers(chain).await, Chain::status(chain).await), (vec![], "offline".to_owned()));
    Chain::gossip(chain, "psst").await;
    assert_eq!((Chain::is_synced(chain).await, Chain::advance(chain, 1).await), (Err(lost()), Err(lost())));
}
