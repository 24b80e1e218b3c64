use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt as _;
use storage_core::admin::{
    CorsRule, Creation, DefaultEncryption, Lifecycle, LifecycleRule, UnfinishedUpload, Versioning,
    delete_with_objects,
};
use storage_core::options::{Retention, RetentionMode};
use storage_core::{Body, ErrorKind, ObjectKey, PutOptions, Storage as _};

use crate::case::{Case, cases};
use crate::fixture::{Fixture, admin};

pub(crate) fn cases() -> Vec<Case> {
    cases!("buckets":
        created_once,
        eight_creators_at_once,
        one_with_objects_is_not_deleted,
        are_listed,
        policy_put_read_and_deleted,
        policy_of_a_missing_bucket,
        broken_policy_is_invalid_input,
        lifecycle_keeps_what_others_set,
        cors_rules,
        versioning_is_enabled_and_suspended,
        tags,
        default_encryption,
        locked_objects_stay,
        a_lock_that_the_bucket_has_not_is_refused,
        unfinished_uploads_are_found_and_aborted,
        no_policy_is_sent_that_is_too_large,
    )
}

fn created_once(fixture: &Fixture) {
    let storage = fixture.no_bucket().build().unwrap();
    let bucket = admin(&storage);
    fixture.wait(async {
        assert!(!bucket.exists().await.unwrap());
        bucket.delete().await.expect("it is fine if there is none");
        assert_eq!(bucket.create().await.unwrap(), Creation::Created);
        assert!(bucket.exists().await.unwrap());
        assert_eq!(bucket.create().await.unwrap(), Creation::Existed);
        bucket.delete().await.unwrap();
        assert!(!bucket.exists().await.unwrap());
    });
}

fn eight_creators_at_once(fixture: &Fixture) {
    let storage = fixture.no_bucket().build().unwrap();
    let creators = (0..8).map(|_| admin(&storage).create());
    fixture.wait(async {
        futures_util::future::try_join_all(creators).await.expect("each finds it there or makes it");
        assert!(admin(&storage).exists().await.unwrap());
    });
}

fn one_with_objects_is_not_deleted(fixture: &Fixture) {
    let storage = fixture.bucket();
    let key: ObjectKey = "a.txt".parse().unwrap();
    fixture.wait(async {
        storage.put(&key, Body::from("a"), PutOptions::new()).await.unwrap();
        let error = admin(&storage).delete().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PreconditionFailed, "{error:?}");
        storage.stat(&key).await.expect("it is there still");
        storage.put(&"b/c".parse().unwrap(), Body::from("b"), PutOptions::new()).await.unwrap();
        assert_eq!(delete_with_objects(&storage).await.unwrap(), 2);
        assert!(!admin(&storage).exists().await.unwrap());
        assert_eq!(delete_with_objects(&storage).await.unwrap(), 0, "it is fine if there is none");
    });
}

fn are_listed(fixture: &Fixture) {
    let (one, two) = (fixture.bucket(), fixture.bucket());
    let names = fixture.wait(admin(&one).bucket_names()).unwrap();
    assert!(names.is_sorted());
    for storage in [&one, &two] {
        assert!(names.iter().any(|name| name == storage.name()), "{names:?}");
    }
}

fn policy_of(bucket: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":["*"]}},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::{bucket}/*"]}}]}}"#
    )
}

/// Before the server would be asked, which is none.
fn no_policy_is_sent_that_is_too_large(fixture: &Fixture) {
    let storage = fixture.no_bucket().endpoint("http://no-such-host.invalid:9000").build().unwrap();
    let error = fixture.wait(admin(&storage).put_policy(&"x".repeat((20 << 10) + 1))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error:?}");
    assert!(error.to_string().contains("20481 bytes") && error.to_string().contains("put_policy"), "{error}");
}

fn policy_put_read_and_deleted(fixture: &Fixture) {
    let storage = fixture.bucket();
    let bucket = admin(&storage);
    fixture.wait(async {
        assert_eq!(bucket.policy().await.unwrap(), None);
        bucket.delete_policy().await.expect("it is fine if there is none");
        bucket.put_policy(&policy_of(storage.name())).await.unwrap();
        let policy: serde_json::Value =
            serde_json::from_str(&bucket.policy().await.unwrap().expect("a policy")).expect("JSON");
        assert!(policy.to_string().contains("s3:GetObject"), "{policy}");
        bucket.delete_policy().await.unwrap();
        assert_eq!(bucket.policy().await.unwrap(), None);
    });
}

