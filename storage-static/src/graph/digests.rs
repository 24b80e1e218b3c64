use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::{Digest as _, Md5};
use sha2::Sha384;

use crate::name::{Algorithm, Fingerprint, Hasher};

/// What is known of some bytes without having them at hand.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Record", into = "Record")]
pub struct Digests {
    size: u64,
    md5: [u8; 16],
    fingerprint: Fingerprint,
    sha384: Option<[u8; 48]>,
}

/// Length, MD5, fingerprint, SHA-384.
#[derive(serde::Serialize, serde::Deserialize)]
struct Record(u64, String, String, Option<String>);

impl Digests {
    /// Length in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// MD5 in 32 hexadecimal digits: the `ETag` that a store gives to an object of one part.
    pub fn md5(&self) -> String {
        hex(&self.md5)
    }

    /// The bytes of the MD5.
    pub fn md5_bytes(&self) -> [u8; 16] {
        self.md5
    }

    /// By the algorithm of the names.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// The value of an `integrity` attribute, `sha384-…`: of styles and scripts, where it was asked for.
    pub fn integrity(&self) -> Option<String> {
        self.sha384.map(|digest| format!("sha384-{}", BASE64.encode(digest)))
    }
}

impl std::fmt::Debug for Digests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digests({} bytes, {}, {})", self.size, self.md5(), self.fingerprint)
    }
}

/// Digests in the making.
pub(crate) struct Digester {
    size: u64,
    md5: Md5,
    fingerprint: Option<Hasher>,
    sha384: Option<Sha384>,
}

impl Digester {
    /// `integrity`: with SHA-384.
    pub(crate) fn new(algorithm: Algorithm, integrity: bool) -> Self {
        Self {
            size: 0,
            md5: Md5::new(),
            fingerprint: (algorithm != Algorithm::Md5).then(|| algorithm.hasher()),
            sha384: integrity.then(Sha384::new),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.md5.update(bytes);
        if let Some(hasher) = &mut self.fingerprint {
            hasher.update(bytes);
        }
        if let Some(sha384) = &mut self.sha384 {
            sha384.update(bytes);
        }
    }

    pub(crate) fn finish(self) -> Digests {
        let md5: [u8; 16] = self.md5.finalize().into();
        Digests {
            size: self.size,
            md5,
            fingerprint: self.fingerprint.map_or_else(|| Fingerprint::from_digest(&md5), Hasher::finish),
            sha384: self.sha384.map(|sha384| sha384.finalize().into()),
        }
    }

    pub(crate) fn of(bytes: &[u8], algorithm: Algorithm, integrity: bool) -> Digests {
        let mut digester = Self::new(algorithm, integrity);
        // Piece by piece all digests find them in the cache of the processor.
        bytes.chunks(16 * 1024).for_each(|piece| digester.update(piece));
        digester.finish()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGIT: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGIT[usize::from(digit)])).collect()
}

fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let digits = digits.as_bytes();
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

impl From<Digests> for Record {
    fn from(digests: Digests) -> Self {
        let sha384 = digests.sha384.map(|digest| BASE64.encode(digest));
        Self(digests.size, digests.md5(), digests.fingerprint.to_string(), sha384)
    }
}

impl TryFrom<Record> for Digests {
    type Error = &'static str;

    fn try_from(Record(size, md5, fingerprint, sha384): Record) -> Result<Self, Self::Error> {
        const WRONG: &str = "no digest of the length that it should have";
        let sha384 = match sha384 {
            None => None,
            Some(text) => {
                Some(BASE64.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(WRONG)?)
            }
        };
        let fingerprint = Fingerprint::parse(&fingerprint).ok_or(WRONG)?;
        Ok(Self { size, md5: unhex(&md5).ok_or(WRONG)?, fingerprint, sha384 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard_tools() {
        let digests = Digester::of(b"abc", Algorithm::Sha256, true);
        assert_eq!(digests.md5(), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(digests.fingerprint().as_str(), "ba7816bf8f01");
        // By `openssl dgst -sha384 -binary | base64`.
        let integrity = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        assert_eq!(digests.integrity().as_deref(), Some(integrity));
        let json = serde_json::to_string(&digests).unwrap();
        assert_eq!(serde_json::from_str::<Digests>(&json).unwrap(), digests);
        assert!(serde_json::from_str::<Digests>(&json.replacen("90", "9", 1)).is_err());
        assert_eq!(Digester::of(b"abc", Algorithm::Md5, false).integrity(), None);
    }
}
