use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;

use super::Naming;
use crate::clock::Clock;
use crate::{Body, Result};

/// The name below a folder named after the day, in UTC and zero-padded: `2026-11-23/tom.jpg`.
pub fn date_prefix() -> DatePrefix {
    DatePrefix { clock: Clock::system() }
}

/// See [`date_prefix`].
#[derive(Clone, Debug)]
pub struct DatePrefix {
    clock: Clock,
}

impl DatePrefix {
    /// Takes the day from this clock.
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }
}

#[async_trait]
impl Naming for DatePrefix {
    async fn name(&self, name: String, _: &mut Body) -> Result<String> {
        let (year, month, day) = civil_date(self.clock.now());
        Ok(format!("{year:04}-{month:02}-{day:02}/{name}"))
    }
}

/// Year, month and day in UTC, by the proleptic Gregorian calendar. A time before 1970 counts as 1970.
fn civil_date(time: SystemTime) -> (u64, u64, u64) {
    let days = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    // Years are counted from 1 March 0000, so that the leap day is a year's last.
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn knows_the_calendar() {
        for (seconds, date) in [
            (0, (1970, 1, 1)),
            (951_782_400, (2000, 2, 29)),
            (1_709_164_800, (2024, 2, 29)),
            (1_725_321_600, (2024, 9, 3)),
            (4_107_542_400, (2100, 3, 1)),
            (1_767_225_599, (2025, 12, 31)),
        ] {
            assert_eq!(civil_date(UNIX_EPOCH + Duration::from_secs(seconds)), date);
        }
    }

    #[tokio::test]
    async fn puts_the_day_before_the_name() {
        let naming = date_prefix().with_clock(Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_725_321_600)));
        assert_eq!(
            naming.name("a/tom.jpg".into(), &mut Body::from("")).await.unwrap(),
            "2024-09-03/a/tom.jpg"
        );
    }
}
