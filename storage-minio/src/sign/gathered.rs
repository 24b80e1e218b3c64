use hmac::Mac;
use sha2::{Digest, Sha256};

/// What takes bytes piece by piece.
pub(super) trait Absorb {
    fn absorb(&mut self, bytes: &[u8]);
}

impl Absorb for Sha256 {
    fn absorb(&mut self, bytes: &[u8]) {
        Digest::update(self, bytes);
    }
}

impl Absorb for super::signing_key::HmacSha256 {
    fn absorb(&mut self, bytes: &[u8]) {
        Mac::update(self, bytes);
    }
}

/// Puts small pieces together before they are hashed: each call of a hash costs some, and a request is made of many small pieces.
pub(super) struct Gathered<H> {
    hash: H,
    buffer: [u8; SIZE],
    length: usize,
}

const SIZE: usize = 512;

impl<H: Absorb> Gathered<H> {
    pub(super) const fn new(hash: H) -> Self {
        Self { hash, buffer: [0; SIZE], length: 0 }
    }

    pub(super) fn push(&mut self, piece: &[u8]) {
        if SIZE - self.length < piece.len() {
            self.flush();
        }
        match self.buffer.get_mut(self.length..self.length + piece.len()) {
            Some(place) => {
                place.copy_from_slice(piece);
                self.length += piece.len();
            }
            None => self.hash.absorb(piece),
        }
    }

    /// The hash of all that was pushed.
    pub(super) fn finish(mut self) -> H {
        self.flush();
        self.hash
    }

    fn flush(&mut self) {
        self.hash.absorb(&self.buffer[..self.length]);
        self.length = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_length_are_one_text() {
        let text: Vec<u8> = (0..=255).cycle().take(3_000).collect();
        for (first, second) in
            [(0, 0), (1, 511), (1, 512), (1, 513), (512, 1_024), (513, 1_026), (600, 1_300)]
        {
            let mut gathered = Gathered::new(Sha256::new());
            for piece in
                [&text[..first], &text[first..second], &text[second..second + 3], &text[second + 3..]]
            {
                gathered.push(piece);
            }
            assert_eq!(gathered.finish().finalize(), Sha256::digest(&text), "{first}, {second}");
        }
    }
}
