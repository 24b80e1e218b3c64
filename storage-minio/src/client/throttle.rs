use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::backoff::share_of;
use super::line::{Line, Place};

/// The distance between two requests once a store asks for fewer.
const FIRST_INTERVAL: Duration = Duration::from_millis(20);

/// The longest distance: one request a second finds out whether the store has recovered.
const LONGEST_INTERVAL: Duration = Duration::from_secs(1);

/// Requests that would come closer than this go as they come.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(1);

/// Later than any request waits.
const FAR: Duration = Duration::from_secs(24 * 3_600);

/// By how much each good answer shortens the distance: an eighth. From the first distance it takes 22 good answers to full speed.
const SHORTENING: u32 = 8;

/// Backs off from a store under load by all its tasks together.
///
/// While the store has not complained, a request costs one load of an atomic. Once it answers "slow down", nothing is sent until the
/// time that it named, or one of our own, has passed; then requests go one by one in the order in which they came, at a distance that
/// doubles with each further complaint and shrinks with each good answer. So the pause does not end in a rush, nobody starves, and
/// a request that is given up while it waits only makes room.
///
/// Nothing is held by who waits: one whose runtime stands still misses its turn, and the next goes one distance later.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    /// Nanoseconds between two requests; 0 while the store is content.
    interval: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the next request may go.
    next: Option<Instant>,
    /// The last complaint that was heeded. What was sent before tells nothing new.
    slowed_at: Option<Instant>,
    line: Line,
}

/// The turn of a request does not come before its time is up.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLate;

impl Throttle {
    /// Waits until a request may be sent.
    pub(super) async fn turn(&self, deadline: Instant) -> Result<(), TooLate> {
        if self.interval().is_none() {
            return Ok(());
        }
        let waiter = Waiter { throttle: self, place: self.state().line.join() };
        while let Some(until) = waiter.look(deadline)? {
            // Whichever comes first.
            let _ = timeout_at(until, waiter.place.bell.notified()).await;
        }
        Ok(())
    }

    /// The store complained about a request that was sent at this time, and may have said for how long to leave it alone.
    pub(super) fn complained(&self, sent: Instant, wish: Option<Duration>) {
        let now = Instant::now();
        let mut state = self.state();
        let interval = match self.interval() {
            // Many requests are refused at once; together they are one complaint.
            Some(interval) if state.slowed_at.is_some_and(|slowed| sent < slowed) => interval,
            longer => {
                state.slowed_at = Some(now);
                let longer = longer.map_or(FIRST_INTERVAL, |interval| interval * 2).min(LONGEST_INTERVAL);
                self.set_interval(longer);
                longer
            }
        };
        // Those of other processes do not come back at the same moment.
        let until = now + wish.unwrap_or_default().max(interval) + share_of(interval);
        state.next = state.next.max(Some(until));
    }

    /// The store answered a request that was sent at this time.
    pub(super) fn answered(&self, sent: Instant) {
        if self.interval().is_none() {
            return;
        }
        let state = self.state();
        if let Some(interval) = self.interval()
            && state.slowed_at.is_some_and(|slowed| sent >= slowed)
        {
            self.set_interval(interval / SHORTENING * (SHORTENING - 1));
        }
    }

    fn interval(&self) -> Option<Duration> {
        match self.interval.load(Ordering::Relaxed) {
            0 => None,
            nanos => Some(Duration::from_nanos(nanos)),
        }
    }

