use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use storage_core::list::ListOptions;
use storage_core::wrap::Traced;
use storage_core::{GetOptions, Storage, StorageExt};

use crate::{key, memory, one_shot, put};

/// Counters by name and labels; of histograms how often they were told something.
#[derive(Clone, Default)]
struct Figures(Arc<Mutex<BTreeMap<String, u64>>>);

struct Figure(Figures, String);

impl Figures {
    fn figure(&self, key: &Key) -> Arc<Figure> {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Arc::new(Figure(self.clone(), format!("{} {}", key.name(), labels.join(" "))))
    }

    fn take(&self) -> Vec<String> {
        let figures = std::mem::take(&mut *self.0.lock().unwrap());
        figures.into_iter().map(|(name, count)| format!("{name}: {count}")).collect()
    }
}

impl CounterFn for Figure {
    fn increment(&self, value: u64) {
        *self.0.0.lock().unwrap().entry(self.1.clone()).or_default() += value;
    }

    fn absolute(&self, _: u64) {}
}

impl HistogramFn for Figure {
    fn record(&self, value: f64) {
        assert!((0.0..60.0).contains(&value), "{value} seconds");
        self.increment(1);
    }
}

impl Recorder for Figures {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.figure(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.figure(key))
    }
}

#[tokio::test]
async fn operations_are_counted_by_how_they_ended() {
    let figures = Figures::default();
    let _guard = metrics::set_default_local_recorder(&figures);
    let store = Traced::new(memory());

    put(&store, "a", one_shot(100_000)).await;
    assert_eq!(
        figures.take(),
        [
            "storage_operation_duration_seconds operation=put store=memory outcome=ok: 1",
            "storage_operations_total operation=put store=memory outcome=ok: 1",
            "storage_sent_bytes_total store=memory: 100000",
        ]
    );

    store.read(&key("a")).await.unwrap();
    drop(store.get(&key("a"), GetOptions::new()).await.unwrap());
    store.read(&key("nope")).await.unwrap_err();
    assert_eq!(
        figures.take(),
        [
            "storage_answer_duration_seconds operation=get store=memory: 2",
            "storage_operation_duration_seconds operation=get store=memory outcome=dropped: 1",
            "storage_operation_duration_seconds operation=get store=memory outcome=not_found: 1",
            "storage_operation_duration_seconds operation=get store=memory outcome=ok: 1",
            "storage_operations_total operation=get store=memory outcome=dropped: 1",
            "storage_operations_total operation=get store=memory outcome=not_found: 1",
            "storage_operations_total operation=get store=memory outcome=ok: 1",
            "storage_received_bytes_total store=memory: 100000",
        ]
    );

    put(&store, "b", "x").await;
    figures.take();
    assert_eq!(store.list(ListOptions::new()).count().await, 2);
    store.list(ListOptions::new()).next().await.unwrap().unwrap();
    assert_eq!(
        figures.take(),
        [
            "storage_items_total operation=list store=memory: 3",
            "storage_operation_duration_seconds operation=list store=memory outcome=dropped: 1",
            "storage_operation_duration_seconds operation=list store=memory outcome=ok: 1",
            "storage_operations_total operation=list store=memory outcome=dropped: 1",
            "storage_operations_total operation=list store=memory outcome=ok: 1",
        ]
    );
}
