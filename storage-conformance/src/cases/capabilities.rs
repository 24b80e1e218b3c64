use std::time::{Duration, SystemTime};

use storage_core::capability::Ability;
use storage_core::options::{Checksum, Retention, ServerSideEncryption};
use storage_core::{Body, Error, ErrorKind, PutOptions, SaveOptions};

use crate::case::{Case, case};
use crate::cases::bucket;
use crate::content::{one_shot, pattern};
use crate::outcome::{Outcome, Stop, ensure, ensure_eq, refused, refused_as};
use crate::sandbox::Sandbox;

/// The digests of `hello`.
const MD5: [u8; 16] =
    [0x5d, 0x41, 0x40, 0x2a, 0xbc, 0x4b, 0x2a, 0x76, 0xb9, 0x71, 0x9d, 0x91, 0x10, 0x17, 0xc5, 0x92];
const SHA256: [u8; 32] = [
    0x2c, 0xf2, 0x4d, 0xba, 0x5f, 0xb0, 0xa3, 0x0e, 0x26, 0xe8, 0x3b, 0x2a, 0xc5, 0xb9, 0xe2, 0x9e, 0x1b,
    0x16, 0x1e, 0x5c, 0x1f, 0xa7, 0x42, 0x5e, 0x73, 0x04, 0x33, 0x62, 0x93, 0x8b, 0x98, 0x24,
];

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(are_always_the_same),
        case!(url_signer_is_there_if_claimed).needs(Ability::SignedUrls),
        case!(right_digests_are_taken).needs(Ability::Checksums),
        case!(wrong_digests_are_refused).needs(Ability::Checksums),
        case!(digests_are_refused_where_they_are_not_checked).without(Ability::Checksums),
        case!(encryption_is_done_or_refused).needs(Ability::ServerSideEncryption),
        case!(encryption_is_refused_where_it_cannot_be_done).without(Ability::ServerSideEncryption),
        case!(standard_class_is_taken).needs(Ability::StorageClass),
        case!(bad_class_is_refused),
        case!(class_is_refused_where_there_are_none).without(Ability::StorageClass),
        case!(locks_are_refused_where_there_are_none),
        case!(attributes_are_refused_where_they_are_not_kept).without(Ability::Attributes),
        case!(active_content_is_refused_where_nothing_keeps_it_from_running).without(Ability::Attributes),
    ]
}

async fn are_always_the_same(store: Sandbox) -> Outcome {
    let before = store.probe().await?;
    ensure_eq!(store.capabilities(), before, "capabilities after they were found out");
    ensure!(before.single_put_limit > 0, "the store takes no body in one request");
    ensure!(!store.name().is_empty(), "the store has no name");
    store.write("a", pattern(1, 1_000)).await?;
    store.names().await?;
    ensure_eq!(store.capabilities(), before, "capabilities after some calls");
    ensure_eq!(store.probe().await?, before, "capabilities when they are asked for again");
    Ok(())
}

async fn url_signer_is_there_if_claimed(store: Sandbox) -> Outcome {
    ensure!(store.url_signer().is_some(), "the store claims signed URLs, but has no signer");
    Ok(())
}

fn digests() -> [Checksum; 2] {
    [Checksum::Md5(MD5), Checksum::Sha256(SHA256)]
}

async fn right_digests_are_taken(store: Sandbox) -> Outcome {
    for checksum in digests() {
        let key = store.key("a")?;
        store.put(&key, "hello".into(), PutOptions::new().checksum(checksum)).await?;
        store.holds(&key, b"hello").await?;
        let stream = one_shot(&bytes::Bytes::from_static(b"hello"));
        store.put(&key, stream, PutOptions::new().checksum(checksum)).await?;
        store.holds(&key, b"hello").await?;
    }
    Ok(())
}

