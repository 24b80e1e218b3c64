use std::sync::Arc;

use futures_util::TryStreamExt as _;
use storage_core::attributes::Attributes;
use storage_core::bulk::BulkObject;
use storage_core::list::ListOptions;
use storage_core::wrap::{Limited, Prefixed, ReadOnly};
use storage_core::{Body, ErrorKind, GetOptions, ObjectKey, PutOptions, Storage, StorageExt as _};

use crate::case::{Case, cases};
use crate::fixture::Fixture;

pub(crate) fn cases() -> Vec<Case> {
    cases!("bulk":
        where_it_works_all_arrive_with_their_headers,
        trying_leaves_nothing,
        stores_around_it_pass_it_on,
        into_a_missing_bucket_is_an_error,
    )
}

fn key(text: &str) -> ObjectKey {
    text.parse().unwrap()
}

fn where_it_works_all_arrive_with_their_headers(fixture: &Fixture) {
    let storage = fixture.bucket();
    let bulk = storage.bulk_put().expect("S3 has it, if its server has");
    fixture.wait(async {
        if !bulk.works().await.unwrap() {
            return;
        }
        storage.put(&key("old/1.txt"), Body::from("older"), PutOptions::new()).await.unwrap();
        let mut attributes = Attributes::default();
        attributes.content_type = Some("text/css; charset=utf-8".to_owned());
        attributes.cache_control = Some("public, max-age=31536000, immutable".to_owned());
        attributes.content_encoding = Some("br".to_owned());
        attributes.metadata.insert("from".to_owned(), "Zürich = schön".to_owned());
        let long = format!("{}/{}.css", "n".repeat(200), "m".repeat(180));
        let odd = ["old/1.txt", "ü/ä b+c&d=e%2F.css", "empty.css", long.as_str()];
        let mut objects: Vec<_> = (0..300)
            .map(|n| {
                BulkObject::new(key(&format!("many/{n:03}.css")), vec![b'a'; n])
                    .attributes(attributes.clone())
            })
            .collect();
        let long =
            [16 << 10, 70_001].map(|size| BulkObject::new(key(&format!("long/{size}")), vec![b'l'; size]));
        objects.extend(long.map(|object| object.attributes(attributes.clone())));
        objects.extend(odd.map(|name| {
            let content = if name == "empty.css" { "" } else { name };
            BulkObject::new(key(name), content.to_owned()).attributes(attributes.clone())
        }));
        bulk.put_bulk(objects.clone()).await.unwrap();

        let listed: Vec<_> = storage.list(ListOptions::new()).try_collect().await.unwrap();
        assert_eq!(listed.len(), 306);
        for object in objects.iter().step_by(50).chain(&objects[300..]) {
            let got = storage.get(&object.key, GetOptions::new()).await.unwrap().into_object().unwrap();
            let meta = got.meta().clone();
            assert_eq!(meta.attributes, attributes, "{}", object.key);
            let written = meta.last_modified.unwrap();
            let age = std::time::SystemTime::now().duration_since(written).unwrap_or_default();
            assert!(age.as_secs() < 600, "it is as old as its writing: {age:?}");
            assert_eq!(storage.read(&object.key).await.unwrap(), object.content);
        }
    });
}

fn trying_leaves_nothing(fixture: &Fixture) {
    let storage = fixture.bucket();
    fixture.wait(async {
        let works = storage.bulk_put().unwrap().works().await.unwrap();
        let server = fixture.address.server.as_str();
        assert_eq!(works, matches!(server, "minio" | "minio-cluster"), "{server}");
        assert!(storage.list(ListOptions::new()).try_collect::<Vec<_>>().await.unwrap().is_empty());
    });
}

fn stores_around_it_pass_it_on(fixture: &Fixture) {
    let storage: Arc<dyn Storage> = Arc::new(fixture.bucket());
    let below = Prefixed::new(storage.clone(), "below").unwrap();
    let wrapped = Limited::new(Arc::new(below), 2);
    fixture.wait(async {
        let bulk = wrapped.bulk_put().unwrap();
        assert_eq!(bulk.works().await.unwrap(), storage.bulk_put().unwrap().works().await.unwrap());
        assert_eq!(bulk.batch_size(), storage.bulk_put().unwrap().batch_size());
        if bulk.works().await.unwrap() {
            bulk.put_bulk(vec![BulkObject::new(key("a/b.css"), "b")]).await.unwrap();
            assert_eq!(storage.read(&key("below/a/b.css")).await.unwrap(), "b");
            let long = BulkObject::new(key(&"x".repeat(1_020)), "");
            assert_eq!(bulk.put_bulk(vec![long]).await.unwrap_err().kind(), ErrorKind::InvalidInput);
        }
    });
    let read_only = ReadOnly::new(storage.clone());
    assert!(read_only.bulk_put().is_none(), "nothing goes around it");
}

fn into_a_missing_bucket_is_an_error(fixture: &Fixture) {
    let storage = fixture.no_bucket().build().unwrap();
    fixture.wait(async {
        // Of no meaning elsewhere: SeaweedFS makes a bucket by writing into it.
        if fixture.address.server != "minio" {
            return;
        }
        let object = BulkObject::new(key("a"), "a");
        let error = storage.bulk_put().unwrap().put_bulk(vec![object]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BucketMissing, "{error}");
        assert_eq!(error.operation(), Some("put_bulk"));
    });
}
