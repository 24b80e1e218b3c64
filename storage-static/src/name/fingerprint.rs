use std::fmt;

/// The digits of a digest that stand in a name: the first 12, in lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; Self::DIGITS]);

impl Fingerprint {
    /// How many hexadecimal digits it has.
    pub const DIGITS: usize = 12;

    /// Of a digest of at least six bytes; what is missing of one that is shorter counts as zero.
    pub(crate) fn from_digest(digest: &[u8]) -> Self {
        let mut digits = [b'0'; Self::DIGITS];
        let pairs = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.iter_mut().zip(pairs).for_each(|(digit, value)| *digit = DIGIT[usize::from(value)]);
        Self(digits)
    }

    /// What [`as_str`](Self::as_str) has given.
    pub(crate) fn parse(digits: &str) -> Option<Self> {
        let is_digit = |byte: &u8| DIGIT.contains(byte);
        digits
            .as_bytes()
            .try_into()
            .ok()
            .filter(|digits: &[u8; Self::DIGITS]| digits.iter().all(is_digit))
            .map(Self)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

const DIGIT: &[u8; 16] = b"0123456789abcdef";

/// The path with the fingerprint before its last extension: `js/x.js.map` is `js/x.js.<12 hex>.map`.
///
/// A dot that begins a name begins no extension (`.htaccess`), as Python's `splitext` has it.
pub fn fingerprinted(path: &str, fingerprint: &Fingerprint) -> String {
    let base = path.rfind('/').map_or(0, |slash| slash + 1);
    let hidden = path.len() - path[base..].trim_start_matches('.').len();
    let end = path[hidden..].rfind('.').map_or(path.len(), |dot| hidden + dot);
    let (stem, extension) = path.split_at(end);
    format!("{stem}.{fingerprint}{extension}")
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Algorithm;

    #[test]
    fn stands_before_the_last_extension() {
        // Names that Django 6.1.3 gave to files with the content "x".
        for (path, expected) in [
            ("a.js", "a.9dd4e461268c.js"),
            ("js/x.js.map", "js/x.js.9dd4e461268c.map"),
            ("LICENSE", "LICENSE.9dd4e461268c"),
            (".htaccess", ".htaccess.9dd4e461268c"),
            ("d.d/noext", "d.d/noext.9dd4e461268c"),
            ("d/.a.b", "d/.a.9dd4e461268c.b"),
            ("end.", "end.9dd4e461268c."),
            ("..x", "..x.9dd4e461268c"),
            ("é ü.png", "é ü.9dd4e461268c.png"),
        ] {
            assert_eq!(fingerprinted(path, &Algorithm::Md5.of(b"x")), expected);
        }
    }
}
