use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::try_join_all;
use storage_core::bucket::{AcceptOutcome, Rejection};
use storage_core::capability::Ability;
use storage_core::naming::Naming;
use storage_core::{
    AcceptOptions, Body, Bucket, Collision, ErrorKind, ObjectKey, PutOptions, Saved, Storage,
};

use crate::case::{Case, case};
use crate::cases::extension;
use crate::content::pattern;
use crate::outcome::{Outcome, Stop, ensure, ensure_eq, refused, same_bytes};
use crate::recorder::Recorder;
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(keeps_what_was_uploaded_under_its_name),
        case!(keeps_an_empty_upload),
        case!(keeps_a_large_upload),
        case!(believes_the_content_only).needs(Ability::Attributes),
        case!(keeps_active_content_as_an_attachment).needs(Ability::Attributes),
        case!(takes_another_name_if_the_name_is_taken),
        case!(replaces_if_told_to),
        case!(rejects_a_taken_name_if_told_to)
            .needs(Ability::CreateIfAbsent)
            .needs(Ability::CopyIfAbsent)
            .needs(Ability::Attributes),
        case!(rejects_and_deletes_what_does_not_hold),
        case!(rejects_what_has_another_digest),
        case!(a_second_call_comes_to_the_same),
        case!(eight_calls_at_once_come_to_the_same)
            .needs(Ability::CreateIfAbsent)
            .needs(Ability::CopyIfAbsent),
        case!(a_call_after_a_crash_goes_on),
        case!(keeps_the_bytes_that_were_looked_at),
        case!(of_nothing_is_not_found),
        case!(an_upload_to_a_used_key_is_another_one),
        case!(looks_by_one_request).needs(Ability::CreateIfAbsent),
    ]
}

/// More than any store needs to accept an upload.
const MOST_CALLS: usize = 20;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

struct Scene {
    uploads: Bucket,
    photos: Bucket,
}

impl Scene {
    fn new(store: &Sandbox) -> Outcome<Self> {
        Self::over(store.storage(), store)
    }

    fn over(storage: Arc<dyn Storage>, store: &Sandbox) -> Outcome<Self> {
        let bucket = Bucket::new(storage).prefixed(store.prefix())?;
        Ok(Self { uploads: bucket.prefixed("uploads")?, photos: bucket.prefixed("photos")? })
    }

