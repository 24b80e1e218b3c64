use std::io::{Read, Write};
use std::sync::Arc;

use async_trait::async_trait;
use storage_core::admin::{BucketAdmin, Creation};
use storage_core::{Error, ErrorKind, Result};

use super::LocalStorage;
use super::disk::blocking::blocking;
use super::disk::faults::fault;
use super::place::layout::OWN_FOLDER;
use super::session::{Session, Store};
use super::writing::temp::TempFile;
use crate::policy;

const POLICY_FILE: &str = "policy.json";

/// The folder itself, and a policy that is kept in it for whoever serves the objects.
#[async_trait]
impl BucketAdmin for LocalStorage {
    async fn create(&self) -> Result<Creation> {
        self.look_after("create_bucket", |folder| match folder.session() {
            Ok(_) => Ok(Creation::Existed),
            Err(error) if error.kind() == ErrorKind::BucketMissing => {
                std::fs::create_dir_all(&folder.0.root).map_err(fault)?;
                folder.session().map(|_| Creation::Created)
            }
            Err(error) => Err(error),
        })
        .await
    }

    async fn exists(&self) -> Result<bool> {
        self.look_after("bucket_exists", |folder| match folder.session() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::BucketMissing => Ok(false),
            Err(error) => Err(error),
        })
        .await
    }

    async fn delete(&self) -> Result<()> {
        self.look_after("delete_bucket", |folder| match folder.session() {
            Ok(session) => remove(&session),
            Err(error) if error.kind() == ErrorKind::BucketMissing => Ok(()),
            Err(error) => Err(error),
        })
        .await
    }

    async fn policy(&self) -> Result<Option<String>> {
        self.look_after("policy", |folder| {
            let Some((mut file, _)) = folder.session()?.own.read(POLICY_FILE).map_err(fault)? else {
                return Ok(None);
            };
            let mut text = String::new();
            file.read_to_string(&mut text).map_err(fault)?;
            Ok(Some(text))
        })
        .await
    }

    async fn put_policy(&self, json: &str) -> Result<()> {
        let json = json.to_owned();
        self.look_after("put_policy", move |folder| {
            policy::check(&json)?;
            let session = folder.session()?;
            let mut temp = TempFile::create_secret(&session)?;
            let written = temp.file.write_all(json.as_bytes()).and_then(|()| session.sync_file(&temp.file));
            written.and_then(|()| temp.move_over(&session.own, POLICY_FILE)).map_err(fault)?;
            session.sync(std::slice::from_ref(&session.own))
        })
        .await
    }

    async fn delete_policy(&self) -> Result<()> {
        self.look_after("delete_policy", |folder| {
            let session = folder.session()?;
            match session.own.stat(POLICY_FILE).map_err(fault)? {
                Some(_) => session.own.remove(POLICY_FILE).map_err(fault)?,
                None => return Ok(()),
            }
            session.sync(std::slice::from_ref(&session.own))
        })
        .await
    }
}

/// The store's folder, which may be gone.
struct Folder(Arc<Store>);

impl Folder {
    fn session(&self) -> Result<Session> {
        Session::open(&self.0)
    }
}

impl LocalStorage {
    async fn look_after<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Folder) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let folder = Folder(Arc::clone(&self.store));
        let done = blocking(move || work(&folder)).await;
        done.map_err(|error| error.with_operation(operation).with_store(&self.store.name))
    }
}

/// Nobody writes in between: writers wait for the lock, and find no folder then.
fn remove(session: &Session) -> Result<()> {
    let _lock = session.lock()?;
    let occupied = || {
        Error::new(ErrorKind::PreconditionFailed, "there are objects, or other files, in the bucket")
            .with_hint("delete them first")
    };
    for name in session.root.names().map_err(fault)? {
        if name.map_err(fault)?.0 != OWN_FOLDER.as_bytes() {
            return Err(occupied());
        }
    }
    let root = &session.store.root;
    std::fs::remove_dir_all(root.join(OWN_FOLDER)).map_err(fault)?;
    std::fs::remove_dir(root).map_err(|error| match error.kind() {
        std::io::ErrorKind::DirectoryNotEmpty => occupied(),
        _ => fault(error),
    })
}

#[cfg(test)]
mod tests {
    use storage_core::{ObjectKey, PutOptions, Storage};

    use crate::folder::Durability;

    use super::*;

    #[tokio::test]
    async fn the_folder_is_deleted_only_when_it_is_empty_and_made_again() {
        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("photos");
        let storage = LocalStorage::builder(root).durability(Durability::None).build().unwrap();
        let key: ObjectKey = "a/b.txt".parse().unwrap();
        assert_eq!(storage.create().await.unwrap(), Creation::Existed);
        storage.put(&key, "x".into(), PutOptions::new()).await.unwrap();
        assert_eq!(BucketAdmin::delete(&storage).await.unwrap_err().kind(), ErrorKind::PreconditionFailed);
        assert_eq!(storage.stat(&key).await.unwrap().size, 1);
        Storage::delete(&storage, &key).await.unwrap();
        BucketAdmin::delete(&storage).await.unwrap();
        assert!(!parent.path().join("photos").exists() && !storage.exists().await.unwrap());
        BucketAdmin::delete(&storage).await.expect("it is fine if there is none");
        storage.create().await.unwrap();
        for n in 0..1_001 {
            let key: ObjectKey = format!("a/{n}").parse().unwrap();
            storage.put(&key, "x".into(), PutOptions::new()).await.unwrap();
        }
        assert_eq!(storage_core::admin::delete_with_objects(&storage).await.unwrap(), 1_001);
        assert!(!parent.path().join("photos").exists());
        assert_eq!(storage.policy().await.unwrap_err().kind(), ErrorKind::BucketMissing);
        assert_eq!(storage.create().await.unwrap(), Creation::Created);
        storage.put(&key, "x".into(), PutOptions::new()).await.unwrap();
    }

    #[tokio::test]
    async fn the_policy_is_kept_and_is_no_object() {
        let parent = tempfile::tempdir().unwrap();
        let storage = LocalStorage::open(parent.path()).unwrap();
        storage.delete_policy().await.expect("it is fine if there is none");
        assert_eq!(storage.policy().await.unwrap(), None);
        for text in [r#"{"Version": "2012-10-17"}"#, r#"{"Statement": []}"#] {
            storage.put_policy(text).await.unwrap();
            let again = LocalStorage::open(parent.path()).unwrap();
            assert_eq!(again.policy().await.unwrap().as_deref(), Some(text));
        }
        let too_much = format!("{{\"a\": \"{}\"}}", "x".repeat(20 << 10));
        for bad in ["", "no", "[]", too_much.as_str()] {
            assert_eq!(storage.put_policy(bad).await.unwrap_err().kind(), ErrorKind::InvalidInput);
        }
        BucketAdmin::policy(&storage).await.unwrap().expect("what was there stays");
        storage.delete_policy().await.unwrap();
        assert_eq!(storage.policy().await.unwrap(), None);
    }
}
