use crate::random::Random;

/// Makes new inputs of old ones.
#[derive(Debug)]
pub(crate) struct Mutator {
    seeds: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
    longest: usize,
}

impl Mutator {
    pub(crate) fn new(seeds: &[&[u8]], longest: usize) -> Self {
        let words = crate::dictionary::words(seeds);
        let mut seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.to_vec()).collect();
        seeds.push(Vec::new());
        Self { seeds, words, longest }
    }

    pub(crate) fn seeds(&self) -> &[Vec<u8>] {
        &self.seeds
    }

    /// Puts another input in place of the one in `input`.
    pub(crate) fn next(&self, random: &mut Random, input: &mut Vec<u8>) {
        input.clear();
        input.extend(random.pick(&self.seeds).into_iter().flatten());
        // Mostly a few changes, now and then many.
        let most = if random.below(8) == 0 { 32 } else { 5 };
        for _ in 0..=random.below(most) {
            self.change(random, input);
        }
        input.truncate(self.longest);
    }

    fn change(&self, random: &mut Random, input: &mut Vec<u8>) {
        match random.below(100) {
            0..16 => self.insert_word(random, input),
            16..32 => self.replace_by_word(random, input),
            32..40 => flip(random, input),
            40..48 => set(random, input),
            48..56 => insert_byte(random, input),
            56..64 => _ = input.drain(range(random, input.len(), 16)),
            64..70 => _ = input.drain(range(random, input.len(), usize::MAX)),
            70..77 => duplicate(random, input, 2, self.longest),
            // Long inputs take long.
            77 => duplicate(random, input, 600, self.longest),
            78..84 => move_part(random, input),
            84..92 => self.splice(random, input),
            _ => change_number(random, input),
        }
    }

    fn insert_word(&self, random: &mut Random, input: &mut Vec<u8>) {
        let at = random.below(input.len() + 1);
        let word = random.pick(&self.words).into_iter().flatten().copied();
        input.splice(at..at, word);
    }

    fn replace_by_word(&self, random: &mut Random, input: &mut Vec<u8>) {
        let part = range(random, input.len(), 16);
        let word = random.pick(&self.words).into_iter().flatten().copied();
        input.splice(part, word);
    }

    /// The beginning of this input and the end of another.
    fn splice(&self, random: &mut Random, input: &mut Vec<u8>) {
        let Some(other) = random.pick(&self.seeds) else { return };
        input.truncate(random.below(input.len() + 1));
        input.extend(&other[random.below(other.len() + 1)..]);
    }
}

fn range(random: &mut Random, length: usize, longest: usize) -> std::ops::Range<usize> {
    let start = random.below(length + 1);
    let size = random.below((length - start).min(longest) + 1);
    start..start + size
}

fn flip(random: &mut Random, input: &mut [u8]) {
    let at = random.below(input.len());
    if let Some(byte) = input.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
}

fn set(random: &mut Random, input: &mut [u8]) {
    let at = random.below(input.len());
    if let Some(byte) = input.get_mut(at) {
        *byte = random.byte();
    }
}

fn insert_byte(random: &mut Random, input: &mut Vec<u8>) {
    let at = random.below(input.len() + 1);
    input.insert(at, random.byte());
}

/// A part again, so many times at most.
fn duplicate(random: &mut Random, input: &mut Vec<u8>, most: usize, longest: usize) {
    let part = input[range(random, input.len(), 64)].to_vec();
    let room = longest.saturating_sub(input.len()) / part.len().max(1);
    let times = (1 + random.below(most)).min(room);
    let at = random.below(input.len() + 1);
    input.splice(at..at, part.repeat(times));
}

fn move_part(random: &mut Random, input: &mut Vec<u8>) {
    let part: Vec<u8> = input.drain(range(random, input.len(), 64)).collect();
    let at = random.below(input.len() + 1);
    input.splice(at..at, part);
}

/// Another digit in place of one.
fn change_number(random: &mut Random, input: &mut [u8]) {
    let from = random.below(input.len());
    if let Some(digit) = input.iter_mut().skip(from).find(|byte| byte.is_ascii_digit()) {
        *digit = b'0' + random.byte() % 10;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn inputs_differ_stay_short_and_come_again_with_the_same_seed() {
        let mutator = Mutator::new(&[b"<Key>abc</Key>", b"17"], 100);
        let inputs = |seed| {
            let mut random = Random::new(seed);
            (0..2_000)
                .map(move |_| {
                    let mut input = Vec::new();
                    mutator.next(&mut random, &mut input);
                    input
                })
                .collect::<Vec<_>>()
        };
        let inputs = inputs(1);
        assert!(inputs.iter().all(|input| input.len() <= 100));
        assert!(inputs.iter().any(|input| input.len() == 100));
        let distinct: BTreeSet<_> = inputs.iter().collect();
        assert!(distinct.len() > 1_500, "{}", distinct.len());
    }
}
