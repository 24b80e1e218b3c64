use md5::{Digest, Md5};
use sha2::Sha256;
use storage_core::options::Checksum;
use storage_core::{ETag, Error, Result};

use crate::random::{self, hex};

/// Content up to this size has its MD5 as its ETag, as S3 has it for what is stored in one request. Larger content has a tag of its
/// own, as S3 has it for what is stored in parts: hashing would take longer than writing.
const MD5_BYTES: u64 = 1024 * 1024;

/// The digests of content on its way in: what its ETag is made of, and whatever the caller wants checked.
pub(crate) struct Digests {
    /// `None` as soon as nobody asks for it.
    md5: Option<Md5>,
    sha256: Option<Sha256>,
    expected: Option<Checksum>,
    length: u64,
}

impl Digests {
    /// For content of this length, if it is known.
    pub(crate) fn new(expected: Option<Checksum>, length: Option<u64>) -> Self {
        let sha256 = matches!(expected, Some(Checksum::Sha256(_))).then(Sha256::new);
        let mut digests = Self { md5: Some(Md5::new()), sha256, expected, length: 0 };
        digests.expect_length(length.unwrap_or(0));
        digests
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.expect_length(self.length);
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(bytes);
        }
    }

    #[cfg(unix)]
    pub(crate) fn update_all(&mut self, chunks: &[bytes::Bytes]) {
        for chunk in chunks {
            self.update(chunk);
        }
    }

    /// Whether content costs no more than its length is counted.
    #[cfg(unix)]
    pub(crate) fn is_idle(&self) -> bool {
        self.md5.is_none() && self.sha256.is_none()
    }

    /// The content comes to so many bytes at least.
    pub(crate) fn expect_length(&mut self, length: u64) {
        if length > MD5_BYTES && !matches!(self.expected, Some(Checksum::Md5(_))) {
            self.md5 = None;
        }
    }

    /// The content's ETag: its MD5, or the length and 128 random bits, which nobody takes for one.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the content is not what the caller's checksum says.
    pub(crate) fn finish(self) -> Result<ETag> {
        let md5: Option<[u8; 16]> = self.md5.map(|digest| digest.finalize().into());
        let sha256: Option<[u8; 32]> = self.sha256.map(|digest| digest.finalize().into());
        match self.expected {
            Some(Checksum::Md5(expected)) if md5 != Some(expected) => return Err(mismatch("MD5")),
            Some(Checksum::Sha256(expected)) if sha256 != Some(expected) => return Err(mismatch("SHA-256")),
            Some(Checksum::Md5(_) | Checksum::Sha256(_)) | None => {}
            Some(_) => return Err(Error::unsupported("an embedded store checks MD5 and SHA-256 only")),
        }
        Ok(ETag::new(match md5 {
            Some(md5) => hex(&md5),
            None => format!("{}-{}", self.length, hex(&random::bytes::<16>()?)),
        }))
    }
}

fn mismatch(digest: &str) -> Error {
    Error::invalid_input(format!("the content does not have the {digest} that was given"))
}

#[cfg(test)]
mod tests {
    use storage_core::ErrorKind;

    use super::*;
    use crate::random::from_hex;

    fn finish(expected: Option<Checksum>) -> std::result::Result<String, ErrorKind> {
        let mut digests = Digests::new(expected, None);
        digests.update(b"ab");
        digests.update(b"c");
        digests.finish().map(|etag| etag.to_string()).map_err(|error| error.kind())
    }

    #[test]
    fn the_etag_is_the_md5_of_rfc_1321() {
        assert_eq!(finish(None).as_deref(), Ok("900150983cd24fb0d6963f7d28e17f72"));
    }

    #[test]
    fn large_content_has_a_tag_of_its_own_however_it_comes() {
        let limit = usize::try_from(MD5_BYTES).unwrap();
        let content = vec![7; limit + 1];
        let tag = |length: Option<u64>, expected, chunk: usize, content: &[u8]| {
            let mut digests = Digests::new(expected, length);
            content.chunks(chunk).for_each(|chunk| digests.update(chunk));
            digests.finish().unwrap().to_string()
        };
        let md5 = hex(&Md5::digest(&content[..limit]));
        for (length, chunk) in [(None, 1_000), (Some(MD5_BYTES), limit), (Some(3), 50_000)] {
            assert_eq!(tag(length, None, chunk, &content[..limit]), md5);
        }
        let mut tags: Vec<_> = [1_000, limit, limit + 1].map(|chunk| tag(None, None, chunk, &content)).into();
        tags.push(tag(Some(MD5_BYTES + 1), None, limit, &content));
        assert!(tags.iter().all(|tag| tag.starts_with("1048577-")), "{tags:?}");
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 4, "two writings have one tag");

        let md5 = Md5::digest(&content).into();
        assert_eq!(tag(None, Some(Checksum::Md5(md5)), limit, &content), hex(&md5));
        let sha256 = Checksum::Sha256(Sha256::digest(&content).into());
        assert!(tag(None, Some(sha256), limit, &content).starts_with("1048577-"));
    }

    #[test]
    fn a_given_digest_is_checked() {
        let md5 = from_hex("900150983cd24fb0d6963f7d28e17f72").unwrap();
        let sha256 = from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").unwrap();
        assert!(finish(Some(Checksum::Md5(md5))).is_ok());
        assert!(finish(Some(Checksum::Sha256(sha256))).is_ok());
        assert_eq!(finish(Some(Checksum::Md5([0; 16]))), Err(ErrorKind::InvalidInput));
        assert_eq!(finish(Some(Checksum::Sha256([0; 32]))), Err(ErrorKind::InvalidInput));
    }
}
