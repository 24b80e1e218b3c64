use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserializer, MapAccess, Visitor};

use super::IndexedObject;

/// The headers that an object is stored with, by their names in lower case: most objects have the same, and share them.
pub type Headers = Arc<BTreeMap<String, String>>;

/// Each that there is, once.
#[derive(Debug, Default)]
pub(crate) struct SharedHeaders(HashSet<Headers>);

impl SharedHeaders {
    pub(crate) fn share(&mut self, headers: Headers) -> Headers {
        if let Some(known) = self.0.get(&headers) {
            return Arc::clone(known);
        }
        self.0.insert(Arc::clone(&headers));
        headers
    }
}

/// Reads objects whose headers are shared from the first one on, so that an index is never held with one copy for each object.
pub(super) fn read_objects<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, IndexedObject>, D::Error> {
    struct Objects(SharedHeaders);

    impl<'de> Visitor<'de> for Objects {
        type Value = BTreeMap<String, IndexedObject>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("objects by their keys")
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut objects = BTreeMap::new();
            while let Some((key, mut object)) = entries.next_entry::<String, IndexedObject>()? {
                object.headers = self.0.share(object.headers);
                objects.insert(key, object);
            }
            Ok(objects)
        }
    }

    deserializer.deserialize_map(Objects(SharedHeaders::default()))
}