    /// Only while the state is locked.
    fn set_interval(&self, interval: Duration) {
        let nanos = match interval < SHORTEST_INTERVAL {
            true => 0,
            false => u64::try_from(interval.as_nanos()).unwrap_or(u64::MAX),
        };
        self.interval.store(nanos, Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody in the line, who leaves it when dropped.
struct Waiter<'t> {
    throttle: &'t Throttle,
    place: Place,
}

impl Waiter<'_> {
    /// Takes its turn if that has come; else when to look again.
    fn look(&self, deadline: Instant) -> Result<Option<Instant>, TooLate> {
        let mut state = self.throttle.state();
        let Some(interval) = self.throttle.interval() else { return Ok(None) };
        let now = Instant::now();
        let next = state.next.unwrap_or(now);
        let ahead = u32::try_from(state.line.ahead_of(&self.place)).unwrap_or(u32::MAX);
        let due = next + interval.saturating_mul(ahead).min(FAR);
        if due <= now {
            state.line.pass_all_before(&self.place);
            state.next = Some(now + interval);
            return Ok(None);
        }
        match next > deadline || now >= deadline {
            true => Err(TooLate),
            false => Ok(Some(due.min(deadline))),
        }
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.throttle.state().line.leave(&self.place);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::FutureExt;

    use super::*;

    const SOON: Duration = Duration::from_secs(30);

    fn deadline() -> Instant {
        Instant::now() + SOON
    }

    #[tokio::test(start_paused = true)]
    async fn a_content_store_is_never_waited_for() {
        let throttle = Throttle::default();
        for _ in 0..1_000 {
            throttle.turn(deadline()).await.unwrap();
            throttle.answered(Instant::now());
        }
        assert!(Instant::now().elapsed().is_zero());
    }

    #[tokio::test(start_paused = true)]
    async fn many_complaints_at_once_count_as_one() {
        let throttle = Throttle::default();
        let sent = Instant::now();
        tokio::time::advance(Duration::from_millis(5)).await;
        for _ in 0..100 {
            throttle.complained(sent, None);
        }
        assert_eq!(throttle.interval(), Some(FIRST_INTERVAL));
        for _ in 0..100 {
            throttle.complained(Instant::now(), None);
        }
        assert_eq!(throttle.interval(), Some(LONGEST_INTERVAL));
    }

    #[tokio::test(start_paused = true)]
    async fn the_stores_wish_holds_for_all_and_they_go_one_by_one_in_order() {
        let throttle = Arc::new(Throttle::default());
        let began = Instant::now();
        throttle.complained(began, Some(Duration::from_secs(7)));
        let (send, mut order) = tokio::sync::mpsc::unbounded_channel();
        for number in 0..10 {
            let (throttle, send) = (Arc::clone(&throttle), send.clone());
            tokio::spawn(async move {
                throttle.turn(deadline()).await.unwrap();
                send.send((number, began.elapsed())).unwrap();
            });
            tokio::task::yield_now().await;
        }
        drop(send);
        let mut last = Duration::from_millis(6_980);
        for number in 0..10 {
            let (who, when) = order.recv().await.unwrap();
            assert_eq!(who, number);
            assert!(when >= last + FIRST_INTERVAL, "{number} went {when:?} after {last:?}");
            last = when;
        }
        assert!(last < Duration::from_secs(8), "{last:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_holds_nobody_up() {
        let throttle = Arc::new(Throttle::default());
        throttle.complained(Instant::now(), Some(Duration::from_secs(1)));
        let first = {
            let throttle = Arc::clone(&throttle);
            tokio::spawn(async move { throttle.turn(deadline()).await })
        };
        tokio::task::yield_now().await;
        first.abort();
        let began = Instant::now();
        throttle.turn(deadline()).await.unwrap();
        assert!(began.elapsed() < Duration::from_millis(1_100), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_stands_still_costs_the_others_one_distance() {
        let throttle = Throttle::default();
        throttle.complained(Instant::now(), Some(Duration::from_secs(1)));
        let mut stuck = Vec::new();
        for _ in 0..3 {
            let mut turn = Box::pin(throttle.turn(deadline()));
            assert!((&mut turn).now_or_never().is_none());
            stuck.push(turn);
        }
        let began = Instant::now();
        for _ in 0..10 {
            throttle.turn(deadline()).await.unwrap();
        }
        let took = began.elapsed();
        assert!((1_000..1_400).contains(&took.as_millis()), "{took:?}");
        // They find their turn as soon as they look again.
        for turn in stuck {
            turn.await.unwrap();
        }
        assert!(began.elapsed() < took + FIRST_INTERVAL * 4, "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_cannot_come_in_time_is_told_at_once() {
        let throttle = Throttle::default();
        throttle.complained(Instant::now(), Some(SOON * 2));
        let began = Instant::now();
        assert_eq!(throttle.turn(deadline()).await, Err(TooLate));
        assert!(began.elapsed().is_zero());
    }

    #[tokio::test(start_paused = true)]
    async fn good_answers_bring_it_back_to_full_speed() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            throttle.complained(Instant::now(), None);
        }
        // What was under way before tells nothing.
        throttle.answered(Instant::now().checked_sub(Duration::from_millis(1)).unwrap());
        assert_eq!(throttle.interval(), Some(LONGEST_INTERVAL));
        let began = Instant::now();
        let mut answers = 0;
        while throttle.interval().is_some() {
            throttle.turn(deadline()).await.unwrap();
            throttle.answered(Instant::now());
            answers += 1;
        }
        assert!(
            answers < 60 && began.elapsed() < Duration::from_secs(12),
            "{answers}, {:?}",
            began.elapsed()
        );
    }
}
