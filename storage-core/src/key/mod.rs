//! The names of objects and buckets, validated once.

pub(crate) mod bucket_name;
#[cfg(feature = "sqlx")]
mod column;
mod into_key;
pub(crate) mod object_key;
mod raw_key;

pub use bucket_name::InvalidBucketName;
pub use into_key::IntoKey;
pub use object_key::{InvalidKey, MAX_KEY_BYTES};
pub use raw_key::RawKey;

/// The folder of what is stored aside until it gets its place, at the top of a store or in the folder of its place. Every key in it is random.
/// What a killed process or a store that did not answer has left there is of no use, and can be deleted once it is older than the longest
/// upload: [`Bucket::list`](crate::Bucket::list) shows how.
pub const STAGED: &str = ".staged/";

/// The folder of what a store writes to find out what its server can do, at the top of the store. Every key in it is random, and deleted at once;
/// what a killed process or a server that did not answer has left there is of no use, and can be deleted once it is an hour old.
pub const PROBED: &str = ".probe/";

/// String-like behaviour that every name type has.
macro_rules! name_type {
    ($name:ident, $error:ty) => {
        impl $name {
            /// The name as a string slice.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), &self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $error;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.as_ref().to_owned()
            }
        }

        impl From<$error> for crate::Error {
            fn from(error: $error) -> Self {
                Self::invalid_input(error.to_string()).with_source(error)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}
use name_type;
