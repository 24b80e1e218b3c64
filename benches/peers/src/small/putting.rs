use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use bytes::Bytes;
use clap::ValueEnum;

use super::{aws_sdk, object_store, opendal, ours, rusty_s3, sockets};
use crate::harness::{Meter, Usage};

/// Before it is measured a client has opened its connections and found its credentials.
const WARM_UP: usize = 200;

/// Who puts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Peer {
    Ours,
    Wrapped,
    Watched,
    ObjectStore,
    Opendal,
    RustyS3,
    AwsSdk,
    Sockets,
}

impl Peer {
    pub(super) const ALL: [Self; 6] =
        [Self::Ours, Self::RustyS3, Self::ObjectStore, Self::Opendal, Self::AwsSdk, Self::Sockets];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours, with naming",
            Self::Wrapped => "through three wrappers",
            Self::Watched => "through three wrappers, metrics recorded",
            Self::ObjectStore => "object_store",
            Self::Opendal => "opendal",
            Self::RustyS3 => "rusty-s3 + reqwest",
            Self::AwsSdk => "aws-sdk-s3",
            Self::Sockets => "tokio alone",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Runtime {
    /// tokio's default: as many threads as there are cores
    MultiThread,
    /// One thread
    CurrentThread,
}

/// One contestant's share of `small`, in a process of its own.
#[derive(Debug, clap::Args)]
pub(crate) struct Putting {
    pub(super) peer: Peer,
    pub(super) runtime: Runtime,
    pub(super) address: String,
    pub(super) size: usize,
    pub(super) at_a_time: usize,
    pub(super) count: usize,
}

/// Stores bytes under a name. A clone is the same client.
pub(super) trait Put: Clone + Send + Sync + 'static {
    fn put(&self, name: String, content: Bytes) -> impl Future<Output = Result<()>> + Send;
}

impl Putting {
    /// How this program is told to do it.
    pub(super) fn arguments(&self) -> Vec<String> {
        let name =
            |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
        let names = [name(self.peer.to_possible_value()), name(self.runtime.to_possible_value())];
        let numbers = [self.size, self.at_a_time, self.count].map(|number| number.to_string());
        let words = names.into_iter().flatten().chain([self.address.clone()]).chain(numbers);
        std::iter::once("putting".to_owned()).chain(words).collect()
    }

    /// Prints what one put took.
    ///
    /// # Errors
    /// When a put fails.
    pub(crate) fn run(self) -> Result<()> {
        let mut builder = match self.runtime {
            Runtime::MultiThread => tokio::runtime::Builder::new_multi_thread(),
            Runtime::CurrentThread => tokio::runtime::Builder::new_current_thread(),
        };
        let usage = builder.enable_all().build()?.block_on(async {
            match self.peer {
                Peer::Ours => self.measure(ours::client(&self.address)?).await,
                Peer::Wrapped => self.measure(ours::wrapped(&self.address)?).await,
                Peer::Watched => {
                    ours::record_metrics()?;
                    self.measure(ours::wrapped(&self.address)?).await
                }
                Peer::ObjectStore => self.measure(object_store::client(&self.address)?).await,
                Peer::Opendal => self.measure(opendal::client(&self.address)?).await,
                Peer::RustyS3 => self.measure(rusty_s3::client(&self.address)?).await,
                Peer::AwsSdk => self.measure(aws_sdk::client(&self.address)).await,
                Peer::Sockets => self.measure(sockets::client(&self.address, self.size)).await,
            }
        })?;
        println!("{}", serde_json::to_string(&usage)?);
        Ok(())
    }

    async fn measure(&self, client: impl Put) -> Result<Usage> {
        let content = Bytes::from(vec![b'x'; self.size]);
        self.put_all(&client, &content, WARM_UP.min(self.count)).await?;
        let meter = Meter::start();
        self.put_all(&client, &content, self.count).await?;
        let usage = meter.stop();
        let count = u32::try_from(self.count)?;
        Ok(Usage { wall: usage.wall / count, cpu: usage.cpu / count, ..usage })
    }

    async fn put_all(&self, client: &impl Put, content: &Bytes, count: usize) -> Result<()> {
        let next = Arc::new(AtomicUsize::new(0));
        let tasks: Vec<_> = (0..self.at_a_time)
            .map(|_| {
                let (client, content, next) = (client.clone(), content.clone(), Arc::clone(&next));
                tokio::spawn(async move {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= count {
                            return anyhow::Ok(());
                        }
                        client.put(format!("photos/2026/{number:08}.jpg"), content.clone()).await?;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await??;
        }
        Ok(())
    }
}
