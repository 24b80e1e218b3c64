use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::Notify;

/// Those who wait for their turn, the first one first.
#[derive(Debug, Default)]
pub(super) struct Line {
    waiting: VecDeque<Place>,
    last_ticket: u64,
}

/// Where somebody stands in a line.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Those who came earlier have smaller ones.
    ticket: u64,
    /// Rung when there is reason to look again before the time that was expected.
    pub(super) bell: Arc<Notify>,
}

impl Line {
    /// A place at the end.
    pub(super) fn join(&mut self) -> Place {
        self.last_ticket += 1;
        let place = Place { ticket: self.last_ticket, bell: Arc::default() };
        self.waiting.push_back(place.clone());
        place
    }

    /// How many are to go before; nobody if it has been passed.
    pub(super) fn ahead_of(&self, place: &Place) -> usize {
        self.find(place).unwrap_or_default()
    }

    /// Those before have not come when it was their turn: nobody waits for them any longer.
    pub(super) fn pass_all_before(&mut self, place: &Place) {
        self.waiting.drain(..self.ahead_of(place));
    }

    /// Makes room, and has those who are next look again: the first, and the one behind, in case the first does not come.
    pub(super) fn leave(&mut self, place: &Place) {
        if let Ok(index) = self.find(place) {
            self.waiting.remove(index);
        }
        self.waiting.iter().take(2).for_each(|next| next.bell.notify_one());
    }

    fn find(&self, place: &Place) -> Result<usize, usize> {
        self.waiting.binary_search_by_key(&place.ticket, |waiting| waiting.ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_leaves_or_is_passed_is_waited_for_by_nobody() {
        let mut line = Line::default();
        let [first, second, third, fourth] = [(); 4].map(|()| line.join());
        assert_eq!([&first, &second, &third, &fourth].map(|place| line.ahead_of(place)), [0, 1, 2, 3]);
        line.leave(&second);
        assert_eq!([&first, &third, &fourth].map(|place| line.ahead_of(place)), [0, 1, 2]);
        line.pass_all_before(&third);
        line.leave(&third);
        assert_eq!([&first, &fourth].map(|place| line.ahead_of(place)), [0, 0]);
        line.leave(&first);
        assert_eq!((line.ahead_of(&fourth), line.waiting.len()), (0, 1));
    }
}
