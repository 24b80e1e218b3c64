use crate::Collision;
use crate::attributes::attribute_setters;
use crate::options::{Checksum, Progress, PutMode, Retention, ServerSideEncryption};
use crate::{ETag, ObjectKey, PutOptions};

/// Options of [`Bucket::save_with`](crate::Bucket::save_with). One that the store cannot honour is an error.
///
/// ```
/// use storage_core::{Collision, SaveOptions};
///
/// let options = SaveOptions::new().collision(Collision::Reject).cache_control("private");
/// ```
#[derive(Clone, Debug, Default)]
pub struct SaveOptions {
    pub(super) put: PutOptions,
    pub(super) collision: Option<Collision>,
    pub(super) is_staged: bool,
    pub(super) is_inline: bool,
}

impl SaveOptions {
    /// What the bucket does by default.
    pub fn new() -> Self {
        Self::default()
    }

    attribute_setters!(put.attributes.);

    /// Sets what to do if the name is taken, whatever the bucket's rule is.
    pub fn collision(mut self, collision: Collision) -> Self {
        self.collision = Some(collision);
        self
    }

    /// Replaces only what has this ETag, else [`PreconditionFailed`](crate::ErrorKind::PreconditionFailed): somebody else's change is not
    /// lost. Only for [`Bucket::replace_with`](crate::Bucket::replace_with) and [`Collision::Replace`].
    pub fn if_match(mut self, etag: impl Into<ETag>) -> Self {
        self.put.mode = PutMode::IfMatch(etag.into());
        self
    }

    /// Lets HTML, SVG, XML, JavaScript and the like be shown by browsers, where they can run as your site. Only for content that you wrote.
    pub fn inline(mut self) -> Self {
        self.is_inline = true;
        self
    }

    /// Stores a large stream that can be read only once aside first, under a random key below [`STAGED`](crate::key::STAGED), and copies it
    /// to its name then. It costs that copy within the store; in return, losing a race for the name costs another name, not the whole upload.
    ///
    /// A save that is dropped takes no name any more, unless the copy was on its way already: that one comes to its end. What is aside is
    /// deleted in every case, in the background if that takes longer than 3 seconds. Where the process ends before, or the store does not
    /// answer, it stays below `.staged/`, where listings show it; what is older there than the longest upload can be deleted, and nothing
    /// else does.
    pub fn staged(mut self) -> Self {
        self.is_staged = true;
        self
    }

    /// Adds a tag: at most 10, names of 1 to 128 and values of up to 256 characters.
    pub fn tag(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.put = self.put.tag(name, value);
        self
    }

    /// Encrypts at rest.
    pub fn encryption(mut self, encryption: ServerSideEncryption) -> Self {
        self.put = self.put.encryption(encryption);
        self
    }

    /// Chooses a storage class, such as `STANDARD_IA`.
    pub fn storage_class(mut self, class: impl Into<String>) -> Self {
        self.put = self.put.storage_class(class);
        self
    }

    /// Keeps the object from being deleted until a time. Needs a bucket with object lock.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.put = self.put.retention(retention);
        self
    }

    /// Keeps the object from being deleted until the hold is taken off. Needs a bucket with object lock.
    pub fn legal_hold(mut self) -> Self {
        self.put = self.put.legal_hold();
        self
    }

    /// Has the store check the content against this digest.
    pub fn checksum(mut self, checksum: Checksum) -> Self {
        self.put = self.put.checksum(checksum);
        self
    }

    /// Calls `watch` as the transfer goes on.
    pub fn progress(mut self, watch: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.put = self.put.progress(watch);
        self
    }
}

/// What [`Bucket::save`](crate::Bucket::save) has stored, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Saved {
    /// The key really used: keep it, it may differ from the name given.
    pub key: ObjectKey,
    /// Size in bytes.
    pub size: u64,
    /// The entity tag.
    pub etag: Option<ETag>,
    /// The version, on a store that keeps several.
    pub version: Option<String>,
    /// The content type that it was stored with.
    pub content_type: String,
}
