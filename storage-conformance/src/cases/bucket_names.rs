use storage_core::naming::{self, Naming};
use storage_core::{Bucket, Collision, ErrorKind};

use crate::case::{Case, case};
use crate::cases::{bucket, extension};
use crate::outcome::{Outcome, ensure, ensure_eq, refused, same_bytes};
use crate::recorder::Recorder;
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(are_composed),
        case!(with_a_date),
        case!(are_shortened),
        case!(bad_ones_never_reach_the_store),
        case!(bad_keys_never_reach_the_store),
    ]
}

async fn are_composed(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_collision(Collision::Replace);
    let saved = bucket.save("u\u{308}.txt", "x").await?;
    ensure_eq!(saved.key.as_str(), "\u{fc}.txt", "key");
    Ok(())
}

async fn with_a_date(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_naming(naming::random().then(naming::date_prefix()));
    let saved = bucket.save("tom.jpg", "x").await?;
    let segments: Vec<_> = saved.key.segments().collect();
    ensure_eq!(segments.len(), 2, "segments of `{}`", saved.key);
    ensure!(segments[0].len() == 10 && segments[0].starts_with("20"), "no date begins `{}`", saved.key);
    ensure!(extension(&saved.key) == Some("jpg"), "`{}` has lost its extension", saved.key);
    same_bytes(&bucket.read(&saved.key).await?, b"x")
}

async fn are_shortened(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_max_key_bytes(60);
    let name = format!("d/{}.jpeg", "語".repeat(300));
    for content in ["one", "two"] {
        let key = bucket.save(&name, content).await?.key;
        ensure!(key.as_str().len() <= 60, "`{key}` has {} bytes", key.as_str().len());
        ensure!(key.as_str().starts_with("d/語") && extension(&key) == Some("jpeg"), "saved as `{key}`");
        same_bytes(&bucket.read(&key).await?, content.as_bytes())?;
    }
    Ok(())
}

async fn bad_ones_never_reach_the_store(store: Sandbox) -> Outcome {
    let recorder = Recorder::new(store.storage());
    let bucket = Bucket::new(recorder.clone());
    let bad = [
        "",
        ".",
        "..",
        "../x",
        "a/../x",
        "a/..",
        "./x",
        "a/./x",
        "/abs",
        "//x",
        "a//x",
        "a/",
        "C:\\x",
        "C:x",
        "c:/x",
        "..\\x",
        "a\\b",
        "\\\\server\\share",
        "a\0b",
        "a\nb",
        "a\u{7f}",
        "\u{85}",
    ];
    for name in bad {
        refused(bucket.save(name, "x").await, ErrorKind::InvalidInput)?;
    }
    ensure_eq!(recorder.calls(), 0, "calls that reached the store");
    Ok(())
}

async fn bad_keys_never_reach_the_store(store: Sandbox) -> Outcome {
    let recorder = Recorder::new(store.storage());
    let bucket = Bucket::new(recorder.clone());
    for key in ["", "..", "../x", "/abs", "a//b", "a/", "a\0b", &"x".repeat(1_025)] {
        refused(bucket.open(key).await, ErrorKind::InvalidInput)?;
        refused(bucket.stat(key).await, ErrorKind::InvalidInput)?;
        refused(bucket.exists(key).await, ErrorKind::InvalidInput)?;
        refused(bucket.delete(key).await, ErrorKind::InvalidInput)?;
        refused(bucket.copy(key, "b").await, ErrorKind::InvalidInput)?;
        refused(bucket.rename("a", key).await, ErrorKind::InvalidInput)?;
        refused(bucket.replace(key, "x").await, ErrorKind::InvalidInput)?;
        refused(bucket.url(key), ErrorKind::InvalidInput)?;
    }
    ensure_eq!(recorder.calls(), 0, "calls that reached the store");
    Ok(())
}
