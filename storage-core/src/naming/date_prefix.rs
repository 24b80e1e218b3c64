use std::time::UNIX_EPOCH;

use async_trait::async_trait;

use super::Naming;
use crate::backend::calendar::UtcTime;
use crate::clock::Clock;
use crate::{Body, Result};

/// The name below a folder named after the day, in UTC and zero-padded: `2026-11-23/tom.jpg`. A time before 1970 counts as 1970.
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
        let UtcTime { year, month, day, .. } = UtcTime::of(self.clock.now().max(UNIX_EPOCH));
        Ok(format!("{year:04}-{month:02}-{day:02}/{name}"))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn puts_the_day_before_the_name() {
        let naming = date_prefix().with_clock(Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_725_321_600)));
        assert_eq!(
            naming.name("a/tom.jpg".into(), &mut Body::from("")).await.unwrap(),
            "2024-09-03/a/tom.jpg"
        );
        let naming = date_prefix().with_clock(Clock::fixed(UNIX_EPOCH - Duration::from_secs(1)));
        assert_eq!(naming.name("a".into(), &mut Body::from("")).await.unwrap(), "1970-01-01/a");
    }
}
