use std::collections::BTreeSet;

/// What breaks parsers, whatever they parse.
const COMMON: &[&[u8]] = &[
    b"",
    b"0",
    b"1",
    b"-1",
    b"+1",
    b"00",
    b"255",
    b"256",
    b"1024",
    b"2147483648",
    b"4294967296",
    b"9223372036854775808",
    b"18446744073709551615",
    b"18446744073709551616",
    b"1e9",
    b".",
    b"..",
    b"/",
    b"//",
    b"\\",
    b"../",
    b"/./",
    b"%",
    b"%2F",
    b"%2f",
    b"%00",
    b"%FF",
    b"%C3%BC",
    b"+",
    b" ",
    b"  ",
    b"\t",
    b"\n",
    b"\r\n",
    b"\0",
    b"\x1b",
    b"\x7f",
    b"\xff",
    b"\xc3",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    "\u{85}".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{a0}".as_bytes(),
    "\u{3000}".as_bytes(),
    "\u{fffd}".as_bytes(),
    "ü".as_bytes(),
    "u\u{308}".as_bytes(),
    "\u{212a}".as_bytes(),
    "\u{130}".as_bytes(),
    "ß".as_bytes(),
    "😀".as_bytes(),
    "日本".as_bytes(),
    b"\"",
    b"'",
    b"<",
    b">",
    b"&",
    b"=",
    b"?",
    b"#",
    b";",
    b":",
    b",",
    b"@",
    b"*",
    b"-",
    b"_",
    b"~",
    b"()",
    b"[]",
    b"{}",
    b"null",
    b"true",
    b"false",
];

/// The words that seeds are made of, and those that every parser should meet.
pub(crate) fn words(seeds: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut words: BTreeSet<Vec<u8>> = COMMON.iter().map(|word| word.to_vec()).collect();
    for seed in seeds {
        words.extend(parts(seed));
    }
    words.into_iter().collect()
}

/// Runs of letters and digits, and runs of what is neither, each alone and with the one behind it.
fn parts(seed: &[u8]) -> Vec<Vec<u8>> {
    let runs: Vec<&[u8]> = seed.chunk_by(|left, right| is_word(*left) == is_word(*right)).collect();
    let pairs = runs.windows(2).map(<[&[u8]]>::concat);
    runs.iter().map(|run| run.to_vec()).chain(pairs).filter(|part| part.len() <= 64).collect()
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn seeds_give_their_words() {
        let words = words(&[b"<Key>a-b"]);
        for word in ["<", "Key", "<Key", "Key>", ">a", "-b", "..", "%2F"] {
            assert!(words.iter().any(|known| known == word.as_bytes()), "{word}");
        }
    }
}