fn policy_of_a_missing_bucket(fixture: &Fixture) {
    let storage = fixture.no_bucket().build().unwrap();
    let error = fixture.wait(admin(&storage).policy()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BucketMissing, "{error:?}");
}

fn broken_policy_is_invalid_input(fixture: &Fixture) {
    let storage = fixture.bucket();
    fixture.wait(async {
        for policy in ["{", &policy_of("another-bucket")] {
            let error = admin(&storage).put_policy(policy).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error:?}");
        }
        assert_eq!(admin(&storage).policy().await.unwrap(), None);
    });
}

fn lifecycle_keeps_what_others_set(fixture: &Fixture) {
    let storage = fixture.bucket();
    let bucket = admin(&storage);
    fixture.wait(async {
        assert!(bucket.lifecycle().await.unwrap().is_empty());
        let mut wanted = Lifecycle::default();
        wanted.set(LifecycleRule::new("uploads").prefix("uploads/").expire_after_days(1));
        wanted.set(LifecycleRule::new("old & done").prefix("logs/").expire_after_days(30).disabled());
        bucket.put_lifecycle(&wanted).await.unwrap();
        let read = bucket.lifecycle().await.unwrap();
        for rule in &wanted.rules {
            assert_eq!(read.rule(&rule.id), Some(rule));
        }
        bucket.put_lifecycle(&read).await.expect("what was read can be written");
        bucket.put_lifecycle(&Lifecycle::default()).await.unwrap();
        assert!(bucket.lifecycle().await.unwrap().is_empty());
    });
}

fn cors_rules(fixture: &Fixture) {
    let storage = fixture.bucket();
    let bucket = admin(&storage);
    fixture.wait(async {
        assert_eq!(bucket.cors().await.unwrap(), []);
        let rule = CorsRule::direct_uploads(["https://www.example.org"]);
        bucket.put_cors(std::slice::from_ref(&rule)).await.unwrap();
        assert_eq!(bucket.cors().await.unwrap(), [rule]);
        bucket.put_cors(&[]).await.unwrap();
        assert_eq!(bucket.cors().await.unwrap(), []);
    });
}

