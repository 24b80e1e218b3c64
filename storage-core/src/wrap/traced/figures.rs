use std::sync::Arc;

use metrics::{Label, SharedString, counter, histogram};

use super::operation::{Ending, Facts};

pub(super) fn answered(facts: &Facts) {
    let labels = vec![operation(facts), store(facts)];
    histogram!("storage_answer_duration_seconds", labels).record(facts.started.elapsed());
}

pub(super) fn end(facts: &Facts, ending: Ending<'_>) {
    let labels = vec![operation(facts), store(facts), Label::from_static_parts("outcome", ending.as_str())];
    histogram!("storage_operation_duration_seconds", labels.clone()).record(facts.started.elapsed());
    counter!("storage_operations_total", labels).increment(1);
    if let Some(bytes) = facts.sent {
        counter!("storage_sent_bytes_total", vec![store(facts)]).increment(bytes);
    }
    if let Some(bytes) = facts.received {
        counter!("storage_received_bytes_total", vec![store(facts)]).increment(bytes);
    }
    if let Some(items) = facts.items {
        counter!("storage_items_total", vec![operation(facts), store(facts)]).increment(items);
    }
}

fn operation(facts: &Facts) -> Label {
    Label::from_static_parts("operation", facts.name)
}

fn store(facts: &Facts) -> Label {
    Label::new("store", SharedString::from_shared(Arc::clone(&facts.store)))
}
