use super::staged::{Interest, Staged, to_the_end, while_wanted};
use super::{Bucket, SaveOptions, Saved};
use crate::Collision;
use crate::attributes::Attributes;
use crate::capability::{Ability, Capabilities};
#[cfg(feature = "sniff")]
use crate::content_type::ContentTypeRule;
use crate::content_type::DEFAULT_CONTENT_TYPE;
use crate::content_type::{from_name, is_active};
use crate::naming::{alternative, clean, shorten, unique};
use crate::options::PutMode;
use crate::outcome::PutOutcome;
use crate::{Body, CopyOptions, Error, ErrorKind, ObjectKey, PutOptions, Result, StorageExt, disposition};

/// How much of a one-shot stream is read ahead, so that a small one can be sent again under another name.
const READ_AHEAD_BYTES: u64 = 8 * 1024 * 1024;

/// How often another name is tried. With random suffixes the second is free, unless the naming strategy or the store is broken.
pub(super) const MAX_NAMES: usize = 16;

/// name → key → one conditional PUT; if the key is taken, the next one.
pub(super) async fn save(bucket: &Bucket, name: &str, mut body: Body, options: SaveOptions) -> Result<Saved> {
    let context = |error: Error| error.with_operation("save").with_key(name).with_store(bucket.name());
    let collision = options.collision.unwrap_or(bucket.collision);
    if options.put.mode != PutMode::Overwrite && collision != Collision::Replace {
        return Err(context(Error::invalid_input("`if_match` goes with `Collision::Replace` only")));
    }
    let name = clean(name)?;
    let named = bucket.naming.name(name.clone(), &mut body).await?;
    let key = shorten(&named, bucket.max_key_bytes)?;

    let is_staged = options.is_staged;
    let put = finish_attributes(bucket, &name, &mut body, options).await.map_err(context)?;
    put.validate().map_err(context)?;
    let content_type = put.attributes.content_type.clone().unwrap_or_else(|| DEFAULT_CONTENT_TYPE.to_owned());
    let limit = bucket.storage.capabilities().single_put_limit;
    let body = body.prefetch(READ_AHEAD_BYTES.min(limit)).await.map_err(context)?;
    let able = match collision {
        Collision::Replace => bucket.storage.capabilities(),
        // A server that ignores conditions has to be known before anything is sent on one.
        Collision::Rename | Collision::Reject => {
            bucket.storage.probe_for(body.len()).await.map_err(context)?
        }
    };

    let (key, stored) = match collision {
        Collision::Replace => (key.clone(), bucket.storage.put(&key, body, put).await?),
        Collision::Reject => reject(bucket, able, key, body, put).await?,
        Collision::Rename if is_staged && !body.is_replayable() => {
            Box::pin(staged(bucket, able, key, body, put)).await?
        }
        Collision::Rename => rename(bucket, able, key, body, put).await?,
    };
    Ok(saved(key, stored, content_type))
}

/// Under exactly this key, whatever is there.
pub(super) async fn replace(
    bucket: &Bucket,
    key: ObjectKey,
    mut body: Body,
    options: SaveOptions,
) -> Result<Saved> {
    let put = finish_attributes(bucket, key.as_str(), &mut body, options).await?;
    let content_type = put.attributes.content_type.clone().unwrap_or_else(|| DEFAULT_CONTENT_TYPE.to_owned());
    let stored = bucket.storage.put(&key, body, put).await?;
    Ok(saved(key, stored, content_type))
}

fn saved(key: ObjectKey, stored: PutOutcome, content_type: String) -> Saved {
    Saved { key, size: stored.size, etag: stored.etag, version: stored.version, content_type }
}

/// The content type by the bucket's rule, and a disposition that keeps active content from running.
#[cfg_attr(
    not(feature = "sniff"),
    allow(clippy::unused_async, unused_mut, unused_variables, reason = "only sniffing looks into the body")
)]
async fn finish_attributes(
    bucket: &Bucket,
    name: &str,
    body: &mut Body,
    options: SaveOptions,
) -> Result<PutOptions> {
    let mut put = options.put;
    let keeps_attributes = bucket.storage.capabilities().has(Ability::Attributes);
    if put.attributes.content_type.is_none() {
        let mut found = from_name(name);
        #[cfg(feature = "sniff")]
        if found.is_none() && bucket.content_type_rule == ContentTypeRule::NameThenContent {
            found = crate::content_type::from_content(&body.peek(crate::content_type::SNIFF_BYTES).await?);
        }
        if !keeps_attributes {
            return match found {
                Some(found) if is_active(found) && !options.is_inline => Err(unguarded(found)),
                _ => Ok(put),
            };
        }
        put.attributes.content_type = Some(found.unwrap_or(DEFAULT_CONTENT_TYPE).to_owned());
    }
    guard(&mut put.attributes, name, options.is_inline);
    Ok(put)
}

/// Has browsers download what they could run, unless a disposition is given or it shall be shown.
pub(super) fn guard(attributes: &mut Attributes, name: &str, is_inline: bool) {
    // A type that says nothing counts too: there are servers that drop it and guess another (SeaweedFS 4.48 does).
    let is_risky = |content_type: &str| is_active(content_type) || content_type == DEFAULT_CONTENT_TYPE;
    let is_shown = attributes.content_disposition.is_none() && !is_inline;
    if is_shown && attributes.content_type.as_deref().is_some_and(is_risky) {
        attributes.content_disposition = Some(disposition::attachment(name));
    }
}