fn versioning_is_enabled_and_suspended(fixture: &Fixture) {
    let storage = fixture.bucket();
    let bucket = admin(&storage);
    fixture.wait(async {
        assert_eq!(bucket.versioning().await.unwrap(), Versioning::Off);
        for versioning in [Versioning::Enabled, Versioning::Suspended] {
            bucket.put_versioning(versioning).await.unwrap();
            assert_eq!(bucket.versioning().await.unwrap(), versioning);
        }
        let error = bucket.put_versioning(Versioning::Off).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

fn tags(fixture: &Fixture) {
    let storage = fixture.bucket();
    let bucket = admin(&storage);
    fixture.wait(async {
        assert!(bucket.tags().await.unwrap().is_empty());
        let tags =
            BTreeMap::from([("team".to_owned(), "media".to_owned()), ("cost".to_owned(), "a b".to_owned())]);
        bucket.put_tags(&tags).await.unwrap();
        assert_eq!(bucket.tags().await.unwrap(), tags);
        bucket.put_tags(&BTreeMap::new()).await.unwrap();
        assert!(bucket.tags().await.unwrap().is_empty());
    });
}

fn default_encryption(fixture: &Fixture) {
    let storage = fixture.bucket();
    let bucket = admin(&storage);
    fixture.wait(async {
        assert_eq!(bucket.encryption().await.unwrap(), None);
        bucket.put_encryption(Some(&DefaultEncryption::Managed)).await.unwrap();
        assert_eq!(bucket.encryption().await.unwrap(), Some(DefaultEncryption::Managed));
        bucket.put_encryption(None).await.unwrap();
        assert_eq!(bucket.encryption().await.unwrap(), None);
    });
}

/// What is locked as it is stored, small or in parts, and afterwards. Nothing is locked for longer than the test's server lives.
fn locked_objects_stay(fixture: &Fixture) {
    let storage = fixture.no_bucket().multipart_threshold(5 << 20).part_size(5 << 20).build().unwrap();
    let bucket = admin(&storage);
    let until = SystemTime::now() + Duration::from_secs(3_600);
    let key = |text: &str| -> ObjectKey { text.parse().unwrap() };
    fixture.wait(async {
        assert_eq!(bucket.create_with_object_lock().await.unwrap(), Creation::Created);
        let kept = PutOptions::new().retention(Retention::governance(until));
        for (name, size) in [("small", 1 << 10), ("large", 11 << 20)] {
            let put = storage.put(&key(name), Body::from(vec![7; size]), kept.clone()).await.unwrap();
            let found = bucket.retention(&key(name)).await.unwrap().unwrap();
            assert_eq!(found.mode, RetentionMode::Governance);
            let second = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
            assert_eq!(second(found.until), second(until));
            fixture.is_refused_to_delete(storage.name(), name, put.version.as_deref());
        }
        storage.put(&key("held"), "a".into(), PutOptions::new().legal_hold()).await.unwrap();
        assert!(bucket.legal_hold(&key("held")).await.unwrap());

        let put = storage.put(&key("later"), "a".into(), PutOptions::new()).await.unwrap();
        let version = put.version.as_deref();
        assert_eq!(bucket.retention(&key("later")).await.unwrap(), None);
        assert!(!bucket.legal_hold(&key("later")).await.unwrap());
        bucket.put_legal_hold(&key("later"), true).await.unwrap();
        fixture.is_refused_to_delete(storage.name(), "later", version);
        bucket.put_legal_hold(&key("later"), false).await.unwrap();
        bucket.put_retention(&key("later"), &Retention::governance(until)).await.unwrap();
        fixture.is_refused_to_delete(storage.name(), "later", version);
        let sooner = Retention::governance(until - Duration::from_secs(1_800));
        let error = bucket.put_retention(&key("later"), &sooner).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    });
}

fn a_lock_that_the_bucket_has_not_is_refused(fixture: &Fixture) {
    let storage = fixture.bucket();
    let bucket = admin(&storage);
    let key: ObjectKey = "a".parse().unwrap();
    let until = SystemTime::now() + Duration::from_secs(3_600);
    fixture.wait(async {
        for options in
            [PutOptions::new().retention(Retention::governance(until)), PutOptions::new().legal_hold()]
        {
            let error = storage.put(&key, "a".into(), options).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert!(storage.stat(&key).await.unwrap_err().is_not_found(), "nothing stays that is not locked");
        }
        storage.put(&key, "a".into(), PutOptions::new()).await.unwrap();
        let error = bucket.put_legal_hold(&key, true).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        let past = PutOptions::new().retention(Retention::compliance(SystemTime::UNIX_EPOCH));
        assert_eq!(storage.put(&key, "a".into(), past).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    });
}

/// Begun as a client does that is killed then: by a request that it signed itself.
fn unfinished_uploads_are_found_and_aborted(fixture: &Fixture) {
    let storage = fixture.bucket();
    let bucket = admin(&storage);
    let key: ObjectKey = "big files/ü+.bin".parse().unwrap();
    let begun = SystemTime::now();
    let id = fixture.begin_upload(storage.name(), &key);
    fixture.wait(async {
        let found: Vec<UnfinishedUpload> =
            bucket.unfinished_uploads("big files/").unwrap().try_collect().await.unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].key.as_str(), found[0].id.as_str()), (key.as_str(), id.as_str()));
        let started = found[0].started.expect("a time");
        let off = started.duration_since(begun).unwrap_or_else(|before| before.duration());
        assert!(off < Duration::from_secs(120), "{off:?}");
        let none: Vec<_> = bucket.unfinished_uploads("small").unwrap().try_collect().await.unwrap();
        assert_eq!(none, []);
        bucket.abort_upload(&found[0]).await.unwrap();
        bucket.abort_upload(&found[0]).await.expect("it is fine if there is none any more");
        let left: Vec<_> = bucket.unfinished_uploads("").unwrap().try_collect().await.unwrap();
        assert_eq!(left, []);
    });
}
