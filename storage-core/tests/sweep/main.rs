//! Orphans found and deleted, by the public API.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod apply;
mod model;
mod plan;
mod references;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;

use storage_core::Storage;
use storage_core::clock::Clock;
use storage_core::sweep::{Plan, References, Sweep};
use support::{Listed, all, now};

/// A sweep by the clock of the tests, that may delete everything.
fn sweep(listed: &Arc<Listed>) -> Sweep {
    let storage: Arc<dyn Storage> = Arc::clone(listed) as _;
    Sweep::new(&storage).clock(Clock::fixed(now())).max_share(1.0)
}

async fn planned(listed: &Arc<Listed>, references: &[&str]) -> Plan {
    let references: Vec<String> = references.iter().map(|key| (*key).to_owned()).collect();
    sweep(listed).plan(References::keys(references)).await.unwrap()
}

async fn orphans(plan: &Plan) -> Vec<String> {
    all(plan.orphans()).await.into_iter().map(|orphan| orphan.key.as_str().to_owned()).collect()
}

async fn missing(plan: &Plan) -> Vec<String> {
    all(plan.missing()).await.into_iter().map(|key| key.as_str().to_owned()).collect()
}
