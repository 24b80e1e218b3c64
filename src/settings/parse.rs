//! Values from text, or from what TOML and code already know the type of. Each says the rule that is broken.

use std::time::Duration;

use config::{Value, ValueKind};

pub(super) type Parsed<T> = Result<T, String>;

pub(super) fn text(value: &Value) -> Parsed<String> {
    match &value.kind {
        ValueKind::String(text) if text.trim().is_empty() => Err("it is empty".into()),
        ValueKind::String(text) => Ok(text.trim().to_owned()),
        ValueKind::Table(_) | ValueKind::Array(_) | ValueKind::Nil => Err("it must be a single value".into()),
        other => Ok(other.to_string()),
    }
}

pub(super) fn boolean(value: &Value) -> Parsed<bool> {
    match text(value)?.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err("it must be true, false, 1, 0, yes or no".into()),
    }
}

/// One of these words, in any case.
pub(super) fn choice<T: Copy>(value: &Value, choices: &[(&str, T)]) -> Parsed<T> {
    let word = text(value)?;
    choices.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, choice)| *choice).ok_or_else(
        || {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            format!("it must be one of {}", names.join(", "))
        },
    )
}

pub(super) fn count(value: &Value, most: u32) -> Parsed<u32> {
    let rule = || format!("it must be a whole number from 0 to {most}");
    let count = text(value)?.parse::<u32>().map_err(|_| rule())?;
    if count > most { Err(rule()) } else { Ok(count) }
}

/// What a bare number means.
#[derive(Clone, Copy)]
pub(super) enum Bare {
    Hours,
    Seconds,
    Refused,
}

/// `7d`, `12h`, `30m`, `90s`, `500ms`, or several of them after one another.
pub(super) fn duration(value: &Value, bare: Bare) -> Parsed<Duration> {
    let text = text(value)?;
    let rule = || match bare {
        Bare::Hours => "it must be a duration such as 7d, 12h or 90s, or a number of hours".to_owned(),
        Bare::Seconds => "it must be a duration such as 12h or 90s, or a number of seconds".to_owned(),
        Bare::Refused => "it must be a duration with its unit, such as 90s or 500ms".to_owned(),
    };
    if let Ok(number) = text.parse::<u64>() {
        return match bare {
            Bare::Hours => number.checked_mul(3_600).map(Duration::from_secs).ok_or_else(rule),
            Bare::Seconds => Ok(Duration::from_secs(number)),
            Bare::Refused => Err(rule()),
        };
    }
    parse_duration(&text).ok_or_else(rule)
}

/// Parses `7d`, `12h`, `1h30m`, `500ms`: whole numbers, each with its unit.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit_end = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
        let part = match &rest[digits..unit_end] {
            "ms" => Duration::from_millis(number),
            "s" => Duration::from_secs(number),
            "m" => Duration::from_secs(number.checked_mul(60)?),
            "h" => Duration::from_secs(number.checked_mul(3_600)?),
            "d" => Duration::from_secs(number.checked_mul(86_400)?),
            _ => return None,
        };
        total = total.checked_add(part)?;
        rest = &rest[unit_end..];
    }
    (!text.is_empty()).then_some(total)
}

/// A size within limits, as [`parse_size`] reads it.
pub(super) fn bytes(value: &Value, limits: std::ops::RangeInclusive<u64>) -> Parsed<u64> {
    let size = parse_size(&text(value)?);
    size.filter(|size| limits.contains(size)).ok_or_else(|| {
        let (least, most) = (limits.start() >> 20, limits.end() >> 20);
        format!("it must be a size from {least} MiB to {most} MiB, in bytes or as 10MiB")
    })
}

/// Parses `1048576`, `1024KiB`, `10MiB`, `5GiB`: a whole number of bytes, or of these units.
pub fn parse_size(text: &str) -> Option<u64> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = match text[split..].trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1_u64 << 30,
        _ => return None,
    };
    text[..split].parse::<u64>().ok()?.checked_mul(unit)
}

/// `a,b`, a JSON list, or TOML's own list.
pub(super) fn list(value: &Value) -> Parsed<Vec<String>> {
    match &value.kind {
        ValueKind::Array(items) => items.iter().map(text).collect(),
        ValueKind::String(text) if text.trim_start().starts_with('[') => {
            serde_json::from_str(text).map_err(|_| "it must be a JSON list of strings, or a,b".into())
        }
        ValueKind::String(text) => {
            Ok(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
        }
        _ => Err("it must be a list".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        Value::new(None, text)
    }

    #[test]
    fn durations_have_units() {
        for (text, seconds) in
            [("7d", 604_800), ("12h", 43_200), ("90s", 90), ("1h30m", 5_400), ("24", 86_400)]
        {
            assert_eq!(duration(&value(text), Bare::Hours), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
        for text in
            ["", "d", "7", "7 d", "-7d", "7w", "7d3", "1.5h", "99999999999999999999d", "300000000000000000d"]
        {
            assert_eq!(parse_duration(text), None, "{text}");
        }
        assert!(duration(&value("90"), Bare::Refused).is_err());
        assert_eq!(duration(&value("90"), Bare::Seconds), Ok(Duration::from_secs(90)));
        assert!(duration(&value("99999999999999999"), Bare::Hours).is_err());
    }

    #[test]
    fn booleans_are_not_any_string() {
        for (text, expected) in
            [("true", true), ("YES", true), ("1", true), ("false", false), ("0", false), ("no", false)]
        {
            assert_eq!(boolean(&value(text)), Ok(expected));
        }
        for text in ["", "on", "False.", "2", "none"] {
            assert!(boolean(&value(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn lists_come_in_three_shapes() {
        let expected = Ok(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(list(&value("a, b,")), expected);
        assert_eq!(list(&value(r#"["a", "b"]"#)), expected);
        assert_eq!(list(&Value::new(None, vec!["a", "b"])), expected);
        assert_eq!(list(&value("")), Ok(Vec::new()));
        assert!(list(&value("[1")).is_err());
        assert!(list(&Value::new(None, 3)).is_err());
    }

    #[test]
    fn sizes_have_limits() {
        let limits = 1 << 20..=1 << 30;
        assert_eq!(bytes(&value("10MiB"), limits.clone()), Ok(10 << 20));
        assert_eq!(bytes(&value("1048576"), limits.clone()), Ok(1 << 20));
        for text in ["1", "10MB", "MiB", "2GiB", "99999999999999999999", "9999999999999999GiB"] {
            assert!(bytes(&value(text), limits.clone()).is_err(), "{text}");
        }
    }
}
