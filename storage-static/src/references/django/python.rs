//! What Python's functions do to texts, as far as Django uses them on references.

/// How long the white space is at the start of `rest`: one character of `\s`.
pub(super) fn space(rest: &[u8]) -> usize {
    match rest {
        [b'\t'..=b'\r' | 0x1c..=b' ', ..] => 1,
        [0xc2, 0x85 | 0xa0, ..] => 2,
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// The first place from `at` on that is no white space.
pub(super) fn skip_space(source: &[u8], mut at: usize) -> usize {
    loop {
        match source.get(at..).map_or(0, space) {
            0 => return at,
            length => at += length,
        }
    }
}

/// Where the white space begins that ends at `end`; not before `from`.
pub(super) fn space_before(source: &[u8], from: usize, end: usize) -> usize {
    let mut start = end;
    loop {
        let length =
            (1..=3).find(|length| start >= from + length && space(&source[start - length..start]) == *length);
        match length {
            None => return start,
            Some(length) => start -= length,
        }
    }
}

/// Where the word ends that begins at `at`: `\w*`.
pub(super) fn word_end(source: &[u8], at: usize) -> usize {
    let rest = &source[at..];
    let ascii = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    match rest.get(ascii) {
        Some(0x80..) => {
            let wide = rest[ascii..].iter().take_while(|byte| **byte >= 0x80).count();
            let text = String::from_utf8_lossy(&rest[ascii..ascii + wide]);
            let letters: usize = text.chars().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum();
            match letters == wide {
                true => word_end(source, at + ascii + wide),
                false => at + ascii + letters,
            }
        }
        _ => at + ascii,
    }
}

/// `str.strip`
pub(super) fn strip(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// `urllib.parse.unquote`
pub(super) fn unquote(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut unquoted = String::with_capacity(text.len());
    // What is ASCII is decoded a run at a time.
    for run in text.as_bytes().chunk_by(|one, other| one.is_ascii() == other.is_ascii()) {
        unquoted.push_str(&String::from_utf8_lossy(&percent_decoded(run)));
    }
    unquoted
}

fn percent_decoded(run: &[u8]) -> Vec<u8> {
    use crate::encoded::hex;
    let mut decoded = Vec::with_capacity(run.len());
    let mut rest = run;
    while let Some((byte, tail)) = rest.split_first() {
        let escaped = match (byte, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        rest = if escaped.is_some() { &tail[2..] } else { tail };
        decoded.push(escaped.unwrap_or(*byte));
    }
    decoded
}

/// `posixpath.normpath`
pub(super) fn normpath(path: &str) -> String {
    let slashes = match path.bytes().take_while(|byte| *byte == b'/').count() {
        2 => "//",
        0 => "",
        _ => "/",
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            ".." if !slashes.is_empty() => {}
            _ => parts.push(part),
        }
    }
    match (slashes, parts.is_empty()) {
        ("", true) => ".".to_owned(),
        _ => format!("{slashes}{}", parts.join("/")),
    }
}

/// What `urllib.parse.urlsplit` removes before it looks at a URL.
fn cleaned(url: &str) -> String {
    url.trim_start_matches(|c| c <= ' ').replace(['\t', '\r', '\n'], "")
}

/// `urllib.parse.urlsplit`: path and query of a URL without a host.
pub(super) fn urlsplit(url: &str) -> (String, String) {
    let url = cleaned(url);
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    (path.to_owned(), query.to_owned())
}

/// `urllib.parse.urldefrag`: of a URL with a fragment, an empty query and empty parameters are gone too.
pub(super) fn urldefrag(url: &str) -> (String, String) {
    if !url.contains('#') {
        return (url.to_owned(), String::new());
    }
    let url = cleaned(url);
    let (rest, fragment) = url.split_once('#').unwrap_or((&url, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let name = path.rfind('/').unwrap_or(0);
    let path = match path[name..].find(';') {
        Some(at) if name + at + 1 == path.len() => &path[..name + at],
        _ => path,
    };
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    (format!("{path}{query}"), fragment.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each as Python 3.12 has it.
    #[test]
    fn urls_are_taken_apart_as_python_does() {
        for (url, rest, fragment) in [
            ("a.eot?#iefix", "a.eot", "iefix"),
            ("a.eot?v=1#x", "a.eot?v=1", "x"),
            ("a;b;#x", "a;b;", "x"),
            ("a;#x", "a", "x"),
            ("d;/a;#x", "d;/a", "x"),
            ("a b#", "a b", ""),
            (" a\t#x", "a", "x"),
            (" a\t", " a\t", ""),
            ("#x", "", "x"),
        ] {
            assert_eq!(urldefrag(url), (rest.to_owned(), fragment.to_owned()), "{url}");
        }
        assert_eq!(urlsplit(" a\r.map?b?c#d"), ("a.map".to_owned(), "b?c".to_owned()));
    }

    #[test]
    fn paths_are_normalised_as_python_does() {
        for (path, expected) in [
            ("a/../b//./c", "b/c"),
            ("../../a", "../../a"),
            ("a/../../b", "../b"),
            ("", "."),
            ("a/..", "."),
            ("/../a", "/a"),
            ("//a", "//a"),
            ("///a", "/a"),
        ] {
            assert_eq!(normpath(path), expected, "{path}");
        }
    }

    #[test]
    fn escapes_are_resolved_as_python_does() {
        for (text, expected) in [
            ("a%20b", "a b"),
            ("%C3%A9%c3", "\u{e9}\u{fffd}"),
            ("%C3\u{e9}%A9", "\u{fffd}\u{e9}\u{fffd}"),
            ("100%", "100%"),
            ("%zz%2", "%zz%2"),
        ] {
            assert_eq!(unquote(text), expected, "{text}");
        }
    }

    #[test]
    fn spaces_and_words_have_pythons_bounds() {
        let source = "x\u{a0} \u{2028}\u{1f}y\u{e9}_1-".as_bytes();
        let end = source.len();
        let word = source.iter().position(|byte| *byte == b'y').unwrap();
        assert_eq!(skip_space(source, 1), word);
        assert_eq!(space_before(source, 0, word), 1);
        assert_eq!(space_before(source, 2, word), 3);
        assert_eq!(word_end(source, word), end - 1);
        assert_eq!(word_end(source, end), end);
    }
}
