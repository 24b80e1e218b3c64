//! `object_store`'s own behaviour tests, over stores of ours on the way back.

#![allow(
    clippy::future_not_send,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and runs where it is"
)]

use std::future::Future;
use std::sync::Arc;

use futures_util::TryStreamExt;
use object_store::integration;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMultipartOptions,
    PutOptions, PutPayload,
};
use s3_testserver::TestServer;
use storage_core::ErrorKind;
use storage_local::MemoryStorage;
use storage_minio::MinioStorage;
use storage_object_store::AsObjectStore;

/// Runs `test` on an empty store of each kind.
async fn on_each<F, Fut>(test: F)
where
    F: Fn(AsObjectStore) -> Fut,
    Fut: Future<Output = ()>,
{
    test(AsObjectStore::new(Arc::new(MemoryStorage::new()))).await;
    #[cfg(unix)]
    {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage_local::LocalStorage::builder(folder.path());
        let storage = storage.durability(storage_local::Durability::None).build().unwrap();
        test(AsObjectStore::new(Arc::new(storage))).await;
    }
    let server = TestServer::start().await;
    test(AsObjectStore::new(Arc::new(on_server(&server).await))).await;
}

async fn on_server(server: &TestServer) -> MinioStorage {
    let storage = MinioStorage::builder()
        .endpoint(server.endpoint())
        .credentials(server.access_key(), server.secret_key())
        .bucket("way-back")
        .build()
        .unwrap();
    storage.create_bucket().await.unwrap();
    storage
}

macro_rules! theirs {
    ($($name:ident: $store:ident => $test:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            on_each(|$store| async move { $test; }).await;
        }
    )+};
}

theirs! {
    put_get_delete_list: store => integration::put_get_delete_list(&store).await;
    put_get_attributes: store => integration::put_get_attributes(&store).await;
    get_opts: store => integration::get_opts(&store).await;
    put_opts: store => integration::put_opts(&store, true).await;
    stream_get: store => integration::stream_get(&store).await;
    list_uses_directories_correctly: store => integration::list_uses_directories_correctly(&store).await;
    list_with_delimiter: store => integration::list_with_delimiter(&store).await;
    list_with_offset_exclusivity: store => integration::list_with_offset_exclusivity(&store).await;
    rename_and_copy: store => integration::rename_and_copy(&store).await;
    copy_if_not_exists: store => integration::copy_if_not_exists(&store).await;
    copy_rename_nonexistent_object: store => integration::copy_rename_nonexistent_object(&store).await;
    multipart_race: store => integration::multipart_race_condition(&store, true).await;
    multipart_out_of_order: store => integration::multipart_out_of_order(&store).await;
    get_nonexistent_object: store => {
        let error = integration::get_nonexistent_object(&store, None).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    };
}

