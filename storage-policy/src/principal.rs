use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::OneOrMany;
use crate::keyed::{Keyed, is_well_written};

const KINDS: [&str; 4] = ["AWS", "CanonicalUser", "Federated", "Service"];

/// Whom a statement concerns
/// ([S3 User Guide, "Principals for bucket policies"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// `"*"`: everybody, people without credentials too.
    Anyone,
    /// Lists by kind: `AWS`, `CanonicalUser`, `Federated`, `Service`. `{"AWS": "*"}` is everybody, too.
    Of(BTreeMap<String, OneOrMany<String>>),
}

impl Principal {
    /// As servers give it back.
    pub(crate) fn anyone_in_a_list() -> Self {
        Self::Of([("AWS".to_owned(), ["*"].into())].into())
    }
}

impl Serialize for Principal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Anyone => serializer.serialize_str("*"),
            Self::Of(kinds) => {
                let mut map = serializer.serialize_map(Some(kinds.len()))?;
                for (kind, names) in kinds {
                    map.serialize_entry(kind, names)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Principal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PrincipalVisitor)
    }
}

struct PrincipalVisitor;

impl<'de> Visitor<'de> for PrincipalVisitor {
    type Value = Principal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"*\" or an object such as {\"AWS\": [\"*\"]}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Principal, E> {
        match text {
            "*" => Ok(Principal::Anyone),
            _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Principal, A::Error> {
        let Keyed(kinds) = Keyed::deserialize(MapAccessDeserializer::new(map))?;
        kinds.keys().try_for_each(|kind| is_well_written(kind, &KINDS))?;
        Ok(Principal::Of(kinds))
    }
}
