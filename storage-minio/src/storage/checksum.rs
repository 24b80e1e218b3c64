use md5::{Digest, Md5};
use sha2::Sha256;
use storage_core::options::Checksum;
use storage_core::{Error, ErrorKind, Result};

use crate::client::for_each_block;
use crate::transport::Content;

/// Checks the digest of a content that goes in parts, each of which the server checks by itself.
pub(super) struct Check {
    expected: Checksum,
    digest: Running,
}

enum Running {
    Md5(Md5),
    Sha256(Sha256),
}

impl Check {
    pub(super) fn new(expected: Checksum) -> Result<Self> {
        let digest = match expected {
            Checksum::Md5(_) => Running::Md5(Md5::new()),
            Checksum::Sha256(_) => Running::Sha256(Sha256::new()),
            _ => return Err(Error::unsupported("this kind of checksum is not known to the S3 store")),
        };
        Ok(Self { expected, digest })
    }

    pub(super) fn update(&mut self, block: &[u8]) {
        match &mut self.digest {
            Running::Md5(digest) => digest.update(block),
            Running::Sha256(digest) => digest.update(block),
        }
    }

    /// # Errors
    ///
    /// `Corrupt` if the content is not what the digest was made of.
    pub(super) fn finish(self) -> Result<()> {
        let found = match self.digest {
            Running::Md5(digest) => Checksum::Md5(digest.finalize().into()),
            Running::Sha256(digest) => Checksum::Sha256(digest.finalize().into()),
        };
        match found == self.expected {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Corrupt, "the content does not have the given checksum")),
        }
    }

    /// Checks a whole content that can be read again, before anything of it is sent.
    pub(super) async fn whole(expected: Checksum, content: Content) -> Result<()> {
        let mut check = Self::new(expected)?;
        on_blocking_thread(move || {
            for_each_block(&content, |block| check.update(block))?;
            check.finish()
        })
        .await
    }
}

/// The MD5 of a part, for the server to check.
pub(super) async fn md5_of(content: Content) -> Result<[u8; 16]> {
    on_blocking_thread(move || {
        let mut digest = Md5::new();
        for_each_block(&content, |block| digest.update(block))?;
        Ok(digest.finalize().into())
    })
    .await
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::from_body)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tells_the_right_content_from_a_wrong_one() {
        let md5 = Checksum::Md5(md5_of(Content::Bytes("abc".into())).await.unwrap());
        let sha256 = Checksum::Sha256(Sha256::digest("abc").into());
        for checksum in [md5, sha256] {
            assert!(Check::whole(checksum, Content::Bytes("abc".into())).await.is_ok());
            let error = Check::whole(checksum, Content::Bytes("abd".into())).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Corrupt);
        }
    }
}
