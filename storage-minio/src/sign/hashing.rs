use sha2::block_api::compress256;

const BLOCK: usize = 64;

/// What SHA-256 is between two blocks.
pub(super) type State = [u32; 8];

/// What it begins with ([FIPS 180-4 §5.3.3](https://csrc.nist.gov/pubs/fips/180-4/upd1/final)).
const INITIAL: State =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The state after one whole block.
pub(super) fn after(block: &[u8; BLOCK]) -> State {
    let mut state = INITIAL;
    compress256(&mut state, std::slice::from_ref(block));
    state
}

/// SHA-256 of a text in pieces. What is signed is short and comes in many: gathered in one place and hashed by the block they cost
/// half of what a general hasher takes. `BLOCKS` says how much is gathered: a text of one block less, or of any length, at two or more.
pub(super) struct Hashing<const BLOCKS: usize> {
    state: State,
    buffer: [[u8; BLOCK]; BLOCKS],
    length: usize,
    /// Bytes that are in the state already.
    hashed: u64,
}

impl<const BLOCKS: usize> Hashing<BLOCKS> {
    /// The last block is kept for the padding.
    const LIMIT: usize = (BLOCKS - 1) * BLOCK;

    /// A hash of its own.
    pub(super) const fn new() -> Self {
        Self::starting(INITIAL, 0)
    }

    /// The rest of a text whose first block is in the state.
    pub(super) const fn going_on(state: State) -> Self {
        Self::starting(state, BLOCK as u64)
    }

    const fn starting(state: State, hashed: u64) -> Self {
        const { assert!(BLOCKS >= 2, "room for a block of text and one of padding") };
        Self { state, buffer: [[0; BLOCK]; BLOCKS], length: 0, hashed }
    }

    #[inline]
    pub(super) fn push(&mut self, piece: &[u8]) {
        let end = self.length + piece.len();
        if end <= Self::LIMIT {
            self.buffer.as_flattened_mut()[self.length..end].copy_from_slice(piece);
            self.length = end;
        } else {
            self.push_by_the_buffer(piece);
        }
    }

    fn push_by_the_buffer(&mut self, mut piece: &[u8]) {
        while !piece.is_empty() {
            if self.length == Self::LIMIT {
                compress256(&mut self.state, &self.buffer[..BLOCKS - 1]);
                self.hashed += Self::LIMIT as u64;
                self.length = 0;
            }
            let (now, later) = piece.split_at(piece.len().min(Self::LIMIT - self.length));
            self.buffer.as_flattened_mut()[self.length..self.length + now.len()].copy_from_slice(now);
            self.length += now.len();
            piece = later;
        }
    }

    /// The hash, after a mark, zeros up to the end of a block, and the length in bits
    /// ([FIPS 180-4 §5.1.1](https://csrc.nist.gov/pubs/fips/180-4/upd1/final)).
    #[inline]
    pub(super) fn finish(mut self) -> [u8; 32] {
        let bits = (self.hashed + self.length as u64) * 8;
        let end = (self.length + 1 + size_of_val(&bits)).next_multiple_of(BLOCK);
        let bytes = self.buffer.as_flattened_mut();
        bytes[self.length] = 0x80;
        bytes[self.length + 1..end - 8].fill(0);
        bytes[end - 8..end].copy_from_slice(&bits.to_be_bytes());
        compress256(&mut self.state, &self.buffer[..end / BLOCK]);
        let mut hash = [0; 32];
        for (bytes, word) in hash.chunks_exact_mut(4).zip(self.state) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn hashed<const BLOCKS: usize>(mut hashing: Hashing<BLOCKS>, text: &[u8], piece: usize) -> [u8; 32] {
        for piece in text.chunks(piece) {
            hashing.push(piece);
        }
        hashing.finish()
    }

    #[test]
    fn texts_of_any_length_in_pieces_of_any_length() {
        let text: Vec<u8> = (0..=255).cycle().take(1_400).collect();
        for length in 0..text.len() {
            let text = &text[..length];
            let expected: [u8; 32] = Sha256::digest(text).into();
            for piece in [1, 7, 63, 64, 65, 511, 512, 1_400] {
                assert_eq!(hashed(Hashing::<9>::new(), text, piece), expected, "{length} in {piece}");
                assert_eq!(hashed(Hashing::<2>::new(), text, piece), expected, "{length} in {piece}");
            }
            if let Some((first, rest)) = text.split_first_chunk() {
                let going_on = Hashing::<4>::going_on(after(first));
                assert_eq!(hashed(going_on, rest, 50), expected, "{length} after a block");
            }
        }
    }
}
