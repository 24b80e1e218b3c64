use config::{Value, ValueKind};

use super::Secret;

const LONGEST: usize = 200;

/// A value as people may see it: of a URL without its user and password, without control characters, and not endless.
pub(super) fn shown(value: &Value) -> String {
    let text = plain(value);
    let mut text: String =
        without_credentials(&text).escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'");
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn plain(value: &Value) -> String {
    match &value.kind {
        ValueKind::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        ValueKind::Table(table) => {
            // Without the values: what was put where no table belongs may have been meant for a secret's place.
            let mut names: Vec<_> = table.keys().map(String::as_str).collect();
            names.sort_unstable();
            format!("{{{}}}", names.join(","))
        }
        _ => value.to_string(),
    }
}

/// Masks what stands before an `@`, up to the scheme's `//`.
fn without_credentials(text: &str) -> String {
    match text.rsplit_once('@') {
        None => text.to_owned(),
        Some((before, after)) => {
            let scheme = before.find("//").map_or("", |start| &before[..start + 2]);
            format!("{scheme}{}@{after}", Secret::MASK)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_credentials_in_addresses() {
        for (raw, expected) in [
            ("http://user:hunter2@proxy:3128", "http://***@proxy:3128"),
            ("user:hunt@er2@host", "***@host"),
            ("host:9000", "host:9000"),
            ("a\u{1b}b", "a\\u{1b}b"),
        ] {
            assert_eq!(shown(&Value::new(None, raw)), expected);
        }
        let table = [("secret_key".to_owned(), Value::new(None, "hunter2"))];
        let misplaced = Value::new(None, vec![Value::new(None, config::Map::from_iter(table))]);
        assert_eq!(shown(&misplaced), "{secret_key}");
        assert!(shown(&Value::new(None, "ü".repeat(1_000))).chars().count() <= LONGEST + 1);
    }
}
