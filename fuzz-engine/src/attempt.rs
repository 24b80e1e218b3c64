use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

thread_local! {
    /// What the panic said that this thread is waiting for; the outer `None` while it waits for none.
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `target` on `input`. `Err` says why it panicked, and where.
pub(crate) fn attempt(target: fn(&[u8]), input: &[u8]) -> Result<(), String> {
    listen();
    SAID.set(Some(String::new()));
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| target(input)));
    let said = SAID.take().unwrap_or_default();
    outcome.map_err(|_| said)
}

/// Has panics of threads that wait for them kept instead of printed. Those of other threads are printed as ever.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let printing = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let is_kept = SAID.try_with(|said| keep(said, info)).unwrap_or(false);
            if !is_kept {
                printing(info);
            }
        }));
    });
}

fn keep(said: &RefCell<Option<String>>, info: &PanicHookInfo<'_>) -> bool {
    let Ok(mut said) = said.try_borrow_mut() else { return false };
    match said.as_mut() {
        Some(said) => info.to_string().clone_into(said),
        None => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::attempt;

    #[test]
    fn a_panic_is_told_with_its_place() {
        assert_eq!(attempt(|_| {}, b""), Ok(()));
        let said = attempt(|data| assert!(data.is_empty(), "not empty"), b"x").unwrap_err();
        assert!(said.contains("not empty") && said.contains("attempt.rs"), "{said}");
        assert_eq!(attempt(|_| {}, b"x"), Ok(()));
    }
}