#[tokio::test]
async fn an_upload_that_is_aborted_or_dropped_leaves_nothing() {
    on_each(|store| async move {
        let path = Path::from("a/large");
        let part = PutPayload::from(vec![7; 6 * 1024 * 1024]);
        let mut aborted = store.put_multipart(&path).await.unwrap();
        aborted.put_part(part.clone()).await.unwrap();
        aborted.abort().await.unwrap();
        assert!(aborted.complete().await.is_err());
        let mut dropped = store.put_multipart(&path).await.unwrap();
        dropped.put_part(part).await.unwrap();
        drop(dropped);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert!(matches!(store.head(&path).await, Err(Error::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_part_that_cannot_be_stored_says_why() {
    let server = TestServer::start().await;
    let missing = MinioStorage::builder()
        .endpoint(server.endpoint())
        .credentials(server.access_key(), server.secret_key())
        .bucket("not-there")
        .build()
        .unwrap();
    let store = AsObjectStore::new(Arc::new(missing));
    let mut upload = store.put_multipart(&Path::from("a")).await.unwrap();
    let parts = [
        upload.put_part(vec![0; 12 * 1024 * 1024].into()),
        upload.put_part(vec![0; 12 * 1024 * 1024].into()),
    ];
    let mut kinds = Vec::new();
    for part in parts {
        kinds.extend(part.await.err().map(kind_of));
    }
    kinds.extend(upload.complete().await.err().map(kind_of));
    assert!(kinds.contains(&Some(ErrorKind::BucketMissing)), "{kinds:?}");
}

fn kind_of(error: Error) -> Option<ErrorKind> {
    let (Error::Generic { source, .. } | Error::NotFound { source, .. }) = error else { return None };
    source.downcast_ref::<storage_core::Error>().map(storage_core::Error::kind)
}

#[tokio::test]
async fn a_missing_bucket_and_a_dead_server_are_not_not_found() {
    let server = TestServer::start().await;
    let endpoint = server.endpoint();
    let (key, secret) = (server.access_key().to_owned(), server.secret_key().to_owned());
    let build =
        || MinioStorage::builder().endpoint(&endpoint).credentials(&key, &secret).bucket("not-there").build();
    let store = AsObjectStore::new(Arc::new(build().unwrap()));
    let error = store.head(&Path::from("a")).await.unwrap_err();
    assert_eq!(kind_of(error), Some(ErrorKind::BucketMissing));
    drop(server);
    let error = store.head(&Path::from("a")).await.unwrap_err();
    assert!(matches!(error, Error::Generic { .. }), "{error}");
}

#[tokio::test]
async fn ranges_from_the_end_and_conditions_of_several_tags() {
    on_each(|store| async move {
        let path = Path::from("a");
        let etag = store.put(&path, "0123456789".into()).await.unwrap().e_tag.unwrap();
        let read = |options: GetOptions| {
            let (store, path) = (store.clone(), path.clone());
            async move { store.get_opts(&path, options).await?.bytes().await }
        };
        assert_eq!(read(GetOptions::new().with_range(Some(GetRange::Suffix(3)))).await.unwrap(), "789");
        assert_eq!(read(GetOptions::new().with_range(Some(GetRange::Suffix(0)))).await.unwrap(), "");
        let many = format!("\"x\", {etag}");
        assert_eq!(read(GetOptions::new().with_if_match(Some(many.clone()))).await.unwrap(), "0123456789");
        let changed = read(GetOptions::new().with_if_none_match(Some(many))).await.unwrap_err();
        assert!(matches!(changed, Error::NotModified { .. }), "{changed}");
        let any = read(GetOptions::new().with_if_none_match(Some("*"))).await.unwrap_err();
        assert!(matches!(any, Error::NotModified { .. }), "{any}");
        let version = read(GetOptions::new().with_version(Some("1"))).await.unwrap_err();
        assert!(matches!(version, Error::NotSupported { .. }), "{version}");
    })
    .await;
}

#[tokio::test]
async fn attributes_of_an_upload_in_parts_are_kept_and_bad_ones_refused() {
    on_each(|store| async move {
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, "application/vnd.apache.parquet"),
            (Attribute::Metadata("origin".into()), "Zürich"),
        ]);
        let path = Path::from("a.parquet");
        let options = PutMultipartOptions::from(attributes);
        let mut upload = store.put_multipart_opts(&path, options).await.unwrap();
        upload.put_part("abc".into()).await.unwrap();
        upload.complete().await.unwrap();
        let found = store.get(&path).await.unwrap().attributes;
        assert_eq!(found.get(&Attribute::Metadata("origin".into())).map(AsRef::as_ref), Some("Zürich"));
        let evil = Attributes::from_iter([(Attribute::Metadata("a".into()), "x\r\nEvil: 1")]);
        assert!(store.put_opts(&path, "x".into(), PutOptions::from(evil)).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn an_odd_key_of_somebody_else_is_left_out_of_a_listing() {
    let server = TestServer::start().await;
    let storage = on_server(&server).await;
    for key in ["a//b", "a/", "a/b", "z"] {
        server.put_foreign("way-back", key, &[], "x");
    }
    let store = AsObjectStore::new(Arc::new(storage));
    let listed: Vec<_> =
        store.list(None).map_ok(|meta| meta.location.to_string()).try_collect().await.unwrap();
    assert_eq!(listed, ["a/b", "z"]);
    let level = store.list_with_delimiter(Some(&Path::from("a"))).await.unwrap();
    assert_eq!(level.objects.len(), 1);
}
