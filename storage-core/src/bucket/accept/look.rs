use super::options::{AcceptOptions, Rejection};
use crate::body::next;
use crate::content_type::{SNIFF_BYTES, from_content_and_name};
use crate::{ETag, Error, ErrorKind, GetOptions, Object, ObjectKey, Result, Storage};

/// What is really there.
pub(super) struct Upload {
    pub(super) size: u64,
    pub(super) etag: ETag,
    pub(super) content_type: &'static str,
    /// What does not hold, if anything does not.
    pub(super) rejection: Option<Rejection>,
}

/// Looks at an upload by one request, two if it is empty.
pub(super) async fn look(
    uploads: &dyn Storage,
    key: &ObjectKey,
    name: &str,
    options: &AcceptOptions,
) -> Result<Upload> {
    let (meta, head, digest) = match open(uploads, key, options).await {
        Ok(object) => {
            let meta = object.meta().clone();
            let (head, digest) = read(object, options).await?;
            (meta, head, digest)
        }
        // An empty object has no first byte.
        Err(error) if error.kind() == ErrorKind::RangeNotSatisfiable => {
            (uploads.stat(key).await?, Vec::new(), true)
        }
        Err(error) => return Err(error),
    };
    let etag = meta.etag.clone().ok_or_else(|| {
        Error::unsupported("the store names no ETag: an upload could be swapped after it was looked at")
            .with_key(key)
    })?;
    let content_type = from_content_and_name(&head, meta.size == head.len() as u64, name);
    let rejection = options.check_length(meta.size).or_else(|| options.check_type(content_type));
    Ok(Upload {
        size: meta.size,
        etag,
        content_type,
        rejection: rejection.or_else(|| (!digest).then_some(Rejection::Digest)),
    })
}

async fn open(uploads: &dyn Storage, key: &ObjectKey, options: &AcceptOptions) -> Result<Object> {
    let get = match needs_all(options) {
        true => GetOptions::new(),
        false => GetOptions::new().range(..SNIFF_BYTES as u64),
    };
    uploads.get(key, get).await?.into_object()
}

#[cfg(feature = "content-hash")]
fn needs_all(options: &AcceptOptions) -> bool {
    options.sha256.is_some()
}

#[cfg(not(feature = "content-hash"))]
fn needs_all(_: &AcceptOptions) -> bool {
    false
}

/// The first bytes, and whether the content has the digest that was promised.
async fn read(object: Object, options: &AcceptOptions) -> Result<(Vec<u8>, bool)> {
    let is_acceptable = options.check_length(object.meta().size).is_none();
    let mut digest = Digest::new(options);
    let mut head = Vec::new();
    let mut stream = object.into_stream();
    while let Some(chunk) = next(&mut stream).await {
        let chunk = chunk?;
        let room = SNIFF_BYTES.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(&chunk[..room]);
        digest.update(&chunk);
        // What is refused by its length is not read to its end.
        if head.len() == SNIFF_BYTES && !(needs_all(options) && is_acceptable) {
            break;
        }
    }
    Ok((head, !is_acceptable || digest.holds()))
}

/// The digest of the content beside the one that was promised, if one was.
#[cfg(feature = "content-hash")]
struct Digest(Option<([u8; 32], sha2::Sha256)>);

#[cfg(feature = "content-hash")]
impl Digest {
    fn new(options: &AcceptOptions) -> Self {
        Self(options.sha256.map(|promised| (promised, <sha2::Sha256 as sha2::Digest>::new())))
    }

    fn update(&mut self, chunk: &[u8]) {
        if let Some((_, hash)) = &mut self.0 {
            sha2::Digest::update(hash, chunk);
        }
    }

    fn holds(self) -> bool {
        self.0.is_none_or(|(promised, hash)| <[u8; 32]>::from(sha2::Digest::finalize(hash)) == promised)
    }
}

#[cfg(not(feature = "content-hash"))]
struct Digest;

#[cfg(not(feature = "content-hash"))]
impl Digest {
    fn new(_: &AcceptOptions) -> Self {
        Self
    }

    fn update(&mut self, _: &[u8]) {}

    fn holds(self) -> bool {
        true
    }
}
