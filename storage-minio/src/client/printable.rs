/// The most of a server's words that is shown, in characters.
const LONGEST: usize = 300;

/// Words this long with a digit or a sign in them are signatures, tokens, keys or digests, and no words; no error code of S3 is one.
const LONG_WORD: usize = 32;

/// What stands before or in a signature. A text that holds one of them is not shown at all.
const TELLING: [&str; 5] = ["signature", "aws4-hmac", "credential=", "security-token", "authorization"];

/// A server's word, fit to be shown: one line, not endless, and no secret, even where a server repeats what it was sent.
pub(crate) fn printable(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    let lower = line.to_ascii_lowercase();
    // A whole element may be named after a code such as `SignatureDoesNotMatch`.
    let is_code = line.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_code && TELLING.iter().any(|telling| lower.contains(telling)) {
        return String::new();
    }
    let line = line.trim().trim_end_matches('.');
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_of_a_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        shown.push_str(if is_secret(word) { "…" } else { word });
        let gap = after.find(is_of_a_word).unwrap_or(after.len());
        shown.push_str(&after[..gap]);
        rest = &after[gap..];
    }
    shown
}

/// Of hexadecimal and of any Base64.
fn is_of_a_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_')
}

fn is_secret(word: &str) -> bool {
    word.len() >= LONG_WORD && word.bytes().any(|byte| !byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_line_without_an_end() {
        assert_eq!(printable("a\u{1b}[31mb\n"), "a [31mb");
        assert_eq!(printable(&"x y ".repeat(1_000)).chars().count(), LONGEST - 1);
        assert_eq!(printable("Access Denied."), "Access Denied");
        assert_eq!(printable("ServerSideEncryptionConfigurationNotFoundError").len(), 46);
        assert_eq!(printable("SignatureDoesNotMatch"), "SignatureDoesNotMatch");
    }

    #[test]
    fn what_a_server_repeats_of_a_request_is_not_shown() {
        let hex = "0123456789abcdef".repeat(4);
        for text in [
            format!("you sent {hex}"),
            format!("AWS4-HMAC-SHA256 Credential=me/20261123/us-east-1/s3/aws4_request, Signature={hex}"),
            format!("/k?X-Amz-Signature={hex}&x=1"),
            format!("key <{}> is wrong", "3TL2rcM2cdDaG+KcXjS3dfW0b4gqHzh8dGhlIGtleSE="),
            "token FwoGZXIvYXdzEJr//////////wEaDHh4eHh4eHh4eHh4eHh4eA".to_owned(),
        ] {
            let shown = printable(&text);
            for secret in [hex.as_str(), "3TL2rcM2cdDaG", "FwoGZXIvYXdz"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
        assert_eq!(printable(&format!("you sent {hex}.")), "you sent …");
    }
}
