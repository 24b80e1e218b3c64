use md5::Digest as _;

use super::Fingerprint;

/// What a fingerprint is made with. It guards against stale caches, not against an adversary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Algorithm {
    /// MD5, as Django's `ManifestStaticFilesStorage` does: names stay what they are there.
    #[default]
    Md5,
    /// SHA-256.
    Sha256,
    /// BLAKE3.
    #[cfg(feature = "blake3")]
    Blake3,
}

impl Algorithm {
    /// The fingerprint of these bytes.
    pub fn of(self, bytes: &[u8]) -> Fingerprint {
        let mut hasher = self.hasher();
        hasher.update(bytes);
        hasher.finish()
    }

    /// For bytes that come in pieces.
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            Self::Md5 => State::Md5(md5::Md5::new()),
            Self::Sha256 => State::Sha256(sha2::Sha256::new()),
            #[cfg(feature = "blake3")]
            Self::Blake3 => State::Blake3(Box::new(blake3::Hasher::new())),
        })
    }
}

/// A fingerprint in the making.
#[derive(Clone, Debug)]
pub struct Hasher(State);

#[derive(Clone, Debug)]
enum State {
    Md5(md5::Md5),
    Sha256(sha2::Sha256),
    #[cfg(feature = "blake3")]
    Blake3(Box<blake3::Hasher>),
}

impl Hasher {
    /// The next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Md5(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
            #[cfg(feature = "blake3")]
            State::Blake3(state) => {
                state.update(bytes);
            }
        }
    }

    /// There are no more.
    pub fn finish(self) -> Fingerprint {
        Fingerprint::from_digest(&self.digest())
    }

    /// All bytes of the digest.
    pub(crate) fn digest(self) -> Vec<u8> {
        match self.0 {
            State::Md5(state) => state.finalize().to_vec(),
            State::Sha256(state) => state.finalize().to_vec(),
            #[cfg(feature = "blake3")]
            State::Blake3(state) => state.finalize().as_bytes().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_the_first_digits_of_the_digest() {
        // By md5sum and sha256sum.
        assert_eq!(Algorithm::Md5.of(b"").as_str(), "d41d8cd98f00");
        assert_eq!(Algorithm::Md5.of(b"abc").as_str(), "900150983cd2");
        assert_eq!(Algorithm::Sha256.of(b"abc").as_str(), "ba7816bf8f01");
    }

    #[cfg(feature = "blake3")]
    #[test]
    fn blake3_is_an_option() {
        // From the test vectors of the BLAKE3 team, input length 0.
        assert_eq!(Algorithm::Blake3.of(b"").as_str(), "af1349b9f5f9");
    }

    #[test]
    fn pieces_make_the_whole() {
        for algorithm in [
            Algorithm::Md5,
            Algorithm::Sha256,
            #[cfg(feature = "blake3")]
            Algorithm::Blake3,
        ] {
            let mut hasher = algorithm.hasher();
            hasher.update(b"a");
            hasher.update(b"bc");
            assert_eq!(hasher.finish(), algorithm.of(b"abc"));
        }
    }
}
