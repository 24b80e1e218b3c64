use crate::{Result, random};

/// A random id that a write carries in the object's metadata, by which it knows its own earlier success when its answer was lost and a
/// repetition is refused. A store hides it on reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveId(String);

impl SaveId {
    /// The entry of user metadata that holds the id.
    pub const ENTRY: &'static str = "storage-save-id";

    /// A new one: 128 random bits.
    ///
    /// # Errors
    ///
    /// The operating system gave no random bytes.
    pub fn random() -> Result<Self> {
        random::hex().map(Self)
    }

    /// 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same() {
        let (one, other) = (SaveId::random().unwrap(), SaveId::random().unwrap());
        assert!(one != other && one.as_str().len() == 32);
        assert!(one.as_str().bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
