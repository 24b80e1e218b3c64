//! When to kill.

use std::time::Duration;

use super::dice::Dice;

/// Between which moments the work is done that is to be interrupted, learnt from what happened before.
#[derive(Debug)]
pub(super) struct Pace {
    begin: Duration,
    end: Duration,
}

impl Pace {
    /// Work that takes so long from the start of its process on.
    pub(super) fn new(whole: Duration) -> Self {
        Self { begin: Duration::ZERO, end: whole }
    }

    pub(super) fn moment(&self, dice: &mut Dice) -> Duration {
        self.begin + dice.moment(self.end.saturating_sub(self.begin))
    }

    /// Takes in one run that was to be killed: whether it was, and whether it had begun by then.
    pub(super) fn learn(&mut self, was_killed: bool, had_begun: bool) {
        let scaled = |time: Duration, percent: u32| time * percent / 100;
        match (was_killed, had_begun) {
            (false, _) => self.end = scaled(self.end, 85),
            (true, true) => {
                self.begin = scaled(self.begin, 97);
                self.end = scaled(self.end, 101);
            }
            (true, false) => {
                self.begin = scaled(self.begin, 115) + Duration::from_millis(1);
                self.end = scaled(self.end, 105);
            }
        }
        self.end = self.end.clamp(Duration::from_millis(20), Duration::from_secs(30));
        self.begin = self.begin.min(scaled(self.end, 80));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_nears_what_can_be_interrupted() {
        let (work, mut pace) = (300..400, Pace::new(Duration::from_secs(2)));
        let mut dice = Dice::new(1, "pace", 0);
        let mut hits = 0;
        for round in 0..400 {
            let moment = pace.moment(&mut dice).as_millis();
            pace.learn(moment < work.end, moment >= work.start);
            hits += u32::from(round >= 200 && work.contains(&moment));
        }
        assert!(hits >= 100, "{hits} of the last 200");
    }
}
