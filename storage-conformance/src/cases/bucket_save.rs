use storage_core::capability::Ability;
use storage_core::{Bucket, Collision, ErrorKind, SaveOptions};

use crate::case::{Case, case};
use crate::cases::{bucket, extension};
use crate::content::{failing, one_shot, pattern, temporary_file};
use crate::outcome::{Outcome, ensure, ensure_eq, refused, same_bytes};
use crate::recorder::Recorder;
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(saves_under_the_name_given),
        case!(saves_a_free_name_as_it_is).needs(Ability::CreateIfAbsent),
        case!(saves_at_once_where_the_name_is_free).needs(Ability::CreateIfAbsent),
        case!(saves_a_taken_name_under_another),
        case!(saves_a_taken_name_without_an_extension_under_another),
        case!(saves_a_large_taken_name_under_another),
        case!(saves_nothing_of_a_body_that_fails),
        case!(replaces_if_told_to),
        case!(rejects_a_taken_name_if_told_to).needs(Ability::CreateIfAbsent),
        case!(rejects_a_large_taken_name_if_told_to).needs(Ability::CreateIfAbsent),
        case!(rejecting_is_refused_where_it_is_not_atomic).without(Ability::CreateIfAbsent),
        case!(takes_the_content_type_from_the_name).needs(Ability::Attributes),
        case!(takes_the_content_type_that_is_said).needs(Ability::Attributes),
        case!(active_content_is_an_attachment).needs(Ability::Attributes),
        case!(active_content_is_shown_if_told_to).needs(Ability::Attributes),
        case!(options_reach_the_store).needs(Ability::Attributes),
        case!(staged_streams_leave_nothing_aside),
    ]
}

async fn saves_under_the_name_given(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let saved = bucket.save("cats/tom.txt", "meow").await?;
    ensure!(saved.key.as_str().starts_with("cats/tom"), "`cats/tom.txt` is saved as `{}`", saved.key);
    ensure!(extension(&saved.key) == Some("txt"), "`cats/tom.txt` is saved as `{}`", saved.key);
    ensure_eq!(saved.size, 4, "size");
    same_bytes(&bucket.read(&saved.key).await?, b"meow")?;
    let etag = bucket.stat(&saved.key).await?.etag;
    ensure!(saved.etag.is_none() || saved.etag == etag, "another entity tag than that of stat");
    Ok(())
}

async fn saves_a_free_name_as_it_is(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    for name in ["a", "a.txt", "d/e/f.tar.gz", ".hidden", "Übersicht 1.pdf"] {
        ensure_eq!(bucket.save(name, "x").await?.key.as_str(), name, "key");
    }
    Ok(())
}

async fn saves_at_once_where_the_name_is_free(store: Sandbox) -> Outcome {
    let recorder = Recorder::new(store.storage());
    let bucket = Bucket::new(recorder.clone()).prefixed(store.prefix())?;
    bucket.save("a.txt", "x").await?;
    ensure_eq!(recorder.calls(), 1, "calls for a free name");
    bucket.save("a.txt", "y").await?;
    ensure_eq!(recorder.calls(), 3, "calls for a free name and a taken one");
    Ok(())
}

async fn saves_a_taken_name_under_another(store: Sandbox) -> Outcome {
    taken_name(&store, "cats/tom.jpg", "cats/tom", ".jpg").await?;
    taken_name(&store, "a.b/c.tar.gz", "a.b/c", ".gz").await
}

async fn saves_a_taken_name_without_an_extension_under_another(store: Sandbox) -> Outcome {
    taken_name(&store, "README", "README", "").await
}

async fn taken_name(store: &Sandbox, name: &str, start: &str, end: &str) -> Outcome {
    let bucket = bucket(store)?;
    let mut keys = Vec::new();
    for content in ["one", "two", "three"] {
        let key = bucket.save(name, content).await?.key;
        ensure!(
            key.as_str().starts_with(start) && key.as_str().ends_with(end),
            "`{name}` is saved as `{key}`"
        );
        ensure!(!keys.contains(&key), "`{key}` is used twice");
        keys.push(key);
    }
    for (key, content) in keys.iter().zip(["one", "two", "three"]) {
        same_bytes(&bucket.read(key).await?, content.as_bytes())?;
    }
    Ok(())
}

async fn saves_a_large_taken_name_under_another(store: Sandbox) -> Outcome {
    let (bucket, size) = (bucket(&store)?, store.large_bytes());
    let contents = [pattern(0, size), pattern(1, size), pattern(2, size)];
    let file = temporary_file(&contents[1])?;
    let keys = [
        bucket.save("a.bin", contents[0].clone()).await?.key,
        bucket.save("a.bin", file).await?.key,
        bucket.save("a.bin", one_shot(&contents[2])).await?.key,
    ];
    for (key, content) in keys.iter().zip(&contents) {
        same_bytes(&bucket.read(key).await?, content)?;
    }
    ensure_eq!(store.names().await?.len(), 3, "objects listed");
    Ok(())
}

async fn saves_nothing_of_a_body_that_fails(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    for size in [1_000, 2 * store.part_bytes()] {
        let content = pattern(1, size);
        let short = one_shot(&content).with_length(size as u64 + 1);
        refused(bucket.save("a", short).await, ErrorKind::InvalidInput)?;
        refused(bucket.save("a", failing(&content)).await, ErrorKind::Other)?;
    }
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is listed");
    Ok(())
}

