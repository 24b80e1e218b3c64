use crate::manifest::{Index, IndexedObject, SharedHeaders};
use crate::variant::Encoding;

/// What was found out on the way: the index of the plan says the rest.
pub(super) struct Changes<'a> {
    planned: &'a Index,
    objects: Vec<(String, Change)>,
    headers: SharedHeaders,
}

enum Change {
    /// The `ETag` of an object is not its MD5.
    Etag(String),
    /// A variant was stored.
    Stored(IndexedObject),
    /// A variant of it would save too little.
    Declined(Encoding),
}

impl<'a> Changes<'a> {
    pub(super) fn to(planned: &'a Index) -> Self {
        Self { planned, objects: Vec::new(), headers: SharedHeaders::default() }
    }

    pub(super) fn etag(&mut self, key: String, etag: Option<String>) {
        let is_md5 = |etag: &String| self.planned.objects.get(&key).is_some_and(|object| object.md5 == *etag);
        if let Some(etag) = etag.filter(|etag| !is_md5(etag)) {
            self.objects.push((key, Change::Etag(etag)));
        }
    }

    pub(super) fn stored(&mut self, key: String, mut object: IndexedObject) {
        object.headers = self.headers.share(object.headers);
        self.objects.push((key, Change::Stored(object)));
    }

    pub(super) fn declined(&mut self, key: String, encoding: Encoding) {
        self.objects.push((key, Change::Declined(encoding)));
    }

    /// The index as it is stored.
    pub(super) fn index(self) -> Index {
        let mut index = self.planned.clone();
        for (key, change) in self.objects {
            match (index.objects.get_mut(&key), change) {
                (_, Change::Stored(object)) => _ = index.objects.insert(key, object),
                (Some(object), Change::Etag(etag)) => {
                    object.etag = Some(etag).filter(|etag| *etag != object.md5);
                }
                (Some(object), Change::Declined(encoding)) => {
                    object.declined.push(encoding);
                    object.declined.sort_unstable();
                }
                (None, Change::Etag(_) | Change::Declined(_)) => {}
            }
        }
        index
    }
}
