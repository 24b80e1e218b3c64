use http::HeaderMap;
use md5::{Digest, Md5};
use storage_core::{Error, ErrorKind, ObjectMeta, Result};

/// What a whole object's bytes are compared with while they are read.
pub(super) struct Verification {
    expected: [u8; 16],
    digest: Md5,
}

impl Verification {
    /// The MD5 that the `ETag` of an object is which was stored in one request and is not encrypted
    /// ([S3 API, Object](https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html), `ETag`).
    pub(super) fn of(meta: &ObjectMeta, headers: &HeaderMap) -> Option<Self> {
        let is_encrypted =
            headers.keys().any(|name| name.as_str().starts_with("x-amz-server-side-encryption"));
        let expected = meta.etag.as_ref().and_then(|etag| md5_in(etag.as_str()))?;
        (!is_encrypted).then(|| Self { expected, digest: Md5::new() })
    }

    /// Takes the next bytes in.
    ///
    /// # Errors
    ///
    /// `Corrupt` for the last ones, if all are not what was stored.
    pub(super) fn take_in(&mut self, bytes: &[u8], is_last: bool) -> Result<()> {
        self.digest.update(bytes);
        match is_last && <[u8; 16]>::from(self.digest.finalize_reset()) != self.expected {
            true => Err(changed()),
            false => Ok(()),
        }
    }
}

fn changed() -> Error {
    Error::new(ErrorKind::Corrupt, "the content does not have the MD5 that its ETag says")
        .with_retryable(true)
        .with_hint("read it again; if that fails too, the server's copy is broken, or its ETags are no MD5: `ReadVerification::Never`")
}

/// 32 hexadecimal digits.
fn md5_in(etag: &str) -> Option<[u8; 16]> {
    let is_md5 = etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_md5.then(|| u128::from_str_radix(etag, 16).ok()).flatten().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use storage_core::ETag;

    use super::*;

    fn meta(etag: &str) -> ObjectMeta {
        ObjectMeta::new("k".parse().unwrap(), 6).with_etag(Some(ETag::new(etag)))
    }

    #[test]
    fn the_last_bytes_come_only_if_all_are_right() {
        // MD5 of `abcdef`.
        let verification = || {
            let meta = meta("E80B5017098950FC58AAD83C8C14978E");
            Verification::of(&meta, &HeaderMap::new()).unwrap()
        };
        let mut right = verification();
        assert!(right.take_in(b"abc", false).and_then(|()| right.take_in(b"def", true)).is_ok());
        let mut wrong = verification();
        wrong.take_in(b"abx", false).unwrap();
        let error = wrong.take_in(b"def", true).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Corrupt, true));
    }

    #[test]
    fn only_an_etag_that_is_an_md5_is_believed() {
        let md5 = "e80b5017098950fc58aad83c8c14978e";
        assert!(Verification::of(&meta(md5), &HeaderMap::new()).is_some());
        for etag in ["e80b5017098950fc58aad83c8c14978e-1", "abc", "+80b5017098950fc58aad83c8c14978e", ""] {
            assert!(Verification::of(&meta(etag), &HeaderMap::new()).is_none(), "{etag}");
        }
        let encrypted = HeaderMap::from_iter([(
            http::HeaderName::from_static("x-amz-server-side-encryption"),
            HeaderValue::from_static("aws:kms"),
        )]);
        assert!(Verification::of(&meta(md5), &encrypted).is_none());
    }
}
