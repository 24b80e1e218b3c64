//! Random numbers that come again for the same seed.

use std::time::Duration;

/// `SplitMix64`: good enough to spread kills over a second, and nothing else.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of one round of one scenario: a round does not depend on how many came before it.
    pub(super) fn new(seed: u64, scenario: &str, round: u32) -> Self {
        let name =
            scenario.bytes().fold(seed, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(name ^ (u64::from(round) << 32))
    }

    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap_or_default()
    }

    /// A moment within the first 95 of 100 parts of `whole`.
    pub(super) fn moment(&mut self, whole: Duration) -> Duration {
        let part = u32::try_from(self.roll() % 950).unwrap_or_default();
        whole * part / 1_000
    }

    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let other = self.below(end + 1);
            items.swap(end, other);
        }
    }

    pub(super) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend_from_slice(&self.roll().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_rolls_the_same() {
        let rolls = |seed, scenario, round| {
            let mut dice = Dice::new(seed, scenario, round);
            [dice.roll(), dice.roll()]
        };
        assert_eq!(rolls(1, "a", 2), rolls(1, "a", 2));
        for other in [rolls(2, "a", 2), rolls(1, "b", 2), rolls(1, "a", 3)] {
            assert_ne!(rolls(1, "a", 2), other);
        }
    }

    #[test]
    fn nothing_is_out_of_bounds() {
        let mut dice = Dice::new(7, "bounds", 0);
        let mut items: Vec<_> = (0..10).collect();
        for _ in 0..1_000 {
            assert!(dice.below(3) < 3);
            assert!(dice.moment(Duration::from_secs(1)) < Duration::from_millis(950));
            dice.shuffle(&mut items);
        }
        items.sort_unstable();
        assert_eq!(items, (0..10).collect::<Vec<_>>());
        assert_eq!(dice.bytes(13).len(), 13);
    }
}
