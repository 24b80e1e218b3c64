use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use bytes::Bytes;
use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use storage_core::wrap::{Limited, Traced, Validated};
use storage_core::{Bucket, Storage};

use super::putting::Put;
use crate::clients;

#[derive(Clone)]
struct Client(Bucket);

pub(super) fn client(address: &str) -> Result<impl Put> {
    let storage: Arc<dyn Storage> = Arc::new(clients::ours(address)?);
    Ok(Client(Bucket::new(storage)))
}

/// Looked at, counted and limited on the way.
pub(super) fn wrapped(address: &str) -> Result<impl Put> {
    let storage: Arc<dyn Storage> = Arc::new(clients::ours(address)?);
    let bucket = Bucket::new(storage)
        .wrapped(Traced::new)
        .wrapped(|storage| Limited::new(storage, 64))
        .wrapped(|storage| Validated::new(storage).min_length(1).max_length(1024 * 1024));
    Ok(Client(bucket))
}

/// Keeps counters and histograms, in place of the exporter that an application has.
pub(super) fn record_metrics() -> Result<()> {
    metrics::set_global_recorder(Tally::default()).map_err(|error| anyhow::anyhow!("{error}"))
}

/// One figure for all of a kind: what it takes to find a figure by its name and labels is the exporter's.
#[derive(Default)]
struct Tally {
    counter: Arc<AtomicU64>,
    histogram: Arc<Sum>,
}

#[derive(Default)]
struct Sum(AtomicU64);

impl HistogramFn for Sum {
    fn record(&self, value: f64) {
        self.0.fetch_add(value.to_bits(), Ordering::Relaxed);
    }
}

impl Recorder for Tally {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Arc::clone(&self.counter))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Arc::clone(&self.histogram))
    }
}

impl Put for Client {
    async fn put(&self, name: String, content: Bytes) -> Result<()> {
        self.0.save(name, content).await?;
        Ok(())
    }
}
