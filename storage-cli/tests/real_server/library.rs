use storage_suite::{ErrorKind, Storages};

use crate::server::{self, Sandbox};

/// What an application does, unchanged from the folder.
async fn application(storages: &Storages) -> storage_suite::Result<()> {
    let media = storages.media();
    let saved = media.save("cats/tom.jpg", "miau").await?;
    assert!(server::is_named(saved.key.as_str(), "cats/tom.jpg"), "{}", saved.key);
    let again = media.save("cats/tom.jpg", "another tom").await?;
    assert_ne!(again.key, saved.key);

    let file = media.open(&saved.key).await?;
    assert_eq!((file.meta().content_type.as_str(), file.meta().size), ("image/jpeg", 4));
    assert_eq!(file.bytes().await?, "miau");
    assert!(media.url(&saved.key)?.to_string().contains(saved.key.as_str()));

    media.delete(&saved.key).await?;
    assert_eq!(media.open(&saved.key).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(!media.exists(&saved.key).await?);
    Ok(())
}

#[test]
fn one_application_runs_on_the_folder_and_on_the_server() {
    let sandbox = Sandbox::new();
    let folder = storage_suite::Settings::builder().code_only().set("storage.backend", "local");
    let folder = folder.set("storage.root", sandbox.path("store").to_str().unwrap()).load().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for storages in [Storages::new(folder).unwrap(), sandbox.storages()] {
        runtime.block_on(application(&storages)).unwrap();
    }
}
