use std::sync::Arc;

use http::HeaderMap;
use storage_core::url::{UrlMethod, UrlRefusal};
use storage_core::wrap::ReadOnly;
use storage_core::{
    Bucket, Collision, CopyOptions, ErrorKind, PutOptions, SaveOptions, Storage, StorageExt, UrlOptions,
};

use crate::faulty::Faulty;
use crate::{key, memory, put};

#[tokio::test]
async fn every_change_is_refused_before_anything_is_asked_or_read() {
    let inner = memory();
    put(&*inner, "a", "old").await;
    let counting = Faulty::new(inner);
    let store = ReadOnly::new(Arc::clone(&counting) as Arc<dyn Storage>);
    let (a, b) = (key("a"), key("b"));
    let errors = [
        store.put(&a, "new".into(), PutOptions::new()).await.unwrap_err(),
        store.delete(&a).await.unwrap_err(),
        store.delete_many(vec![a.clone().into()]).await.unwrap_err(),
        store.copy(&a, &b, CopyOptions::new()).await.unwrap_err(),
        store.rename(&a, &b, CopyOptions::new()).await.unwrap_err(),
        store.probe().await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.store()), (ErrorKind::PermissionDenied, Some("memory")), "{error}");
        assert!(error.operation().is_some() && !error.is_retryable());
    }
    assert_eq!(counting.calls(), 0);
    assert_eq!(store.read(&a).await.unwrap(), "old");
    assert!(store.upload_signer().is_none() && counting.upload_signer().is_some());
}

#[tokio::test]
async fn a_save_says_what_it_is_refused_for_under_any_rule() {
    let bucket = Bucket::new(memory()).wrapped(ReadOnly::new);
    for collision in [Collision::Rename, Collision::Reject, Collision::Replace] {
        let options = SaveOptions::new().collision(collision);
        let error = bucket.save_with("cat.jpg", "x", options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    }
}

#[tokio::test]
async fn urls_only_read() {
    let inner = memory();
    let store = ReadOnly::new(Arc::clone(&inner));
    let a = key("a");
    let signer = store.url_signer().unwrap();
    for method in [UrlMethod::Get, UrlMethod::Head] {
        let url = signer.signed_url(&a, &UrlOptions::new().method(method)).unwrap();
        let verifier = store.url_verifier().unwrap();
        let grant = verifier.verify_url(method.as_str(), url.as_str(), &HeaderMap::new()).unwrap();
        assert_eq!((grant.key, grant.method), (a.clone(), method));
    }
    let delete = UrlOptions::new().method(UrlMethod::Delete);
    assert_eq!(signer.signed_url(&a, &delete).unwrap_err().kind(), ErrorKind::PermissionDenied);
    assert_eq!(
        store.url_verifier().unwrap().verify_form("/files/memory", &[], "x"),
        Err(UrlRefusal::MethodNotAllowed)
    );
    // What the store below signed is not granted here.
    if let Ok(url) = inner.url_signer().unwrap().signed_url(&a, &delete) {
        let verified = store.url_verifier().unwrap().verify_url("DELETE", url.as_str(), &HeaderMap::new());
        assert!(verified.is_err(), "{verified:?}");
    }
}