async fn replaces_if_told_to(store: Sandbox) -> Outcome {
    let replacing = bucket(&store)?.with_collision(Collision::Replace);
    for content in ["old", "new"] {
        ensure_eq!(replacing.save("a.txt", content).await?.key.as_str(), "a.txt", "key");
    }
    store.holds(&store.key("a.txt")?, b"new").await?;
    let other = bucket(&store)?;
    other.save_with("a.txt", "newer", SaveOptions::new().collision(Collision::Replace)).await?;
    store.holds(&store.key("a.txt")?, b"newer").await?;
    other.replace("a.txt", "newest").await?;
    store.holds(&store.key("a.txt")?, b"newest").await?;
    ensure_eq!(store.names().await?, ["a.txt"], "what is listed");
    Ok(())
}

async fn rejects_a_taken_name_if_told_to(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_collision(Collision::Reject);
    bucket.save("a.txt", "old").await?;
    let error = refused(bucket.save("a.txt", "new").await, ErrorKind::AlreadyExists)?;
    ensure!(!error.is_retryable(), "retryable: `{error}`");
    store.holds(&store.key("a.txt")?, b"old").await
}

async fn rejects_a_large_taken_name_if_told_to(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_collision(Collision::Reject);
    bucket.save("a", "old").await?;
    let content = pattern(1, store.large_bytes());
    refused(bucket.save("a", content.clone()).await, ErrorKind::AlreadyExists)?;
    refused(bucket.save("a", one_shot(&content)).await, ErrorKind::AlreadyExists)?;
    store.holds(&store.key("a")?, b"old").await
}

async fn rejecting_is_refused_where_it_is_not_atomic(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?.with_collision(Collision::Reject);
    refused(bucket.save("a.txt", "x").await, ErrorKind::Unsupported)?;
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is listed");
    Ok(())
}

async fn takes_the_content_type_from_the_name(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let known = [("a.png", "image/png"), ("a.JPG", "image/jpeg"), ("a.pdf", "application/pdf")];
    for (name, expected) in known.into_iter().chain([("noextension", "application/octet-stream")]) {
        let saved = bucket.save(name, "x").await?;
        ensure_eq!(saved.content_type, expected, "content type of `{name}`");
        ensure_eq!(bucket.stat(&saved.key).await?.content_type, expected, "stored content type of `{name}`");
    }
    let archive = bucket.save("a.tar.gz", "x").await?;
    let encoding = bucket.stat(&archive.key).await?.attributes.content_encoding;
    ensure_eq!(encoding, None, "content encoding of `a.tar.gz`");
    Ok(())
}

async fn takes_the_content_type_that_is_said(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let saved = bucket.save_with("a.png", "x", SaveOptions::new().content_type("text/plain")).await?;
    ensure_eq!(bucket.stat(&saved.key).await?.content_type, "text/plain", "content type");
    Ok(())
}

async fn active_content_is_an_attachment(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    for name in ["a.html", "a.svg", "a.xml", "a.js", "a.xhtml"] {
        let saved = bucket.save(name, "<script>alert(1)</script>").await?;
        let disposition = bucket.stat(&saved.key).await?.attributes.content_disposition.unwrap_or_default();
        ensure!(disposition.starts_with("attachment"), "`{name}` has the disposition `{disposition}`");
    }
    let saved = bucket.save("a.png", "x").await?;
    let disposition = bucket.stat(&saved.key).await?.attributes.content_disposition;
    ensure_eq!(disposition, None, "disposition of `a.png`");
    Ok(())
}

async fn active_content_is_shown_if_told_to(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let saved = bucket.save_with("a.html", "<p>", SaveOptions::new().inline()).await?;
    let disposition = bucket.stat(&saved.key).await?.attributes.content_disposition.unwrap_or_default();
    ensure!(!disposition.starts_with("attachment"), "the disposition is `{disposition}`");
    Ok(())
}

async fn options_reach_the_store(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    let options = SaveOptions::new().cache_control("private").content_language("de").metadata("By", "Jürgen");
    let saved = bucket.save_with("a.txt", "x", options).await?;
    let attributes = bucket.stat(&saved.key).await?.attributes;
    ensure_eq!(attributes.cache_control.as_deref(), Some("private"), "cache control");
    ensure_eq!(attributes.content_language.as_deref(), Some("de"), "language");
    let metadata: Vec<_> = attributes.metadata.into_iter().collect();
    ensure_eq!(metadata, [("by".to_owned(), "Jürgen".to_owned())], "metadata");
    Ok(())
}

async fn staged_streams_leave_nothing_aside(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    // Larger than what is read ahead, so that it is staged indeed.
    let content = pattern(1, store.large_bytes().max(9_000_000));
    let saved = bucket.save_with("a.bin", one_shot(&content), SaveOptions::new().staged()).await?;
    same_bytes(&bucket.read(&saved.key).await?, &content)?;
    ensure_eq!(bucket.stat(&saved.key).await?.content_type, "application/octet-stream", "content type");
    ensure_eq!(store.names().await?, [saved.key.as_str()], "what is listed");
    Ok(())
}
