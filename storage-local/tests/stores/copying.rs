use storage_core::list::ListOptions;
use storage_core::{CopyOptions, ErrorKind, PutOptions, Storage};

use crate::{key, keys, on_each, put, read};

#[tokio::test]
async fn a_copy_has_content_and_attributes_unless_told_otherwise() {
    on_each(|storage| async move {
        let options = PutOptions::new().content_type("text/plain").metadata("a", "b");
        let stored = storage.put(&key("from"), "hello".into(), options.clone()).await.unwrap();
        let copied = storage.copy(&key("from"), &key("to/x"), CopyOptions::new()).await.unwrap();
        assert_eq!((copied.size, &copied.etag), (5, &stored.etag));
        assert_eq!(storage.stat(&key("to/x")).await.unwrap().attributes, options.attributes);

        let html = PutOptions::new().content_type("text/html").attributes;
        storage.copy(&key("from"), &key("from"), CopyOptions::new().attributes(html.clone())).await.unwrap();
        let meta = storage.stat(&key("from")).await.unwrap();
        assert_eq!((meta.attributes, meta.etag), (html, stored.etag));
        assert_eq!(read(&*storage, "from").await.unwrap(), "hello");
    })
    .await;
}

#[tokio::test]
async fn a_rename_leaves_one_object() {
    on_each(|storage| async move {
        let options = PutOptions::new().content_type("text/plain").metadata("a", "b");
        let stored = storage.put(&key("a/from"), "hello".into(), options.clone()).await.unwrap();
        put(&*storage, "to", "old").await;
        let moved = storage.rename(&key("a/from"), &key("to"), CopyOptions::new()).await.unwrap();
        assert_eq!((moved.size, &moved.etag), (5, &stored.etag));
        assert_eq!(storage.stat(&key("to")).await.unwrap().attributes, options.attributes);
        assert_eq!(keys(&*storage, ListOptions::new()).await, ["to"]);
        assert_eq!(read(&*storage, "to").await.unwrap(), "hello");

        // Below itself, back, and onto itself.
        for (from, to) in [("to", "to/x/y"), ("to/x/y", "to/x"), ("to/x", "to"), ("to", "to")] {
            storage.rename(&key(from), &key(to), CopyOptions::new()).await.unwrap();
            assert_eq!(keys(&*storage, ListOptions::new()).await, [to]);
            assert_eq!(storage.stat(&key(to)).await.unwrap().attributes, options.attributes);
        }
    })
    .await;
}

#[tokio::test]
async fn conditions_of_copy_and_rename_hold() {
    on_each(|storage| async move {
        put(&*storage, "from", "hello").await;
        put(&*storage, "taken", "old").await;
        let [from, taken, free, missing] = ["from", "taken", "free", "missing"].map(key);
        let absent = || CopyOptions::new().if_absent();
        let other = || CopyOptions::new().source_if_match("other".into());
        for (source, target, options, kind) in [
            (&from, &taken, absent(), ErrorKind::AlreadyExists),
            (&from, &from, absent(), ErrorKind::AlreadyExists),
            (&from, &free, other(), ErrorKind::PreconditionFailed),
            (&missing, &free, absent(), ErrorKind::NotFound),
            (&missing, &missing, CopyOptions::new(), ErrorKind::NotFound),
            (
                &from,
                &free,
                CopyOptions::new().attributes(PutOptions::new().content_type("\n").attributes),
                ErrorKind::InvalidInput,
            ),
        ] {
            let copied = storage.copy(source, target, options.clone()).await;
            assert_eq!(copied.unwrap_err().kind(), kind);
            let moved = storage.rename(source, target, options).await;
            assert_eq!(moved.unwrap_err().kind(), kind);
        }
        assert_eq!(keys(&*storage, ListOptions::new()).await, ["from", "taken"]);
        assert_eq!(read(&*storage, "taken").await.unwrap(), "old");
        let etag = storage.stat(&from).await.unwrap().etag.unwrap();
        storage.rename(&from, &free, absent().source_if_match(etag)).await.unwrap();
        assert_eq!(keys(&*storage, ListOptions::new()).await, ["free", "taken"]);
    })
    .await;
}
