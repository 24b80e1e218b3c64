//! The faults that wait for their requests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::Request;

use super::{Effect, Fault, Hits};

/// Faults in the order in which they were injected.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<(Fault, Hits)>>);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) -> Hits {
        let hits = Hits::default();
        self.lock().push((fault, hits.clone()));
        hits
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// The effect on this request and whether the work comes first: that of the first fault that matches.
    pub(crate) fn take<B>(&self, request: &Request<B>) -> Option<(Effect, bool)> {
        let mut faults = self.lock();
        let mut due = None;
        for (index, (fault, hits)) in faults.iter_mut().enumerate() {
            if fault.times == 0 || !fault.matches(request) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if fault.times != usize::MAX {
                fault.times -= 1;
            }
            hits.add();
            due = Some((index, fault.effect.clone(), fault.after_work, fault.times == 0));
            break;
        }
        let (index, effect, after_work, spent) = due?;
        if spent {
            drop(faults.remove(index));
        }
        Some((effect, after_work))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Fault, Hits)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Request};

    use super::*;

    fn request(method: Method, target: &str) -> Request<()> {
        Request::builder().method(method).uri(target).body(()).expect("a request")
    }

    #[test]
    fn hits_the_nth_that_matches_and_no_more() {
        let faults = Faults::default();
        let hits =
            faults.add(Fault::new(Effect::Hang).method(Method::PUT).target("/b/").target("part=").skip(1));
        assert!(faults.take(&request(Method::GET, "/b/k?part=1")).is_none());
        assert!(faults.take(&request(Method::PUT, "/b/k")).is_none());
        assert!(faults.take(&request(Method::PUT, "/b/k?part=1")).is_none());
        assert!(faults.take(&request(Method::PUT, "/b/k?part=2")).is_some());
        assert!(faults.take(&request(Method::PUT, "/b/k?part=3")).is_none());
        assert_eq!(hits.count(), 1);
    }

    #[test]
    fn the_first_injected_wins_and_a_spent_one_makes_room() {
        let faults = Faults::default();
        let first = faults.add(Fault::new(Effect::Hang).times(2));
        let second = faults.add(Fault::new(Effect::Reset).after_work().always());
        let get = request(Method::GET, "/");
        for _ in 0..2 {
            assert!(matches!(faults.take(&get), Some((Effect::Hang, false))));
        }
        for _ in 0..3 {
            assert!(matches!(faults.take(&get), Some((Effect::Reset, true))));
        }
        assert_eq!((first.count(), second.count()), (2, 3));
        faults.clear();
        assert!(faults.take(&get).is_none());
    }
}
