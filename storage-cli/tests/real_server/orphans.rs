use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use storage_suite::Bucket;

use crate::server::{self, Sandbox};

/// The minimum age in seconds: longer than it takes from an upload's beginning to its reference.
fn min_age() -> u64 {
    if server::name() == "in-process" { 2 } else { 6 }
}

const UPLOADERS: usize = 4;

/// One large enough for an upload in parts.
const LARGE: usize = 20 * 1024 * 1024;

/// As the database of an application: a row is written after the upload is done.
type Rows = Arc<Mutex<BTreeSet<String>>>;

/// Saves files until it is told to stop, every twentieth of them in parts.
async fn upload(media: Bucket, number: usize, rows: Rows, is_over: Arc<AtomicBool>) {
    for count in 0_usize.. {
        if is_over.load(Ordering::Relaxed) {
            return;
        }
        let size = if number == 0 && count.is_multiple_of(20) { LARGE } else { 100 };
        let saved = media.save(&format!("uploads/{number}/{count}.bin"), vec![7; size]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        rows.lock().unwrap().insert(saved.key.to_string());
    }
}

fn keys(sandbox: &Sandbox) -> BTreeSet<String> {
    sandbox.run(&["ls", "--recursive", "uploads/"]).ok().lines().into_iter().collect()
}

#[test]
fn a_sweep_beside_uploads_deletes_all_orphans_and_loses_no_upload() {
    let sandbox = Sandbox::new();
    let first = sandbox.put(b"x", "uploads/first.bin");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let media = sandbox.storages().media().clone();
    let rows = Rows::new(Mutex::new(BTreeSet::from([first])));
    // In folders that no server lists in the order of bytes by chance: `b-` sorts before `b/`.
    let orphans: BTreeSet<String> = runtime.block_on(async {
        let mut orphans = BTreeSet::new();
        for number in 0..60 {
            let folder = if number % 2 == 0 { "b/c" } else { "b-" };
            let saved = media.save(&format!("uploads/{folder}/{number}.bin"), "orphan").await.unwrap();
            orphans.insert(saved.key.to_string());
            let kept = media.save(&format!("uploads/{folder}/kept/{number}.bin"), "kept").await.unwrap();
            rows.lock().unwrap().insert(kept.key.to_string());
        }
        orphans
    });
    let is_over = Arc::new(AtomicBool::new(false));
    let uploads: Vec<_> = (0..UPLOADERS)
        .map(|number| runtime.spawn(upload(media.clone(), number, Arc::clone(&rows), Arc::clone(&is_over))))
        .collect();
    let longer = Duration::from_secs(min_age() + 2);
    sleep(longer);
    let begin = Instant::now();
    let age = format!("{}s", min_age());
    let mut deleted = BTreeSet::new();
    while begin.elapsed() < longer {
        let dump: Vec<_> = rows.lock().unwrap().iter().map(|key| format!("{key}\n")).collect();
        sandbox.write("keys.txt", dump.concat());
        let args = ["orphans", "--references", "keys.txt", "--prefix", "uploads/", "--json"];
        let args = [&args[..], &["--min-age", &age, "--max-share", "100%", "--delete", "--yes"]].concat();
        for line in sandbox.run(&args).ok().json() {
            match line["state"].as_str() {
                Some("deleted") => {
                    assert!(deleted.insert(line["key"].as_str().unwrap().to_owned()), "{line}");
                }
                Some(_) => panic!("{line}"),
                None => assert!(line["summary"]["untried"] == 0 && line["summary"]["missing"] == 0, "{line}"),
            }
        }
    }
    is_over.store(true, Ordering::Relaxed);
    for upload in uploads {
        runtime.block_on(upload).unwrap();
    }
    let rows = rows.lock().unwrap();
    assert!(rows.len() > 61 + UPLOADERS, "nothing was uploaded beside the sweeps");
    assert_eq!(deleted, orphans);
    assert_eq!(keys(&sandbox), *rows);
}
