//! What is told of names that there is no file for.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use storage_static::manifest::Manifest;
use storage_static::resolve::{Miss, Statics};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Keeps the messages of all warnings.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Visit for Warnings {
    fn record_debug(&mut self, _: &Field, value: &dyn Debug) {
        self.0.lock().unwrap().push(format!("{value:?}"));
    }
}

#[test]
fn a_plain_name_is_warned_of_once() {
    let warnings = Warnings::default();
    let manifest: Manifest = [("a.css", "a.0.css")].into_iter().collect();
    tracing::subscriber::with_default(warnings.clone(), || {
        let statics = Statics::builder().miss(Miss::Plain).manifest(&manifest);
        for name in ["a.css", "b.css", "b.css?x"] {
            statics.url(name).unwrap();
        }
    });
    assert_eq!(
        *warnings.0.lock().unwrap(),
        ["there is no static file b.css; the nearest are a.css: its plain URL is given"]
    );
}
