use std::cell::RefCell;

use crate::{Result, random};

/// How many ids a thread draws at a time: to ask the operating system takes longer than all else about one.
const DRAWN_AT_ONCE: usize = 32;

thread_local! {
    /// They have to differ, and are no secret.
    static DRAWN: RefCell<Vec<u128>> = const { RefCell::new(Vec::new()) };
}

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
        let bits = DRAWN.with_borrow_mut(|drawn| {
            if let Some(bits) = drawn.pop() {
                return Ok(bits);
            }
            let bytes: [u8; DRAWN_AT_ONCE * size_of::<u128>()] = random::bytes()?;
            drawn.extend(bytes.as_chunks().0.iter().copied().map(u128::from_ne_bytes));
            random::bytes().map(u128::from_ne_bytes)
        })?;
        Ok(Self(format!("{bits:032x}")))
    }

    /// 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn ids() -> Vec<SaveId> {
        (0..3 * DRAWN_AT_ONCE).map(|_| SaveId::random().unwrap()).collect()
    }

    #[test]
    fn no_two_are_the_same() {
        let threads = [0, 1].map(|_| std::thread::spawn(ids));
        let ids: Vec<SaveId> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        let distinct: HashSet<&str> = ids.iter().map(SaveId::as_str).collect();
        assert_eq!(distinct.len(), 6 * DRAWN_AT_ONCE);
        let is_id = |id: &&str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(distinct.iter().all(is_id));
    }
}
