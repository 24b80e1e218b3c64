use std::collections::BTreeMap;
use std::time::SystemTime;

use super::{Checksum, Progress, ProgressFn, Retention, ServerSideEncryption};
use crate::attributes::Attributes;
use crate::attributes::attribute_setters;
use crate::{ETag, Error, Result};

/// What [`Storage::put`](crate::Storage::put) does if the key is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PutMode {
    /// Replace what is there, atomically.
    #[default]
    Overwrite,
    /// Store only if the key is free, else [`AlreadyExists`](crate::ErrorKind::AlreadyExists). Needs
    /// [`Ability::CreateIfAbsent`](crate::capability::Ability::CreateIfAbsent).
    Create,
    /// Replace only what has this ETag, else [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed); also if nothing is there.
    /// Needs [`Ability::PutIfMatch`](crate::capability::Ability::PutIfMatch).
    IfMatch(ETag),
}

/// Options of [`Storage::put`](crate::Storage::put). One that the store cannot honour is an error.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PutOptions {
    /// Headers and user metadata.
    pub attributes: Attributes,
    /// What to do if the key is taken; default: overwrite.
    pub mode: PutMode,
    /// Tags: at most 10, names of 1 to 128 and values of up to 256 characters; letters, digits, spaces and `+-=._:/@`
    /// ([S3 user guide, "Categorizing objects using tags"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html)).
    /// MinIO takes ASCII letters only.
    pub tags: BTreeMap<String, String>,
    /// Encryption at rest.
    pub encryption: Option<ServerSideEncryption>,
    /// The server's name of a storage class, such as `STANDARD_IA`.
    pub storage_class: Option<String>,
    /// Keeps the object from being deleted until a time. Needs a bucket with object lock.
    pub retention: Option<Retention>,
    /// Keeps the object from being deleted until the hold is taken off. Needs a bucket with object lock.
    pub legal_hold: bool,
    /// A digest for the store to check.
    pub checksum: Option<Checksum>,
    /// Is told how far the transfer has come.
    pub progress: Option<ProgressFn>,
}

impl PutOptions {
    /// Overwrites, with no attributes.
    pub fn new() -> Self {
        Self::default()
    }

    attribute_setters!(attributes.);

    /// Sets what to do if the key is taken.
    pub fn mode(mut self, mode: PutMode) -> Self {
        self.mode = mode;
        self
    }

    /// Replaces all headers and user metadata.
    pub fn attributes(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.insert(name.into(), value.into());
        self
    }

    /// Encrypts at rest.
    pub fn encryption(mut self, encryption: ServerSideEncryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Chooses a storage class, such as `STANDARD_IA`.
    pub fn storage_class(mut self, class: impl Into<String>) -> Self {
        self.storage_class = Some(class.into());
        self
    }

    /// Keeps the object from being deleted until a time.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = Some(retention);
        self
    }

    /// Keeps the object from being deleted until the hold is taken off.
    pub fn legal_hold(mut self) -> Self {
        self.legal_hold = true;
        self
    }

    /// Whether the object is to be locked.
    pub fn is_locking(&self) -> bool {
        self.retention.is_some() || self.legal_hold
    }

    /// Has the store check the content against this digest.
    pub fn checksum(mut self, checksum: Checksum) -> Self {
        self.checksum = Some(checksum);
        self
    }

    /// Calls `watch` as the transfer goes on.
    pub fn progress(mut self, watch: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(ProgressFn::new(watch));
        self
    }

    /// Checks all that can be checked without the store. A store calls it first.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) names the option and the rule.
    pub fn validate(&self) -> Result<()> {
        self.attributes.validate()?;
        if self.tags.len() > 10 {
            return Err(Error::invalid_input(format!("{} tags; the limit is 10", self.tags.len())));
        }
        for (name, value) in &self.tags {
            if !(1..=128).contains(&name.chars().count()) || value.chars().count() > 256 {
                return Err(Error::invalid_input(
                    "a tag's name has 1 to 128 characters, and its value at most 256",
                ));
            }
            if !name.chars().chain(value.chars()).all(|c| c.is_alphanumeric() || " +-=._:/@".contains(c)) {
                return Err(Error::invalid_input("a tag holds letters, digits, spaces and `+-=._:/@` only"));
            }
        }
        if self.retention.is_some_and(|retention| retention.until <= SystemTime::now()) {
            return Err(Error::invalid_input("the time until which the object is to be kept has passed"));
        }
        let class = self.storage_class.as_deref().unwrap_or("STANDARD");
        match !class.is_empty() && class.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        {
            true => Ok(()),
            false => Err(Error::invalid_input("a storage class is a word such as `STANDARD_IA`")),
        }
    }
}
