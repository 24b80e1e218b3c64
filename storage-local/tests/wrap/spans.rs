use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use storage_core::list::ListOptions;
use storage_core::wrap::Traced;
use storage_core::{Body, CopyOptions, ErrorKind, GetOptions, PutOptions, Storage, StorageExt};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::faulty::Faulty;
use crate::{key, memory, one_shot, put};

type Fields = BTreeMap<&'static str, String>;

/// Keeps each span's name and fields.
#[derive(Clone, Default)]
struct Spans(Arc<Kept>);

#[derive(Default)]
struct Kept {
    last: AtomicU64,
    spans: Mutex<BTreeMap<u64, (&'static str, Fields)>>,
}

struct Into<'a>(&'a mut Fields);

impl Visit for Into<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Subscriber for Spans {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.0.last.fetch_add(1, Ordering::SeqCst) + 1;
        let mut fields = Fields::new();
        span.record(&mut Into(&mut fields));
        self.0.spans.lock().unwrap().insert(id, (span.metadata().name(), fields));
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        if let Some((_, fields)) = self.0.spans.lock().unwrap().get_mut(&span.into_u64()) {
            values.record(&mut Into(fields));
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl Spans {
    fn take(&self) -> Vec<(&'static str, Fields)> {
        let spans = std::mem::take(&mut *self.0.spans.lock().unwrap()).into_values();
        spans.filter(|(name, _)| name.starts_with("storage")).collect()
    }

    fn only(&self) -> (&'static str, Fields) {
        let mut spans = self.take();
        assert_eq!(spans.len(), 1, "{spans:?}");
        spans.remove(0)
    }
}

#[track_caller]
fn holds(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(fields.get(name).map(String::as_str), Some(*value), "{name} of {fields:?}");
    }
}

#[tokio::test]
async fn each_operation_has_one_to_its_end() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(spans.clone());
    let store = Traced::new(memory());

    put(&store, "a", one_shot(100_000)).await;
    let (name, fields) = spans.only();
    assert_eq!(name, "storage.put");
    holds(
        &fields,
        &[
            ("otel.kind", "client"),
            ("storage.operation", "put"),
            ("storage.name", "memory"),
            ("storage.key", "a"),
            ("storage.size", "100000"),
            ("storage.sent", "100000"),
            ("storage.outcome", "ok"),
        ],
    );

    store.read_range(&key("a"), 10..20).await.unwrap();
    let (name, fields) = spans.only();
    assert_eq!(name, "storage.get");
    holds(&fields, &[("storage.size", "100000"), ("storage.received", "10"), ("storage.outcome", "ok")]);

    drop(store.get(&key("a"), GetOptions::new()).await.unwrap());
    holds(&spans.only().1, &[("storage.outcome", "dropped")]);

    put(&store, "b", "").await;
    spans.take();
    assert_eq!(store.list("".into()).count().await, 2);
    holds(&spans.only().1, &[("storage.items", "2"), ("storage.outcome", "ok")]);
    store.copy(&key("a"), &key("c"), CopyOptions::new()).await.unwrap();
    holds(&spans.only().1, &[("storage.key", "a"), ("storage.target_key", "c"), ("storage.size", "100000")]);
}

#[tokio::test]
async fn an_error_has_its_kind_and_is_a_failure_only_if_the_store_failed() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(spans.clone());
    let inner = Faulty::new(memory());
    let store = Traced::new(Arc::clone(&inner) as Arc<dyn Storage>);

    store.stat(&key("nope")).await.unwrap_err();
    let (_, fields) = spans.only();
    holds(&fields, &[("error.type", "not_found"), ("storage.outcome", "not_found")]);
    assert!(!fields.contains_key("otel.status_code"));

    inner.fail(ErrorKind::Unavailable);
    store.stat(&key("nope")).await.unwrap_err();
    holds(&spans.only().1, &[("error.type", "unavailable"), ("otel.status_code", "ERROR")]);
    assert!(store.list("".into()).next().await.unwrap().is_err());
    holds(&spans.only().1, &[("error.type", "unavailable"), ("storage.outcome", "unavailable")]);
    inner.fail(None);

    let breaking = Body::from_stream(futures_util::stream::iter([
        Ok("abc".into()),
        Err(std::io::Error::other("broken")),
    ]));
    store.put(&key("a"), breaking, PutOptions::new()).await.unwrap_err();
    holds(&spans.only().1, &[("otel.status_code", "ERROR"), ("error.type", "other")]);

    inner.shut();
    let (name, stat) = (key("a"), std::time::Duration::from_millis(20));
    assert!(tokio::time::timeout(stat, store.stat(&name)).await.is_err());
    holds(&spans.only().1, &[("storage.outcome", "dropped")]);
}

#[tokio::test]
async fn keys_can_be_hidden_and_contents_and_metadata_never_show() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(spans.clone());
    let store = Traced::new(memory()).hide_keys();
    let options = PutOptions::new().metadata("by", "sesame-meta").tag("t", "sesame-tag");
    store.put(&key("sesame-key"), "sesame-content".into(), options).await.unwrap();
    store.read(&key("sesame-key")).await.unwrap();
    store.stat(&key("sesame-missing")).await.unwrap_err();
    store.copy(&key("sesame-key"), &key("sesame-copy"), CopyOptions::new()).await.unwrap();
    store.rename(&key("sesame-key"), &key("sesame-copy"), CopyOptions::new()).await.unwrap();
    store.delete(&key("sesame-copy")).await.unwrap();
    store.delete_many(vec![key("sesame-copy").into()]).await.unwrap().into_result().unwrap();
    store.list(ListOptions::new().prefix("sesame")).count().await;
    store.list_level(ListOptions::new().prefix("sesame")).count().await;
    let seen = format!("{:?}", spans.take());
    assert_eq!(seen.matches("\"storage.name\"").count(), 9, "{seen}");
    assert!(!seen.contains("sesame"), "{seen}");
}
