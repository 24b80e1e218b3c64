use md5::{Digest, Md5};
use sha2::Sha256;
use storage_core::options::Checksum;
use storage_core::{ETag, Error, Result};

use crate::random::hex;

/// The digests of content on its way in: MD5 for the ETag, as S3 has it for what is stored in one request, and whatever the
/// caller wants checked.
pub(crate) struct Digests {
    md5: Md5,
    sha256: Option<Sha256>,
    expected: Option<Checksum>,
}

impl Digests {
    pub(crate) fn new(expected: Option<Checksum>) -> Self {
        let sha256 = matches!(expected, Some(Checksum::Sha256(_))).then(Sha256::new);
        Self { md5: Md5::new(), sha256, expected }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
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

    /// The content's ETag.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the content is not what the caller's checksum says.
    pub(crate) fn finish(self) -> Result<ETag> {
        let md5: [u8; 16] = self.md5.finalize().into();
        let sha256: Option<[u8; 32]> = self.sha256.map(|digest| digest.finalize().into());
        match self.expected {
            Some(Checksum::Md5(expected)) if expected != md5 => Err(mismatch("MD5")),
            Some(Checksum::Sha256(expected)) if sha256 != Some(expected) => Err(mismatch("SHA-256")),
            Some(Checksum::Md5(_) | Checksum::Sha256(_)) | None => Ok(ETag::new(hex(&md5))),
            Some(_) => Err(Error::unsupported("an embedded store checks MD5 and SHA-256 only")),
        }
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
        let mut digests = Digests::new(expected);
        digests.update(b"ab");
        digests.update(b"c");
        digests.finish().map(|etag| etag.to_string()).map_err(|error| error.kind())
    }

    #[test]
    fn the_etag_is_the_md5_of_rfc_1321() {
        assert_eq!(finish(None).as_deref(), Ok("900150983cd24fb0d6963f7d28e17f72"));
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