/// Whoever serves the store may run it in a browser, and the header that forbids it cannot be kept.
pub(super) fn unguarded(content_type: &str) -> Error {
    Error::unsupported(format!("this store cannot keep the header that has browsers download {content_type}"))
        .with_hint(
            "save it `inline` if nobody serves the store to browsers, or take a store that keeps headers",
        )
}

async fn reject(
    bucket: &Bucket,
    able: Capabilities,
    key: ObjectKey,
    body: Body,
    put: PutOptions,
) -> Result<(ObjectKey, PutOutcome)> {
    if !able.has(Ability::CreateIfAbsent) {
        return Err(Error::unsupported("this store cannot create an object only if its key is free")
            .with_operation("save")
            .with_key(&key)
            .with_store(bucket.name())
            .with_hint("let the collision rule rename or replace"));
    }
    if is_costly(able, &body) && is_taken(bucket, &key).await? {
        return Err(taken(bucket, &key));
    }
    let stored = bucket.storage.put(&key, body, put.mode(PutMode::Create)).await?;
    Ok((key, stored))
}

async fn rename(
    bucket: &Bucket,
    able: Capabilities,
    key: ObjectKey,
    body: Body,
    put: PutOptions,
) -> Result<(ObjectKey, PutOutcome)> {
    let max_bytes = bucket.max_key_bytes;
    if !able.has(Ability::CreateIfAbsent) {
        // No race can hit a name that nobody else can have.
        let key = unique(&key, max_bytes)?;
        let stored = bucket.storage.put(&key, body, put).await?;
        return Ok((key, stored));
    }
    let put = put.mode(PutMode::Create);
    let is_costly = is_costly(able, &body);
    let mut body = Some(body);
    let mut candidate = key.clone();
    for _ in 0..MAX_NAMES {
        if is_costly && is_taken(bucket, &candidate).await? {
            candidate = alternative(&key, max_bytes)?;
            continue;
        }
        let Some(content) = body.as_ref().and_then(Body::try_clone).or_else(|| body.take()) else { break };
        match bucket.storage.put(&candidate, content, put.clone()).await {
            Ok(stored) => return Ok((candidate, stored)),
            Err(error) if !error.is_already_exists() => return Err(error),
            Err(error) if body.is_none() => return Err(lost(error)),
            Err(_) => candidate = alternative(&key, max_bytes)?,
        }
    }
    Err(taken(bucket, &key))
}

async fn staged(
    bucket: &Bucket,
    able: Capabilities,
    key: ObjectKey,
    body: Body,
    put: PutOptions,
) -> Result<(ObjectKey, PutOutcome)> {
    let (body, wanted) = while_wanted(body);
    let interest = wanted.interest();
    let bucket = bucket.clone();
    to_the_end(async move {
        let staged = Staged::put(&bucket.storage, body, put).await?;
        let copied = copy_to_free_key(&bucket, able, &staged, key, &interest).await;
        staged.discard().await;
        copied
    })
    .await
}

/// Looks before each copy whether the save is still wanted: a copy that has begun cannot be called back.
async fn copy_to_free_key(
    bucket: &Bucket,
    able: Capabilities,
    staged: &Staged,
    key: ObjectKey,
    interest: &Interest,
) -> Result<(ObjectKey, PutOutcome)> {
    let mut candidate = key.clone();
    if !able.has(Ability::CopyIfAbsent) {
        candidate = unique(&key, bucket.max_key_bytes)?;
        interest.check()?;
        let stored = staged.copy_to(&candidate, CopyOptions::new()).await?;
        return Ok((candidate, stored));
    }
    for _ in 0..MAX_NAMES {
        interest.check()?;
        match staged.copy_to(&candidate, CopyOptions::new().if_absent()).await {
            Ok(stored) => return Ok((candidate, stored)),
            Err(error) if error.is_already_exists() => candidate = alternative(&key, bucket.max_key_bytes)?,
            Err(error) => return Err(error),
        }
    }
    Err(taken(bucket, &key))
}

/// Whether it pays to ask first if the key is free: the body takes several requests, or cannot be sent twice.
fn is_costly(able: Capabilities, body: &Body) -> bool {
    !body.is_replayable() || body.len().is_none_or(|length| length > able.single_put_limit)
}

/// Looks before something large is sent. A missing bucket has room: the store creates it or says that it is missing.
async fn is_taken(bucket: &Bucket, key: &ObjectKey) -> Result<bool> {
    match bucket.storage.exists(key).await {
        Err(error) if error.kind() == ErrorKind::BucketMissing => Ok(false),
        answered => answered,
    }
}

fn taken(bucket: &Bucket, key: &ObjectKey) -> Error {
    Error::new(ErrorKind::AlreadyExists, "").with_operation("save").with_key(key).with_store(bucket.name())
}

fn lost(error: Error) -> Error {
    error.with_retryable(true).with_hint(
        "somebody took the name while this stream, which can be read only once, was sent; save it again, or use a random \
         naming strategy, or `SaveOptions::staged`",
    )
}
