use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use storage_core::sweep::References;

use crate::support::{Listed, hours_ago, item, run};
use crate::{missing, orphans, sweep};

/// Few different keys, so that they meet.
fn key() -> impl Strategy<Value = String> {
    "[ab]{1,2}(/|-)?[ü0-3]{1,2}"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    /// In any order, with anything twice, in memory or not: the same as with sets.
    #[test]
    fn finds_what_sets_find(
        objects in vec((key(), 0_u64..100), 0..120),
        references in vec(key(), 0..120),
        is_in_order in any::<bool>(),
        memory in prop_oneof![Just(1_usize), Just(300), Just(100_000)],
        prefix in prop_oneof![Just(""), Just("a")],
    ) {
        let mut objects = objects;
        if is_in_order {
            objects.sort();
        }
        // Of a key that is listed twice the newest counts.
        let mut ages: BTreeMap<&str, u64> = BTreeMap::new();
        for (key, hours) in objects.iter().filter(|(key, _)| key.starts_with(prefix)) {
            ages.entry(key).and_modify(|age| *age = (*age).min(*hours)).or_insert(*hours);
        }
        let referenced: BTreeSet<&str> =
            references.iter().map(String::as_str).filter(|key| key.starts_with(prefix)).collect();
        let unreferenced = || ages.iter().filter(|(key, _)| !referenced.contains(**key));
        let expected: Vec<&str> = unreferenced().filter(|(_, hours)| **hours >= 24).map(|(key, _)| *key).collect();
        let absent: Vec<&str> = referenced.iter().copied().filter(|key| !ages.contains_key(key)).collect();

        let items = objects.iter().map(|(key, hours)| item(key, 1, Some(hours_ago(*hours)))).collect();
        let listed = Arc::new(Listed::items(items));
        let folder = tempfile::tempdir().unwrap();
        let sweep = sweep(&listed).allow_no_references().prefix(prefix).memory(memory).temporary_folder(folder.path());
        let (found, lacking, counts, deleted) = run(async {
            let plan = sweep.plan(References::keys(references.clone())).await.unwrap();
            let (found, lacking) = (orphans(&plan).await, missing(&plan).await);
            plan.apply().await.unwrap().into_result().unwrap();
            (found, lacking, plan.counts(), listed.deleted())
        });
        prop_assert_eq!(&found, &deleted);
        prop_assert_eq!(deleted, expected);
        prop_assert_eq!(lacking, absent);
        prop_assert_eq!(counts.references, referenced.len() as u64);
    }
}
