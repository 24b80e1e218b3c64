//! How a run ends, seen from outside: this file runs itself as a suite on a store that is never there.

use std::env;
use std::io;
use std::process::{Command, Output};

use storage_conformance::Suite;
use storage_core::{Error, Storage};

/// Has this file run the suite; the value is the names of the cases that are declared gaps.
const GAPS: &str = "CONFORMANCE_GAPS";

#[allow(clippy::disallowed_methods, reason = "the parent tells the child what to do")]
fn main() -> io::Result<()> {
    match env::var(GAPS) {
        Ok(gaps) => {
            run_suite(&gaps);
            Ok(())
        }
        Err(_) => check_exit_status(),
    }
}

fn run_suite(gaps: &str) {
    let nowhere = Suite::new(|| async { Err::<Box<dyn Storage>, _>(Error::unsupported("no such server")) });
    let suite = gaps.lines().fold(nowhere, |suite, case| suite.expect_gap(case, "there is no server"));
    storage_conformance::run_all([suite]);
}

fn check_exit_status() -> io::Result<()> {
    let listed = suite("", &["--list"])?;
    assert!(listed.status.success());
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    assert!(names.len() > 400 && names.contains(&"put::takes_an_empty_body"), "{text}");

    let failed = suite("", &["put::"])?;
    assert_eq!(failed.status.code(), Some(101));
    let text = String::from_utf8_lossy(&failed.stdout).into_owned();
    assert!(text.contains("no such server"), "{text}");

    let nothing_ran = suite(&names.join("\n"), &[])?;
    assert_eq!(nothing_ran.status.code(), Some(101));
    let text = String::from_utf8_lossy(&nothing_ran.stdout).into_owned();
    assert!(text.contains("... ignored (known gap: there is no server)"), "{text}");
    assert!(text.contains(&format!("0 passed; 0 failed; {} ignored", names.len())), "{text}");

    assert!(suite("", &["no case has this name"])?.status.success());
    Ok(())
}

fn suite(gaps: &str, arguments: &[&str]) -> io::Result<Output> {
    let program = env::current_exe()?;
    Command::new(program).args(arguments).env(GAPS, gaps).output()
}
