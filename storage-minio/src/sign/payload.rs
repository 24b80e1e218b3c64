use http::HeaderValue;
use http::header::InvalidHeaderValue;

/// What a signature says of the request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// Nothing: TLS, or a checksum of its own, protects it.
    Unsigned,
    /// There is none.
    Empty,
    /// Its SHA-256.
    Sha256([u8; 32]),
}

/// The SHA-256 of nothing.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

impl Payload {
    /// The value of `x-amz-content-sha256`.
    pub(super) fn to_header_value(self) -> Result<HeaderValue, InvalidHeaderValue> {
        match self {
            Self::Unsigned => Ok(HeaderValue::from_static("UNSIGNED-PAYLOAD")),
            Self::Empty => Ok(HeaderValue::from_static(EMPTY)),
            Self::Sha256(hash) => HeaderValue::from_bytes(&hex(&hash)),
        }
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(hash: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    for (pair, byte) in text.chunks_exact_mut(2).zip(hash) {
        pair.copy_from_slice(&DIGITS[usize::from(*byte)]);
    }
    text
}

/// The two digits of each byte.
const DIGITS: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut byte = 0;
    while byte < pairs.len() {
        pairs[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    pairs
};

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn nothing_hashes_to_the_constant() {
        let text = |payload: Payload| payload.to_header_value().unwrap();
        assert_eq!(text(Payload::Sha256(Sha256::digest(b"").into())), text(Payload::Empty));
        assert_eq!(text(Payload::Unsigned), "UNSIGNED-PAYLOAD");
    }
}
