//! A million objects, and what they take. In a process of its own, as it is the process whose memory is measured.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::sync::Arc;

use storage_core::Storage;
use storage_core::clock::Clock;
use storage_core::sweep::{References, Sweep};
use support::{Listed, PAGE, hours_ago, item, now, run};

const OBJECTS: u64 = 1_000_000;

/// Prime to the number of objects, so that all of them come, in no order.
const STRIDE: u64 = 617_371;

const LIMIT: u64 = 64 * 1024 * 1024;

fn key(number: u64) -> String {
    format!("uploads/2026/{number:07}/a picture of a cat.jpg")
}

/// The most memory that this process had at any time, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// Every fifth is an orphan, and a fifth as many are missing.
#[test]
fn a_million_objects_fit_into_64_mib() {
    let listed = Arc::new(Listed::new(OBJECTS, |number| item(&key(number), 7, Some(hours_ago(48)))));
    let storage: Arc<dyn Storage> = Arc::clone(&listed) as _;
    let in_no_order = (0..OBJECTS).map(|number| number * STRIDE % OBJECTS);
    let references = in_no_order.map(|number| match number % 5 {
        0 => key(OBJECTS + number),
        _ => key(number),
    });
    let report = run(async {
        let plan =
            Sweep::new(&storage).clock(Clock::fixed(now())).plan(References::keys(references)).await.unwrap();
        let counts = plan.counts();
        assert_eq!((counts.listed, counts.referenced), (OBJECTS, OBJECTS / 5 * 4));
        assert_eq!((counts.orphans, counts.missing), (OBJECTS / 5, OBJECTS / 5));
        plan.apply().await.unwrap()
    });
    assert_eq!(report.deleted, OBJECTS / 5);
    let [pages, looks, deletions, deleted] = listed.asked.all();
    assert_eq!((pages, deletions, deleted), (OBJECTS / PAGE, OBJECTS / 5 / PAGE, OBJECTS / 5));
    assert_eq!(looks, OBJECTS / 5);
    let peak = peak();
    println!("peak: {} MiB", peak / 1024 / 1024);
    assert!(peak <= LIMIT, "{peak} bytes");
}