async fn wrong_digests_are_refused(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    for checksum in digests() {
        let stream = one_shot(&bytes::Bytes::from_static(b"jello"));
        for body in [Body::from("jello"), stream] {
            let result = store.put(&key, body, PutOptions::new().checksum(checksum)).await;
            refused_as(result, &[ErrorKind::InvalidInput, ErrorKind::Corrupt])?;
            store.is_free(&key).await?;
        }
    }
    Ok(())
}

async fn is_unsupported(store: &Sandbox, options: PutOptions) -> Outcome {
    let key = store.key("a")?;
    refused(store.put(&key, "hello".into(), options).await, ErrorKind::Unsupported)?;
    store.is_free(&key).await
}

async fn digests_are_refused_where_they_are_not_checked(store: Sandbox) -> Outcome {
    for checksum in digests() {
        is_unsupported(&store, PutOptions::new().checksum(checksum)).await?;
    }
    Ok(())
}

async fn encryption_is_done_or_refused(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let options = PutOptions::new().encryption(ServerSideEncryption::Managed);
    // Whether the server has been given a master key is more than its client can know.
    match store.put(&key, "hello".into(), options).await {
        Ok(_) => store.holds(&key, b"hello").await,
        Err(error) if error.kind() == ErrorKind::Unsupported => unencrypted(&store, &error).await,
        Err(error) => Err(Stop::from(error)),
    }
}

async fn unencrypted(store: &Sandbox, error: &Error) -> Outcome {
    store.is_free(&store.key("a")?).await?;
    Err(Stop::cannot_run(format!("needs: a server that is set up to encrypt: {error}")))
}

async fn encryption_is_refused_where_it_cannot_be_done(store: Sandbox) -> Outcome {
    use storage_core::options::CustomerKey;

    for encryption in [
        ServerSideEncryption::Managed,
        ServerSideEncryption::Kms(None),
        ServerSideEncryption::Customer(CustomerKey::new([7; 32])),
    ] {
        is_unsupported(&store, PutOptions::new().encryption(encryption)).await?;
    }
    Ok(())
}

async fn standard_class_is_taken(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    store.put(&key, "hello".into(), PutOptions::new().storage_class("STANDARD")).await?;
    store.holds(&key, b"hello").await
}

async fn bad_class_is_refused(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let options = PutOptions::new().storage_class("A B\r\n");
    refused_as(
        store.put(&key, "hello".into(), options).await,
        &[ErrorKind::InvalidInput, ErrorKind::Unsupported],
    )?;
    store.is_free(&key).await
}

async fn class_is_refused_where_there_are_none(store: Sandbox) -> Outcome {
    is_unsupported(&store, PutOptions::new().storage_class("STANDARD_IA")).await
}

/// Neither a store without the ability nor a bucket without object lock stores what it cannot keep.
async fn locks_are_refused_where_there_are_none(store: Sandbox) -> Outcome {
    is_unsupported(&store, PutOptions::new().legal_hold()).await?;
    let until = SystemTime::now() + Duration::from_secs(3_600);
    is_unsupported(&store, PutOptions::new().retention(Retention::governance(until))).await?;
    let past = PutOptions::new().retention(Retention::governance(SystemTime::UNIX_EPOCH));
    let key = store.key("a")?;
    refused_as(
        store.put(&key, "hello".into(), past).await,
        &[ErrorKind::InvalidInput, ErrorKind::Unsupported],
    )?;
    store.is_free(&key).await
}

async fn attributes_are_refused_where_they_are_not_kept(store: Sandbox) -> Outcome {
    for options in [
        PutOptions::new().content_type("text/plain"),
        PutOptions::new().cache_control("private"),
        PutOptions::new().metadata("a", "1"),
    ] {
        is_unsupported(&store, options).await?;
    }
    Ok(())
}

async fn active_content_is_refused_where_nothing_keeps_it_from_running(store: Sandbox) -> Outcome {
    let bucket = bucket(&store)?;
    refused(bucket.save("a.html", "<script>").await, ErrorKind::Unsupported)?;
    bucket.save_with("a.html", "<script>", SaveOptions::new().inline()).await?;
    Ok(())
}
