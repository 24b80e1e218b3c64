use std::fmt::Write;

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use super::Naming;
use super::split::split;
use crate::body::next;
use crate::{Body, Error, Result};

/// A stem of 64 hexadecimal digits, the content's SHA-256, in the given folder and with the given extension.
///
/// The body is read twice, so it must be one that can be: bytes or a regular file, never a stream, however short. Equal content has an equal name: together with
/// [`Collision::Replace`](crate::Collision::Replace) it is stored once.
pub fn content_hash() -> ContentHash {
    ContentHash
}

/// See [`content_hash`].
#[derive(Clone, Copy, Debug, Default)]
pub struct ContentHash;

#[async_trait]
impl Naming for ContentHash {
    async fn name(&self, name: String, body: &mut Body) -> Result<String> {
        let Some(body) = body.try_clone() else {
            return Err(Error::unsupported(
                "a content hash names only what can be read twice: bytes or a regular file, not a one-shot stream",
            )
            .with_operation("save")
            .with_key(name));
        };
        let digest = sha256(body).await?;
        let (folder, _, extension) = split(&name);
        let mut named = folder.to_owned();
        for byte in digest {
            write!(named, "{byte:02x}").map_err(Error::from_body)?;
        }
        Ok(named + extension)
    }
}

async fn sha256(body: Body) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut stream = body.into_stream();
    while let Some(chunk) = next(&mut stream).await {
        hash.update(chunk?);
    }
    Ok(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[tokio::test]
    async fn names_by_content() {
        let name = content_hash().name("a/b.txt".into(), &mut Body::from("abc")).await.unwrap();
        assert_eq!(name, "a/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.txt");
    }

    #[tokio::test]
    async fn refuses_what_can_be_read_once_only() {
        let mut once = Body::from_reader(tokio::io::empty());
        let error = content_hash().name("a".into(), &mut once).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}
