use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use libtest_mimic::{Completion, Failed, Trial};

use crate::fixture::Fixture;

/// One thing that is done to the server, by a function that panics if it comes out otherwise.
pub(crate) struct Case {
    name: String,
    run: Box<dyn Fn(&Fixture) + Send + Sync>,
}

impl Case {
    pub(crate) fn new(name: impl Into<String>, run: impl Fn(&Fixture) + Send + Sync + 'static) -> Self {
        Self { name: name.into(), run: Box::new(run) }
    }

    /// Takes its own out of the gaps that are declared. One that has closed is a failure.
    pub(crate) fn into_trial(
        self,
        fixture: &Arc<Fixture>,
        gaps: &mut Vec<(&'static str, &'static str)>,
    ) -> Trial {
        let gap = gaps.iter().position(|(name, _)| *name == self.name).map(|at| gaps.swap_remove(at).1);
        let fixture = Arc::clone(fixture);
        Trial::ignorable_test(self.name, move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| (self.run)(&fixture)));
            match (outcome, gap) {
                (Ok(()), None) => Ok(Completion::Completed),
                (Ok(()), Some(gap)) => {
                    Err(format!("the gap has closed, remove its declaration: {gap}").into())
                }
                (Err(_), Some(gap)) => Ok(Completion::ignored_with(format!("known gap: {gap}"))),
                (Err(panic), None) => Err(message(panic.as_ref())),
            }
        })
    }
}

/// What stands for a declared gap that no case has.
pub(crate) fn undeclared(name: &str) -> Trial {
    Trial::test(name, || Err("a gap is declared for it, but there is no such case".into()))
}

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A panic is told in the outcome of its case, or not at all where a gap is declared.
pub(crate) fn quiet_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        PLACE.with(|known| *known.borrow_mut() = place);
    }));
}

fn message(panic: &(dyn Any + Send)) -> Failed {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let place = PLACE.with(|place| place.borrow().clone());
    format!("{} ({place})", text.unwrap_or("panicked without a message")).into()
}

/// `topic::name` for each function.
macro_rules! cases {
    ($topic:literal: $($name:ident),+ $(,)?) => {
        vec![$($crate::case::Case::new(concat!($topic, "::", stringify!($name)), $name)),+]
    };
}
pub(crate) use cases;
