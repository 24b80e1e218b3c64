use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{MAX_EXPIRY, MIN_EXPIRY};
use crate::{Error, Result};

/// From when and how long a signed URL is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Validity {
    /// The moment that the URL counts as signed at. In a window, it is the window's first.
    pub from: SystemTime,
    /// How many seconds it lives from then, 1 to 604,800.
    pub seconds: u64,
}

impl Validity {
    pub(super) fn new(
        now: SystemTime,
        asked: Option<Duration>,
        default: Duration,
        window: Option<Duration>,
    ) -> Result<Self> {
        let Some(window) = window else {
            return Ok(Self { from: now, seconds: in_bounds(asked.unwrap_or(default))? });
        };
        let window = whole_seconds(window)?;
        let life = match asked {
            Some(life) => in_bounds(life)?,
            None => in_bounds(default)?.min(MAX_EXPIRY.as_secs() - window),
        };
        if life + window > MAX_EXPIRY.as_secs() {
            return Err(Error::invalid_input(format!(
                "a URL that is stable for {window} seconds and valid for {life} more would live longer than 7 days"
            )));
        }
        // What is before 1970 has no window: a clock so wrong signs nothing that is valid.
        let since = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
        Ok(Self { from: UNIX_EPOCH + Duration::from_secs(since - since % window), seconds: life + window })
    }
}

fn in_bounds(life: Duration) -> Result<u64> {
    match (MIN_EXPIRY..=MAX_EXPIRY).contains(&life) {
        true => Ok(life.as_secs()),
        false => Err(Error::invalid_input(format!("a signed URL lives 1 second to 7 days, not {life:?}"))),
    }
}

fn whole_seconds(window: Duration) -> Result<u64> {
    match window.as_secs() {
        seconds if window.subsec_nanos() == 0 && (1..MAX_EXPIRY.as_secs()).contains(&seconds) => Ok(seconds),
        _ => Err(Error::invalid_input(format!(
            "the window of a stable URL is a whole number of seconds, 1 to 604,799, not {window:?}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(seconds * 1_000 + 500)
    }

    #[test]
    fn without_a_window_it_is_from_now() {
        let validity = Validity::new(at(7), Some(HOUR), MAX_EXPIRY, None).unwrap();
        assert_eq!((validity.from, validity.seconds), (at(7), 3_600));
        assert_eq!(Validity::new(at(7), None, HOUR, None).unwrap().seconds, 3_600);
    }

    #[test]
    fn in_a_window_it_is_the_same_and_never_shorter_than_promised() {
        let first = Validity::new(at(7_200), Some(HOUR), MAX_EXPIRY, Some(HOUR)).unwrap();
        for second in 7_200..10_800 {
            let validity = Validity::new(at(second), Some(HOUR), MAX_EXPIRY, Some(HOUR)).unwrap();
            assert_eq!(validity, first);
            let left =
                (validity.from + Duration::from_secs(validity.seconds)).duration_since(at(second)).unwrap();
            assert!(left >= HOUR, "{left:?} at {second}");
        }
        let next = Validity::new(at(10_800), Some(HOUR), MAX_EXPIRY, Some(HOUR)).unwrap();
        assert_eq!(next.from, first.from + HOUR);
    }

    #[test]
    fn a_default_leaves_room_for_the_window() {
        let validity = Validity::new(at(0), None, MAX_EXPIRY, Some(HOUR)).unwrap();
        assert_eq!(validity.seconds, MAX_EXPIRY.as_secs());
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        let refused = |asked: Option<Duration>, window: Option<Duration>| {
            Validity::new(at(0), asked, HOUR, window).unwrap_err().kind() == crate::ErrorKind::InvalidInput
        };
        assert!(refused(Some(Duration::ZERO), None));
        assert!(refused(Some(MAX_EXPIRY + Duration::from_secs(1)), None));
        assert!(refused(Some(MAX_EXPIRY), Some(Duration::from_secs(1))));
        assert!(refused(None, Some(Duration::ZERO)));
        assert!(refused(None, Some(Duration::from_millis(1_500))));
        assert!(refused(None, Some(MAX_EXPIRY)));
    }
}
