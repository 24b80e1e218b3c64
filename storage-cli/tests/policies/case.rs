use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};

use libtest_mimic::{Completion, Failed, Trial};

/// One thing that is tried, by a function that panics if it comes out otherwise.
pub(crate) struct Case {
    name: &'static str,
    run: Box<dyn Fn() + Send + Sync>,
}

impl Case {
    pub(crate) fn new(name: &'static str, run: impl Fn() + Send + Sync + 'static) -> Self {
        Self { name, run: Box::new(run) }
    }

    pub(crate) fn of_future<F: Future<Output = ()>>(
        name: &'static str,
        run: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run());
        })
    }

    pub(crate) fn into_trial(self) -> Trial {
        Trial::ignorable_test(self.name, move || match catch_unwind(AssertUnwindSafe(|| (self.run)())) {
            Ok(()) => Ok(Completion::Completed),
            Err(panic) => match panic.downcast_ref::<Ignored>() {
                Some(Ignored(reason)) => Ok(Completion::ignored_with(*reason)),
                None => Err(message(panic.as_ref())),
            },
        })
    }
}

/// What a case ends with that has nothing to try on this server.
struct Ignored(&'static str);

/// Ends a case that is then shown as ignored, with the reason.
pub(crate) fn ignored(reason: &'static str) -> ! {
    panic::panic_any(Ignored(reason))
}

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A panic is told in the outcome of its case.
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

/// `topic::name` for each function, `async` or not.
macro_rules! cases {
    ($topic:literal: $($rest:tt)+) => {
        $crate::case::cases!(@ $topic [] $($rest)+)
    };
    (@ $topic:literal [$($done:expr),*] async $name:ident $(, $($rest:tt)*)?) => {
        $crate::case::cases!(@ $topic [$($done,)* $crate::case::Case::of_future(concat!($topic, "::", stringify!($name)), $name)] $($($rest)*)?)
    };
    (@ $topic:literal [$($done:expr),*] $name:ident $(, $($rest:tt)*)?) => {
        $crate::case::cases!(@ $topic [$($done,)* $crate::case::Case::new(concat!($topic, "::", stringify!($name)), $name)] $($($rest)*)?)
    };
    (@ $topic:literal [$($done:expr),*]) => { vec![$($done),*] };
}
pub(crate) use cases;
