/// Whether a browser that shows content of this type may run what is in it.
///
/// HTML, SVG and every other XML, JavaScript, and archives of web pages are active; so is anything that is no valid type, because
/// a browser then guesses ([WHATWG MIME Sniffing §7](https://mimesniff.spec.whatwg.org/#determining-the-computed-mime-type-of-a-resource)).
///
/// ```
/// use storage_core::content_type::is_active;
///
/// assert!(is_active("image/svg+xml"));
/// assert!(is_active("Text/HTML; charset=utf-8"));
/// assert!(!is_active("image/png"));
/// ```
pub fn is_active(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim_matches(SPACE).to_ascii_lowercase();
    let Some((kind, subtype)) = essence.split_once('/') else { return true };
    if !is_token(kind) || !is_token(subtype) || kind == "unknown" || subtype == "unknown" {
        return true;
    }
    subtype.ends_with("+xml")
        || ACTIVE_SUBTYPES.contains(&subtype)
        || (kind, subtype) == ("message", "rfc822")
}

const ACTIVE_SUBTYPES: [&str; 18] = [
    "cache-manifest",
    "ecmascript",
    "hta",
    "html",
    "javascript",
    "jscript",
    "livescript",
    "vnd.wap.xhtml",
    "x-ecmascript",
    "x-javascript",
    "x-mimearchive",
    "x-mixed-replace",
    "x-shockwave-flash",
    "x-xpinstall",
    "xml",
    "xml-dtd",
    "xsl",
    "xslt",
];

/// What browsers take for space around a type. With any other before it, it is no type to them.
const SPACE: [char; 4] = ['\t', '\n', '\r', ' '];

/// RFC 9110 §5.6.2, less `*`, which makes a wildcard.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_types_are_known_in_every_spelling() {
        for active in [
            "text/html",
            "TEXT/HTML",
            " text/html ;charset=x",
            "application/xhtml+xml",
            "image/svg+xml",
            "text/xml",
            "application/rss+xml",
            "application/javascript",
            "text/javascript",
            "text/ecmascript",
            "multipart/x-mixed-replace",
            "message/rfc822",
            "*/*",
            "unknown/unknown",
            "application/unknown",
            "",
            "html",
            "text/plain, text/html",
            "text/html/x",
            "\u{a0}image/png",
            "image/png\u{c}",
        ] {
            assert!(is_active(active), "{active}");
        }
        for passive in [
            "image/png",
            "text/plain",
            "text/css",
            "application/pdf",
            "application/json",
            "application/octet-stream",
            "video/mp4",
        ] {
            assert!(!is_active(passive), "{passive}");
        }
    }
}
