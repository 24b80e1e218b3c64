use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::SystemTime;

use bytes::Bytes;
use storage_core::attributes::Attributes;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{CopyOptions, ETag, Error, ErrorKind, ObjectEntry, ObjectKey, ObjectMeta, Result};

/// An object's content and all that is stored with it.
#[derive(Clone)]
pub(super) struct Content {
    pub(super) bytes: Bytes,
    pub(super) etag: ETag,
    pub(super) modified: SystemTime,
    pub(super) attributes: Attributes,
    pub(super) tags: BTreeMap<String, String>,
}

impl Content {
    pub(super) fn meta(&self, key: &ObjectKey) -> ObjectMeta {
        ObjectMeta::new(key.clone(), self.bytes.len() as u64)
            .with_attributes(self.attributes.clone())
            .with_etag(Some(self.etag.clone()))
            .with_last_modified(Some(self.modified))
    }

    fn entry(&self, key: &ObjectKey) -> ObjectEntry {
        ObjectEntry::new(key.clone(), self.bytes.len() as u64)
            .with_etag(Some(self.etag.clone()))
            .with_last_modified(Some(self.modified))
    }

    fn outcome(&self) -> PutOutcome {
        PutOutcome::new(self.bytes.len() as u64).with_etag(Some(self.etag.clone()))
    }
}

type Map = BTreeMap<String, (ObjectKey, Arc<Content>)>;

/// All objects of a store, in the order of their keys' bytes.
#[derive(Default)]
pub(super) struct Objects(RwLock<Map>);

impl Objects {
    pub(super) fn find(&self, key: &ObjectKey) -> Result<Arc<Content>> {
        find(&self.read(), key)
    }

    pub(super) fn keys(&self) -> Vec<ObjectKey> {
        self.read().values().map(|(key, _)| key.clone()).collect()
    }

    pub(super) fn content(&self, key: &str) -> Option<Bytes> {
        self.read().get(key).map(|(_, content)| content.bytes.clone())
    }

    /// Whether a put in this mode can succeed as things stand.
    pub(super) fn check_mode(&self, key: &ObjectKey, mode: &PutMode) -> Result<()> {
        check_mode(&self.read(), key, mode)
    }

    pub(super) fn insert(&self, key: &ObjectKey, content: Content, mode: &PutMode) -> Result<()> {
        let mut map = self.write();
        check_mode(&map, key, mode)?;
        map.insert(key.as_str().to_owned(), (key.clone(), Arc::new(content)));
        Ok(())
    }

    pub(super) fn remove(&self, key: &str) {
        self.write().remove(key);
    }

    pub(super) fn copy(
        &self,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
        now: SystemTime,
    ) -> Result<PutOutcome> {
        let mut map = self.write();
        let mut content = source(&map, from, to, options)?;
        content.modified = now;
        let outcome = content.outcome();
        map.insert(to.as_str().to_owned(), (to.clone(), Arc::new(content)));
        Ok(outcome)
    }

    pub(super) fn rename(
        &self,
        from: &ObjectKey,
        to: &ObjectKey,
        options: CopyOptions,
    ) -> Result<PutOutcome> {
        let mut map = self.write();
        let content = source(&map, from, to, options)?;
        let outcome = content.outcome();
        map.insert(to.as_str().to_owned(), (to.clone(), Arc::new(content)));
        map.remove(from.as_str());
        Ok(outcome)
    }

    /// The first object from `position` on.
    pub(super) fn first(&self, position: &Bound<String>) -> Option<ObjectEntry> {
        let map = self.read();
        let (key, content) = map.range((position.clone(), Bound::Unbounded)).next()?.1;
        Some(content.entry(key))
    }

    /// Up to `limit` objects from `position` on that begin with `prefix`.
    pub(super) fn page(&self, prefix: &str, position: &Bound<String>, limit: usize) -> Vec<ObjectEntry> {
        let map = self.read();
        let objects = map.range((position.clone(), Bound::Unbounded));
        let wanted = objects.take_while(|(key, _)| key.starts_with(prefix)).take(limit);
        wanted.map(|(_, (key, content))| content.entry(key)).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Map> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Map> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(map: &Map, key: &ObjectKey) -> Result<Arc<Content>> {
    match map.get(key.as_str()) {
        Some((_, content)) => Ok(Arc::clone(content)),
        None => Err(Error::not_found(key)),
    }
}

fn check_mode(map: &Map, key: &ObjectKey, mode: &PutMode) -> Result<()> {
    let present = map.get(key.as_str());
    match mode {
        PutMode::Overwrite => Ok(()),
        PutMode::Create if present.is_none() => Ok(()),
        PutMode::Create => Err(Error::new(ErrorKind::AlreadyExists, "")),
        PutMode::IfMatch(etag) if present.is_some_and(|(_, content)| content.etag == *etag) => Ok(()),
        PutMode::IfMatch(_) => Err(Error::new(ErrorKind::PreconditionFailed, "the object has another ETag")),
        _ => Err(Error::unsupported("a put mode of a later version")),
    }
}

fn source(map: &Map, from: &ObjectKey, to: &ObjectKey, options: CopyOptions) -> Result<Content> {
    let found = find(map, from)?;
    if options.source_if_match.is_some_and(|etag| etag != found.etag) {
        return Err(Error::new(ErrorKind::PreconditionFailed, "the source has another ETag"));
    }
    if options.if_absent && map.contains_key(to.as_str()) {
        return Err(Error::new(ErrorKind::AlreadyExists, format!("the target is `{to}`")));
    }
    let mut content = Content::clone(&found);
    if let Some(attributes) = options.attributes {
        attributes.validate()?;
        content.attributes = attributes;
    }
    Ok(content)
}
