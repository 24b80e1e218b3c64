use super::from_name;

/// How many of the first bytes are looked at.
pub const SNIFF_BYTES: usize = 8 * 1024;

/// The content type that the first bytes show, if they show any.
pub fn from_content(head: &[u8]) -> Option<&'static str> {
    match infer::get(head).map(|found| found.mime_type()) {
        Some("text/xml" | "text/html") | None if begins_svg(head) => Some("image/svg+xml"),
        found => found,
    }
}

/// The content type of content that nobody vouches for: what its first bytes show, whatever it is called.
///
/// Text without a mark of its own is `text/plain; charset=utf-8`, or the kind of text that the name says: of `a.csv` and `a.json` one can
/// believe it, and JavaScript is kept as what [is active](super::is_active). Everything else is `application/octet-stream`.
/// `is_whole` says that nothing follows after `head`.
pub fn from_content_and_name(head: &[u8], is_whole: bool, name: &str) -> &'static str {
    if let Some(found) = from_content(head) {
        return found;
    }
    match is_text(head, is_whole) {
        true => from_name(name).filter(|named| is_kind_of_text(named)).unwrap_or("text/plain; charset=utf-8"),
        false => super::DEFAULT_CONTENT_TYPE,
    }
}

/// An `<svg` that stands first, after a byte order mark, an XML declaration, a document type and comments.
fn begins_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) => ">",
            _ => break,
        };
        match rest.split_once(end) {
            Some((_, after)) => rest = after.trim_start(),
            None => return false,
        }
    }
    rest.strip_prefix("<svg")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/'))
}

/// UTF-8 with no control characters but those of text. The end may cut a character in two where more follows.
fn is_text(head: &[u8], is_whole: bool) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if !is_whole && error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}'))
}

fn is_kind_of_text(content_type: &str) -> bool {
    content_type.starts_with("text/")
        || content_type.ends_with("+json")
        || matches!(
            content_type,
            "application/json" | "application/toml" | "application/yaml" | "application/x-yaml"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_common_files_by_their_first_bytes() {
        assert_eq!(from_content(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
        assert_eq!(from_content(b"%PDF-1.7\n"), Some("application/pdf"));
        assert_eq!(from_content(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(from_content(b"<!DOCTYPE html><html>"), Some("text/html"));
        assert_eq!(from_content(b"plain words"), None);
        assert_eq!(from_content(b""), None);
    }

    #[test]
    fn a_picture_that_runs_scripts_is_known() {
        for svg in [
            "<svg xmlns='http://www.w3.org/2000/svg'>",
            "\u{feff}<svg>",
            "<!-- drawn by hand --><svg>",
            "<?xml version='1.0'?>\n<!-- a --> <!DOCTYPE svg PUBLIC 'x'>\n<svg\n",
        ] {
            assert_eq!(from_content(svg.as_bytes()), Some("image/svg+xml"), "{svg}");
        }
        assert_eq!(from_content(b"<?xml version='1.0'?><rss>"), Some("text/xml"));
        assert_eq!(from_content(b"<!-- never closed <svg>"), Some("text/html"));
        assert_eq!(from_content(b"a <svg>"), None);
    }

    #[test]
    fn a_name_says_only_which_kind_of_text_it_is() {
        let found = |content: &str, name| from_content_and_name(content.as_bytes(), true, name);
        assert_eq!(found("a;b", "a.csv"), "text/csv");
        assert_eq!(found("{}", "a.json"), "application/json");
        assert_eq!(found("words", "a.png"), "text/plain; charset=utf-8");
        assert_eq!(found("words", "a"), "text/plain; charset=utf-8");
        assert_eq!(found("\x01\x02", "a.csv"), "application/octet-stream");
        assert_eq!(found("\u{1b}[31m", "a.txt"), "application/octet-stream");
        assert_eq!(found("", "a.txt"), "application/octet-stream");
        assert_eq!(found("<html>", "a.png"), "text/html");
    }

    #[test]
    fn text_may_be_cut_in_a_character_where_more_follows() {
        let cut = &"aü".as_bytes()[..2];
        assert_eq!(from_content_and_name(cut, false, "a"), "text/plain; charset=utf-8");
        assert_eq!(from_content_and_name(cut, true, "a"), "application/octet-stream");
        assert_eq!(from_content_and_name(b"a\xff b", false, "a"), "application/octet-stream");
    }
}
