use anyhow::{Context, Result};
use clap::ValueEnum;
use futures_util::TryStreamExt;
use object_store::ObjectStore;
use storage_core::Storage;
use storage_core::list::ListOptions;

use crate::clients;
use crate::harness::Meter;

/// Who lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Peer {
    Ours,
    ObjectStore,
    AwsSdk,
}

impl Peer {
    pub(super) const ALL: [Self; 3] = [Self::Ours, Self::ObjectStore, Self::AwsSdk];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::ObjectStore => "object_store",
            Self::AwsSdk => "aws-sdk-s3",
        }
    }
}

/// One contestant's share of `list`, in a process of its own.
#[derive(Debug, clap::Args)]
pub(crate) struct Listing {
    pub(super) peer: Peer,
    pub(super) address: String,
}

impl Listing {
    /// How this program is told to do it.
    pub(super) fn arguments(&self) -> Vec<String> {
        let peer = self.peer.to_possible_value().map(|value| value.get_name().to_owned());
        ["listing".to_owned()].into_iter().chain(peer).chain([self.address.clone()]).collect()
    }

    /// Prints how many keys there were, and what listing them took.
    ///
    /// # Errors
    /// When the listing fails.
    pub(crate) fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let meter = Meter::start();
        let count = runtime.block_on(self.count())?;
        println!("{}", serde_json::to_string(&(count, meter.stop()))?);
        Ok(())
    }

    async fn count(&self) -> Result<u32> {
        let mut count = 0;
        match self.peer {
            Peer::Ours => {
                let mut items = clients::ours(&self.address)?.list(ListOptions::new());
                while items.try_next().await?.is_some() {
                    count += 1;
                }
            }
            Peer::ObjectStore => {
                let store = clients::object_store(&self.address)?;
                let mut items = store.list(None);
                while items.try_next().await?.is_some() {
                    count += 1;
                }
            }
            Peer::AwsSdk => {
                let mut pages =
                    clients::aws_sdk(&self.address).list_objects_v2().bucket("bench").into_paginator().send();
                while let Some(page) = pages.next().await {
                    count += u32::try_from(page.context("a page")?.contents().len())?;
                }
            }
        }
        Ok(count)
    }
}