    /// As a program does that may die after so many calls; whether it did.
    async fn accept_dying_after(&self, most: usize, key: &ObjectKey, store: &Sandbox) -> Outcome<bool> {
        let scene = Self::over(Recorder::dying_after(most, store.storage()), store)?;
        match scene.photos.accept(&scene.uploads, key, "tom.png", AcceptOptions::new()).await {
            Ok(_) => Ok(false),
            Err(error) if error.kind() == ErrorKind::Unavailable => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// As a browser would: nobody asks the bucket's rules.
    async fn upload(&self, content: &[u8]) -> Outcome<ObjectKey> {
        let key = ObjectKey::random()?;
        self.upload_to(&key, content).await?;
        Ok(key)
    }

    async fn upload_to(&self, key: &ObjectKey, content: &[u8]) -> Outcome {
        let storage = self.uploads.storage();
        let options = match storage.capabilities().has(Ability::Attributes) {
            true => PutOptions::new().content_type("image/gif").metadata("said", "by the uploader"),
            false => PutOptions::new(),
        };
        storage.put(key, Body::from(content.to_vec()), options).await?;
        Ok(())
    }

    async fn accept(&self, key: &ObjectKey, name: &str, options: AcceptOptions) -> Outcome<AcceptOutcome> {
        Ok(self.photos.accept(&self.uploads, key, name, options).await?)
    }

    async fn keep(&self, key: &ObjectKey, name: &str) -> Outcome<Saved> {
        Ok(self.accept(key, name, AcceptOptions::new()).await?.into_saved()?)
    }

    async fn holds(&self, saved: &Saved, content: &[u8]) -> Outcome {
        same_bytes(&self.photos.read(&saved.key).await?, content)
    }

    async fn names(&self, store: &Sandbox) -> Outcome<Vec<String>> {
        let all = store.names().await?;
        Ok(all.iter().filter_map(|name| name.strip_prefix("photos/")).map(str::to_owned).collect())
    }
}

async fn keeps_what_was_uploaded_under_its_name(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    let key = scene.upload(PNG).await?;
    let saved = scene.keep(&key, "cats/tom.png").await?;
    ensure!(saved.key.as_str().starts_with("cats/tom"), "`cats/tom.png` is kept as `{}`", saved.key);
    ensure_eq!(saved.size, PNG.len() as u64, "size");
    scene.holds(&saved, PNG).await?;
    let stat = scene.photos.stat(&saved.key).await?;
    ensure!(saved.etag.is_none() || saved.etag == stat.etag, "another entity tag than that of stat");
    refused(scene.uploads.stat(&key).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn keeps_an_empty_upload(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    let key = scene.upload(b"").await?;
    let saved = scene.keep(&key, "empty.txt").await?;
    ensure_eq!(saved.size, 0, "size");
    let key = scene.upload(b"").await?;
    let rejected = scene.accept(&key, "empty.txt", AcceptOptions::new().min_length(1)).await?;
    ensure_eq!(rejected, AcceptOutcome::Rejected(Rejection::TooShort { size: 0, min: 1 }), "outcome");
    Ok(())
}

async fn keeps_a_large_upload(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    let content = pattern(7, store.part_bytes() + 100_000);
    let key = scene.upload(&content).await?;
    let saved = scene.keep(&key, "large.bin").await?;
    scene.holds(&saved, &content).await
}

async fn believes_the_content_only(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    let key = scene.upload(PNG).await?;
    let options = AcceptOptions::new().cache_control("private").metadata("by", "us");
    let saved = scene.accept(&key, "tom.html", options).await?.into_saved()?;
    ensure_eq!(saved.content_type, "image/png", "content type");
    let meta = scene.photos.stat(&saved.key).await?;
    ensure_eq!(meta.content_type, "image/png", "content type of the object");
    ensure_eq!(meta.attributes.cache_control.as_deref(), Some("private"), "Cache-Control");
    ensure_eq!(meta.attributes.metadata.get("by").map(String::as_str), Some("us"), "metadata");
    ensure_eq!(meta.attributes.metadata.get("said"), None, "metadata of the uploader");
    Ok(())
}

async fn keeps_active_content_as_an_attachment(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    for (content, name) in
        [("<svg onload='x'/>", "a.png"), ("<!DOCTYPE html><html>", "b.png"), ("\x01\x02", "c.png")]
    {
        let key = scene.upload(content.as_bytes()).await?;
        let saved = scene.keep(&key, name).await?;
        let disposition = scene.photos.stat(&saved.key).await?.attributes.content_disposition;
        ensure!(
            disposition.as_deref().is_some_and(|value| value.starts_with("attachment")),
            "{} is kept with {disposition:?}",
            saved.content_type
        );
    }
    Ok(())
}

async fn takes_another_name_if_the_name_is_taken(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    scene.photos.save("tom.png", "taken").await?;
    let key = scene.upload(PNG).await?;
    let saved = scene.keep(&key, "tom.png").await?;
    ensure!(
        saved.key.as_str() != "tom.png" && extension(&saved.key) == Some("png"),
        "kept as `{}`",
        saved.key
    );
    scene.holds(&saved, PNG).await?;
    ensure_eq!(scene.names(&store).await?.len(), 2, "objects");
    Ok(())
}

async fn replaces_if_told_to(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    scene.photos.replace("tom.png", "old").await?;
    let key = scene.upload(PNG).await?;
    let options = AcceptOptions::new().collision(Collision::Replace);
    let saved = scene.accept(&key, "tom.png", options).await?.into_saved()?;
    ensure_eq!(saved.key.as_str(), "tom.png", "key");
    scene.holds(&saved, PNG).await
}

async fn rejects_a_taken_name_if_told_to(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    scene.photos.save("tom.png", "taken").await?;
    let key = scene.upload(PNG).await?;
    let options = AcceptOptions::new().collision(Collision::Reject);
    refused(scene.photos.accept(&scene.uploads, &key, "tom.png", options).await, ErrorKind::AlreadyExists)?;
    // It can still be had under another name.
    same_bytes(&scene.uploads.read(&key).await?, PNG)
}

async fn rejects_and_deletes_what_does_not_hold(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    let size = PNG.len() as u64;
    for (options, rejection) in [
        (AcceptOptions::new().max_length(size - 1), Rejection::TooLong { size, max: size - 1 }),
        (AcceptOptions::new().min_length(size + 1), Rejection::TooShort { size, min: size + 1 }),
        (
            AcceptOptions::new().content_types(["image/jpeg", "text/*"]),
            Rejection::ContentType { found: "image/png".to_owned() },
        ),
    ] {
        let key = scene.upload(PNG).await?;
        for _ in 0..2 {
            let outcome = scene.accept(&key, "tom.jpg", options.clone()).await?;
            ensure_eq!(outcome, AcceptOutcome::Rejected(rejection.clone()), "outcome");
        }
        refused(scene.uploads.stat(&key).await, ErrorKind::NotFound)?;
    }
    ensure_eq!(scene.names(&store).await?, Vec::<String>::new(), "what is kept");
    Ok(())
}

async fn rejects_what_has_another_digest(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    // The SHA-256 of `abc`, FIPS 180-2.
    let digest = [
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0,
        0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
    ];
    let options = AcceptOptions::new().sha256(digest);
    let key = scene.upload(b"abc").await?;
    let saved = scene.accept(&key, "a.txt", options.clone()).await?.into_saved()?;
    scene.holds(&saved, b"abc").await?;
    let key = scene.upload(b"abd").await?;
    let outcome = scene.accept(&key, "b.txt", options).await?;
    ensure_eq!(outcome, AcceptOutcome::Rejected(Rejection::Digest), "outcome");
    Ok(())
}

async fn a_second_call_comes_to_the_same(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    scene.photos.save("tom.png", "taken").await?;
    for name in ["tom.png", "tim.png"] {
        let key = scene.upload(PNG).await?;
        let first = scene.keep(&key, name).await?;
        let second = scene.keep(&key, name).await?;
        ensure_eq!((second.key, second.size), (first.key, first.size), "the second outcome");
        ensure!(first.etag.is_none() || first.etag == second.etag, "another entity tag the second time");
    }
    ensure_eq!(scene.names(&store).await?.len(), 3, "objects");
    Ok(())
}

async fn eight_calls_at_once_come_to_the_same(store: Sandbox) -> Outcome {
    let scene = Arc::new(Scene::new(&store)?);
    scene.photos.save("tom.png", "taken").await?;
    for name in ["tom.png", "tim.png"] {
        let key = scene.upload(PNG).await?;
        let calls = (0..8).map(|_| {
            let (scene, key) = (Arc::clone(&scene), key.clone());
            tokio::spawn(async move { scene.keep(&key, name).await })
        });
        let mut keys = Vec::new();
        for outcome in try_join_all(calls).await.map_err(|error| Stop::failed(error.to_string()))? {
            keys.push(outcome?.key);
        }
        keys.dedup();
        ensure_eq!(keys.len(), 1, "keys of one upload: {keys:?}");
        scene.holds(&scene.keep(&key, name).await?, PNG).await?;
    }
    ensure_eq!(scene.names(&store).await?.len(), 3, "objects");
    Ok(())
}

async fn a_call_after_a_crash_goes_on(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    for most in 0..MOST_CALLS {
        let key = scene.upload(PNG).await?;
        let died = scene.accept_dying_after(most, &key, &store).await?;
        let saved = scene.keep(&key, "tom.png").await?;
        scene.holds(&saved, PNG).await?;
        let names = scene.names(&store).await?;
        ensure_eq!(names, [saved.key.to_string()], "what is kept after a death at call {most}");
        refused(scene.uploads.stat(&key).await, ErrorKind::NotFound)?;
        scene.photos.delete(&saved.key).await?;
        if !died {
            return Ok(());
        }
    }
    Err(Stop::failed(format!("more than {MOST_CALLS} calls")))
}

/// Uploads again in the moment between the look and the copy.
#[derive(Debug)]
struct Swap {
    uploads: Bucket,
    key: ObjectKey,
}

#[async_trait]
impl Naming for Swap {
    async fn name(&self, name: String, _: &mut Body) -> storage_core::Result<String> {
        let other = Body::from("<script>alert(1)</script>");
        self.uploads.storage().put(&self.key, other, PutOptions::new()).await?;
        Ok(name)
    }
}

async fn keeps_the_bytes_that_were_looked_at(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    let key = scene.upload(PNG).await?;
    let swap = Swap { uploads: scene.uploads.clone(), key: key.clone() };
    let photos = scene.photos.clone().with_naming(swap);
    let options = AcceptOptions::new().content_types(["image/png"]);
    let outcome = photos.accept(&scene.uploads, &key, "tom.png", options).await?;
    ensure!(
        matches!(outcome, AcceptOutcome::Rejected(Rejection::ContentType { .. })),
        "what was swapped came to {outcome:?}"
    );
    ensure_eq!(scene.names(&store).await?, Vec::<String>::new(), "what is kept");
    Ok(())
}

async fn of_nothing_is_not_found(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    let key = ObjectKey::random()?;
    refused(scene.photos.accept(&scene.uploads, &key, "a", AcceptOptions::new()).await, ErrorKind::NotFound)?;
    for name in ["../a", "/a", "a\\b", "a\0"] {
        let result = scene.photos.accept(&scene.uploads, &key, name, AcceptOptions::new()).await;
        refused(result, ErrorKind::InvalidInput)?;
    }
    Ok(())
}

async fn an_upload_to_a_used_key_is_another_one(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    let key = scene.upload(PNG).await?;
    let first = scene.keep(&key, "a.png").await?;
    scene.upload_to(&key, b"other content").await?;
    let second = scene.keep(&key, "a.txt").await?;
    ensure!(first.key != second.key, "both are `{}`", first.key);
    scene.holds(&first, PNG).await?;
    scene.holds(&second, b"other content").await
}

async fn looks_by_one_request(store: Sandbox) -> Outcome {
    let scene = Scene::new(&store)?;
    let key = scene.upload(PNG).await?;
    let recorder = Recorder::new(store.storage());
    let has_tags = recorder.capabilities().has(Ability::Tags);
    let _ = Scene::over(recorder.clone(), &store)?.keep(&key, "tom.png").await?;
    // To look, for the receipt, to copy, to delete; and where the bytes pass through here, to read them and their tags.
    let through_here = 4 + 1 + usize::from(has_tags);
    ensure!([4, through_here].contains(&recorder.calls()), "{} calls", recorder.calls());
    Ok(())
}
