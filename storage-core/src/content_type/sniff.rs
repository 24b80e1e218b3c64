/// How many of the first bytes are looked at.
pub const SNIFF_BYTES: usize = 8 * 1024;

/// The content type that the first bytes show, if they show any.
pub fn from_content(head: &[u8]) -> Option<&'static str> {
    infer::get(head).map(|found| found.mime_type())
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
}
