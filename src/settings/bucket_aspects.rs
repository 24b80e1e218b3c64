use std::time::Duration;

use config::Value;

use super::key;
use super::parse::{self, Bare, Parsed};
use super::reader::Reader;

/// What initialising sets in each bucket beside its policy. What is `None` is neither read nor touched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BucketAspects {
    /// Origins such as `https://www.example.org`, or `*`, whose pages may upload and read directly. Empty: those of no page.
    pub cors_origins: Option<Vec<String>>,
    /// Objects below [`uploads_prefix`](Self::uploads_prefix), and unfinished uploads in parts there, are deleted when they are so old. Zero:
    /// never.
    pub uploads_expire_after_days: Option<u32>,
    /// Where the browsers' direct uploads arrive before the application takes them over. Default: `uploads/`.
    pub uploads_prefix: String,
    /// Whether what is overwritten or deleted is kept.
    pub versioning: Option<bool>,
}

/// Far more than anybody waits, and no server takes more.
const MOST_DAYS: u64 = 36_500;

const DAY: u64 = 86_400;

pub(super) fn read(reader: &mut Reader<'_>) -> Option<BucketAspects> {
    let cors_origins = reader.read(&key::CORS_ORIGINS, origins);
    let uploads_expire_after_days = reader.read(&key::UPLOADS_EXPIRY, days);
    let uploads_prefix = reader.read(&key::UPLOADS_PREFIX, prefix);
    let versioning = reader.read(&key::VERSIONING, parse::boolean);
    let aspects = [&key::CORS_ORIGINS, &key::UPLOADS_EXPIRY, &key::UPLOADS_PREFIX, &key::VERSIONING];
    aspects.into_iter().all(|key| reader.is_good(key)).then_some(BucketAspects {
        cors_origins,
        uploads_expire_after_days,
        uploads_prefix: uploads_prefix.unwrap_or_default(),
        versioning,
    })
}

fn origins(value: &Value) -> Parsed<Vec<String>> {
    let origins = parse::list(value)?;
    match origins.iter().find(|origin| parse_origin(origin).is_none()) {
        Some(wrong) => Err(format!(
            "`{}` is no origin: scheme, host and port alone, such as https://www.example.org, with at most one `*`, or `*`",
            wrong.escape_debug()
        )),
        None => Ok(origins),
    }
}

/// An origin, `http` or `https`, for rules that let pages in: scheme, host and port alone, with at most one `*`; or `*`. As a browser's `Origin` header has it ([RFC 6454, 6.2](https://www.rfc-editor.org/rfc/rfc6454#section-6.2)).
pub fn parse_origin(text: &str) -> Option<&str> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_host = |host: &str| {
        !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:*[]".contains(&byte))
            && host.bytes().filter(|byte| *byte == b'*').count() <= 1
    };
    (text == "*" || host.is_some_and(is_host)).then_some(text)
}

fn days(value: &Value) -> Parsed<u32> {
    let rule = || format!("it must be whole days such as 1d, at most {MOST_DAYS} of them, or 0 for never");
    let text = parse::text(value)?;
    let days = if let Ok(days) = text.parse::<u64>() {
        days
    } else {
        let time = parse::duration(value, Bare::Refused).map_err(|_| rule())?;
        let days = time.as_secs() / DAY;
        if time != Duration::from_secs(days * DAY) {
            return Err(rule());
        }
        days
    };
    u32::try_from(days).ok().filter(|_| days <= MOST_DAYS).ok_or_else(rule)
}

fn prefix(value: &Value) -> Parsed<String> {
    let prefix = parse::text(value)?;
    let folder = prefix.strip_suffix('/').unwrap_or(&prefix);
    match folder.parse::<storage_core::ObjectKey>() {
        Ok(_) if prefix.ends_with('/') => Ok(prefix),
        Ok(_) => Err("it must end with `/`".into()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        Value::new(None, text)
    }

    #[test]
    fn origins_are_what_browsers_send() {
        for good in
            ["https://a.example", "http://localhost:3000", "https://*.a.example", "*", "http://[::1]:80", ""]
        {
            assert!(origins(&value(good)).is_ok(), "{good}");
        }
        for bad in [
            "a.example",
            "https://a.example/",
            "https://*.*.example",
            "https://",
            "https://u@a",
            "**",
            "null",
        ] {
            assert!(origins(&value(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_are_whole() {
        for (text, expected) in [("1d", 1), ("7", 7), ("0", 0), ("48h", 2)] {
            assert_eq!(days(&value(text)), Ok(expected), "{text}");
        }
        for bad in ["36h", "-1", "1w", "", "99999999999", "36501d"] {
            assert!(days(&value(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_prefix_is_a_folder() {
        assert_eq!(prefix(&value("uploads/")), Ok("uploads/".to_owned()));
        for bad in ["uploads", "", "/", "../a/", "a//b/"] {
            assert!(prefix(&value(bad)).is_err(), "{bad}");
        }
    }
}
