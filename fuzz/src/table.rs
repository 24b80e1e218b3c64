use fuzz_engine::Report;

use crate::targets::Target;

/// What came of one target, in a line; with what was found, if anything.
pub fn line(target: &Target, report: &Report) -> String {
    let seconds = report.took.as_secs_f64();
    let rate = report.executions as f64 / seconds.max(1e-9);
    let found = match &report.finding {
        None => "nothing".to_owned(),
        Some(finding) => format!("FOUND {finding}"),
    };
    let (name, executions) = (target.name, report.executions);
    format!(
        "{name:<14} {executions:>12} {seconds:>9.1} {rate:>11.0} {:>9.1} ms  {found}",
        report.slowest.as_secs_f64() * 1e3
    )
}

/// All lines under their heading.
pub fn render(reports: &[(&Target, Report)]) -> String {
    let mut text = format!(
        "{:<14} {:>12} {:>9} {:>11} {:>12}  findings\n",
        "target", "executions", "seconds", "a second", "slowest"
    );
    for (target, report) in reports {
        text.push_str(&line(target, report));
        text.push('\n');
    }
    text
}
