use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// Memory that files are read into, and that is used again: the allocator would keep as much for each thread that has read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffers(Arc<Mutex<Vec<Vec<u8>>>>);

/// It comes back when nobody holds any of its bytes any more.
#[derive(Debug)]
pub(crate) struct Buffer {
    pub(crate) bytes: Vec<u8>,
    home: Buffers,
}

impl Buffers {
    /// An empty one.
    pub(crate) fn take(&self) -> Buffer {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Buffer { bytes: known.unwrap_or_default(), home: self.clone() }
    }
}

impl Buffer {
    /// What is in it, to be shared.
    pub(crate) fn freeze(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        self.home.0.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_with_the_last_of_its_bytes() {
        let buffers = Buffers::default();
        let mut buffer = buffers.take();
        buffer.bytes.extend_from_slice(b"abcdef");
        let place = buffer.bytes.as_ptr();
        let whole = buffer.freeze();
        let part = whole.slice(2..4);
        drop(whole);
        assert_ne!(buffers.take().bytes.as_ptr(), place, "somebody holds it");
        assert_eq!(part, "cd");
        drop(part);
        let again = buffers.take();
        assert!(again.bytes.is_empty() && again.bytes.as_ptr() == place);
    }
}
