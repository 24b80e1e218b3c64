//! Dates of conditions: those of ISO 8601 that [W3C's note](https://www.w3.org/TR/NOTE-datetime) takes, or seconds since 1970.

/// Seconds since 1970 and what is left of a second, as nine digits.
pub(super) type Instant = (i64, u32);

pub(super) fn parse(text: &str) -> Option<Instant> {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = || {
        let (whole, fraction) = split_fraction(text)?;
        Some((whole.parse().ok().filter(|_| !whole.starts_with('+'))?, fraction))
    };
    if is_year { calendar(text) } else { seconds().or_else(|| calendar(text)) }
}

/// `2026`, `2026-11`, `2026-11-24`, `2026-11-24T10:30Z`, `2026-11-24T10:30:05.25+01:00`.
fn calendar(text: &str) -> Option<Instant> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let mut parts = date.split('-');
    let year = number(parts.next()?, 4)?;
    let mut next =
        |most: i64| parts.next().map_or(Some(1), |part| number(part, 2).filter(|n| (1..=most).contains(n)));
    let month = next(12)?;
    let day = next(days_in(year, month))?;
    let is_whole_day = date.len() == 10;
    if parts.next().is_some() || (time.is_some() && !is_whole_day) {
        return None;
    }
    let midnight = days_since_1970(year, month, day) * 86_400;
    let (seconds, fraction) = time.map_or(Some((0, 0)), time_of_day)?;
    Some((midnight + seconds, fraction))
}

/// Seconds since midnight in UTC.
fn time_of_day(text: &str) -> Option<Instant> {
    let zone = text.find(['Z', '+', '-'])?;
    let (time, zone) = text.split_at(zone);
    let (time, fraction) = split_fraction(time)?;
    let mut parts = time.split(':');
    let (hours, minutes) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let seconds = parts.next().map_or(Some(0), |seconds| number(seconds, 2))?;
    let is_odd = hours > 23 || minutes > 59 || seconds > 60 || parts.next().is_some();
    let offset = match zone.split_at(1) {
        ("Z", "") => 0,
        (sign, offset) => {
            let (hours, minutes) = offset.split_once(':')?;
            let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
            let offset = hours * 3600 + minutes * 60;
            match sign {
                _ if hours > 23 || minutes > 59 => return None,
                "+" => offset,
                "-" => -offset,
                _ => return None,
            }
        }
    };
    (!is_odd).then_some((hours * 3600 + minutes * 60 + seconds - offset, fraction))
}

/// What is behind a point, in billionths.
fn split_fraction(text: &str) -> Option<(&str, u32)> {
    let Some((whole, fraction)) = text.split_once('.') else { return Some((text, 0)) };
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.get(..9).unwrap_or(fraction);
    format!("{digits:0<9}").parse().ok().map(|fraction| (whole, fraction))
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// Years begin in March here, so that the odd day is the last one.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    before + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read() {
        for (text, instant) in [
            ("1970", (0, 0)),
            ("1970-01-01T00:00Z", (0, 0)),
            ("2000-02-29", (951_782_400, 0)),
            ("2026-11", (1_793_491_200, 0)),
            ("2026-11-24T10:30:05Z", (1_795_516_205, 0)),
            ("2026-11-24T11:30:05.25+01:00", (1_795_516_205, 250_000_000)),
            ("2026-11-24T05:00:05-05:30", (1_795_516_205, 0)),
            ("1795516205", (1_795_516_205, 0)),
            ("1795516205.5", (1_795_516_205, 500_000_000)),
            ("0000-03-01", (-62_162_035_200, 0)),
        ] {
            assert_eq!(parse(text), Some(instant), "{text}");
        }
        for wrong in [
            "",
            "yesterday",
            "2026-13",
            "2026-02-29",
            "2026-1-1",
            "2026-11-24T10:30",
            "2026-11T10:30Z",
            "2026-11-24T25:00Z",
            "2026-11-24T10:30+01",
            "2026-11-24T10:30:05.Z",
            "2026-11-24-01",
            "1.x",
            "+5",
            "2026-11-24T10:30ZZ",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
