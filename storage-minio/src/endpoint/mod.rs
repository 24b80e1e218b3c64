//! Where a server is, for ourselves and for others: distinct types, so that one cannot be taken for the other.

mod external;
mod internal;
mod invalid;
mod origin;
mod public_base;

pub use external::ExternalEndpoint;
pub use internal::Endpoint;
pub use invalid::InvalidEndpoint;
pub(crate) use origin::Origin;
pub use public_base::PublicBaseUrl;

/// What every type that is written as a URL has.
macro_rules! url_type {
    ($name:ident) => {
        impl std::str::FromStr for $name {
            type Err = super::InvalidEndpoint;

            fn from_str(url: &str) -> Result<Self, Self::Err> {
                Self::new(url)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = super::InvalidEndpoint;

            fn try_from(url: &str) -> Result<Self, Self::Error> {
                Self::new(url)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}
use url_type;
