//! How a path is written in a URL: in one way only, in references that are rewritten and in the URLs that templates get. A browser does not
//! know that `%40` and `@` are the same: it would fetch such a file twice, and evaluate such a module twice.

/// What stands for itself: what a path may have (RFC 3986, `pchar`) without `'`, `(` and `)`, which end a string or a `url()`, `*`, which
/// may end a comment, `:`, which makes a scheme of what is before it, and `+`, which S3 takes for a space.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&,;=@".contains(&byte)
}

/// Appends a path as it is, whose parts `/` separates.
pub(crate) fn push_path(to: &mut Vec<u8>, path: &str) {
    push(to, path.as_bytes(), |byte| byte == b'/' || is_plain(byte));
}

/// The URL of a path.
pub(crate) fn join(base: &str, path: &str) -> String {
    joined(base, path, |byte| byte == b'/' || is_plain(byte))
}

/// The URL of a path as people write it: with all that a path may have.
pub(crate) fn join_as_written(base: &str, path: &str) -> String {
    joined(base, path, |byte| is_plain(byte) || b"/'()*:+".contains(&byte))
}

fn joined(base: &str, path: &str, stays: impl Fn(u8) -> bool) -> String {
    let mut url = Vec::with_capacity(base.len() + path.len() + 8);
    url.extend_from_slice(base.as_bytes());
    push(&mut url, path.as_bytes(), stays);
    String::from_utf8_lossy(&url).into_owned()
}

/// A query as a browser asks for it ([URL Standard, "special-query percent-encode set"](https://url.spec.whatwg.org/#special-query-percent-encode-set)),
/// which thereby ends no header and no attribute.
pub(crate) fn query(query: &str) -> String {
    let written: Vec<u8> = query.bytes().filter(|byte| !b"\t\n\r".contains(byte)).collect();
    let mut encoded = Vec::with_capacity(written.len());
    push(&mut encoded, &written, |byte| byte.is_ascii_graphic() && !b"\"#<>'".contains(&byte));
    String::from_utf8_lossy(&encoded).into_owned()
}

/// What becomes of bytes outside of ASCII that stand in a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// They stay: the encoding of the file says what they are.
    Stay,
    /// They are encoded: they are UTF-8.
    Encoded,
}

/// Appends the folder of a relative URL, up to its last slash, in the one way.
///
/// As browsers do it, a backslash is a slash, and line ends and tabs are nothing; as a lookup does it, so is `%2F`, and several slashes
/// are one.
pub(crate) fn push_folder(to: &mut Vec<u8>, folder: &[u8], foreign: Foreign) {
    let start = to.len();
    let mut rest = folder;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        let mut byte = *byte;
        let mut was_encoded = false;
        if byte == b'%'
            && let Some(decoded) = escaped(tail)
        {
            (byte, rest, was_encoded) = (decoded, &tail[2..], true);
        }
        match byte {
            b'\\' if !was_encoded => push_slash(to, start),
            b'/' => push_slash(to, start),
            b'\t' | b'\n' | b'\r' if !was_encoded => {}
            0x80.. if !was_encoded && foreign == Foreign::Stay => to.push(byte),
            _ => push(to, &[byte], is_plain),
        }
    }
}

fn push_slash(to: &mut Vec<u8>, start: usize) {
    if to[start..].last() != Some(&b'/') {
        to.push(b'/');
    }
}

/// The byte whose two hexadecimal digits come first.
pub(crate) fn escaped(digits: &[u8]) -> Option<u8> {
    match digits {
        [high, low, ..] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    }
}

/// The value of a hexadecimal digit.
pub(crate) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Appends bytes; those that do not stay are encoded.
pub(crate) fn push(to: &mut Vec<u8>, bytes: &[u8], stays: impl Fn(u8) -> bool) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        match stays(*byte) {
            true => to.push(*byte),
            false => to.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_in_one_way() {
        assert_eq!(join("/s/", "a b/é+(1)'~._-:*.png"), "/s/a%20b/%C3%A9%2B%281%29%27~._-%3A%2A.png");
        assert_eq!(join("/s/", "@lit/a,b;c=d&e$f!.js"), "/s/@lit/a,b;c=d&e$f!.js");
        assert_eq!(join_as_written("/s/", "[x]/a b+(1)'*:@.js"), "/s/%5Bx%5D/a%20b+(1)'*:@.js");
    }

    #[test]
    fn a_query_is_written_as_browsers_ask_for_it() {
        assert_eq!(query("?v=4.7.0&a=%2F+/[x]|"), "?v=4.7.0&a=%2F+/[x]|");
        assert_eq!(query("?a b\"<>'é\r\nx: y\0"), "?a%20b%22%3C%3E%27%C3%A9x:%20y%00");
    }

    #[test]
    fn folders_in_references_are_written_in_that_way_too() {
        for (written, expected) in [
            ("../img/", "../img/"),
            ("./%40lit/", "./@lit/"),
            ("./@lit/", "./@lit/"),
            ("a b/(1)/+/", "a%20b/%281%29/%2B/"),
            ("x%2fy\\z/", "x/y/z/"),
            ("/static//a/", "/static/a/"),
            ("100%/%zz/", "100%25/%25zz/"),
            ("%e9%C3%a9/", "%E9%C3%A9/"),
            ("%5c%0a/", "%5C%0A/"),
            ("a:b/", "a%3Ab/"),
            ("", ""),
        ] {
            let mut to = b"x/".to_vec();
            push_folder(&mut to, written.as_bytes(), Foreign::Stay);
            assert_eq!(String::from_utf8(to[2..].to_vec()).unwrap(), expected, "{written}");
        }
        let mut to = Vec::new();
        push_folder(&mut to, b"\xe9/", Foreign::Stay);
        push_folder(&mut to, "é\t/".as_bytes(), Foreign::Encoded);
        assert_eq!(to, b"\xe9/%C3%A9/");
    }
}
