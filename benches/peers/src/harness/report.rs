use std::fmt::Write;
use std::time::Duration;

use anyhow::{Context, Result};

use super::{Measured, Settings};

const MIB: f64 = 1024.0 * 1024.0;

/// What a benchmark has to say: tables, and notes on how they came about.
#[derive(Debug)]
pub(crate) struct Report {
    name: &'static str,
    text: String,
}

/// One table of a report, in Markdown.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Report {
    /// Begins the report of the benchmark `name`; `aim` says what should come out.
    pub(crate) fn new(name: &'static str, aim: &str) -> Self {
        Self { name, text: format!("# {name}\n\nAim: {aim}\n") }
    }

    /// A paragraph.
    pub(crate) fn note(&mut self, text: &str) {
        let _ = writeln!(self.text, "\n{text}");
    }

    pub(crate) fn table(&mut self, table: &Table) {
        let _ = write!(self.text, "\n{}", table.markdown());
    }

    /// Who took part, in which version.
    pub(crate) fn versions<N: AsRef<str>>(&mut self, versions: impl IntoIterator<Item = (N, String)>) {
        let versions: Vec<_> =
            versions.into_iter().map(|(name, version)| format!("{} {version}", name.as_ref())).collect();
        self.note(&format!("Versions: {}.", versions.join(", ")));
    }

    /// Prints it, and keeps it in the folder of reports if there is one.
    ///
    /// # Errors
    /// When it cannot be written there.
    pub(crate) fn finish(self, settings: &Settings) -> Result<()> {
        println!("{}", self.text);
        let Some(folder) = &settings.reports else { return Ok(()) };
        let path = folder.join(format!("{}.md", self.name));
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&path, &self.text))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

impl Table {
    /// A table of one's own making.
    pub(crate) fn new(title: impl Into<String>, heading: &[&str]) -> Self {
        Self { title: title.into(), rows: vec![heading.iter().map(ToString::to_string).collect()] }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Wall time, its ratio to the fastest of `rivals` (all but those that `is_ours` names), CPU time and memory.
    pub(crate) fn of_wall_times(
        title: impl Into<String>,
        measured: &[Measured],
        is_ours: fn(&str) -> bool,
    ) -> Self {
        let best = measured.iter().filter(|one| !is_ours(&one.name)).map(Measured::wall).min();
        let mut table =
            Self::new(title, &["contestant", "time", "to the fastest peer", "CPU time", "peak memory"]);
        for one in measured {
            table.row(vec![
                one.name.clone(),
                seconds(one.wall()),
                best.map_or_else(|| "-".to_owned(), |best| ratio(one.wall(), best)),
                seconds(one.cpu()),
                mebibytes(one.peak_memory()),
            ]);
        }
        table
    }

    fn markdown(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<_> = (0..columns).map(|column| width(column).max(3)).collect();
        let mut text = format!("## {}\n\n", self.title);
        for (at, row) in self.rows.iter().enumerate() {
            text.push_str(&line(row, &widths));
            if at == 0 {
                let dashes: Vec<_> = widths.iter().map(|width| "-".repeat(*width)).collect();
                text.push_str(&line(&dashes, &widths));
            }
        }
        text
    }
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::from("|");
    for (at, width) in widths.iter().enumerate() {
        let cell = cells.get(at).map_or("", String::as_str);
        let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
        let _ = write!(line, " {cell}{padding} |");
    }
    line.push('\n');
    line
}

/// A time in the unit that suits it.
pub(crate) fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        0.1.. => format!("{seconds:.2} s"),
        0.000_1.. => format!("{:.2} ms", seconds * 1e3),
        _ => format!("{:.1} µs", seconds * 1e6),
    }
}

/// How many times as much `time` is as `base`.
pub(crate) fn ratio(time: Duration, base: Duration) -> String {
    match base.is_zero() {
        true => "-".to_owned(),
        false => format!("{:.2}", time.as_secs_f64() / base.as_secs_f64()),
    }
}

pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / MIB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_markdown() {
        let mut table = Table::new("Put", &["contestant", "µs"]);
        table.row(vec!["ours".to_owned(), "9.5".to_owned()]);
        assert_eq!(
            table.markdown(),
            "## Put\n\n| contestant | µs  |\n| ---------- | --- |\n| ours       | 9.5 |\n"
        );
    }

    #[test]
    fn times_have_their_unit() {
        let shown = [2_500_000, 2_500, 25].map(|micros| seconds(Duration::from_micros(micros)));
        assert_eq!(shown, ["2.50 s", "2.50 ms", "25.0 µs"]);
        assert_eq!(ratio(Duration::from_secs(3), Duration::from_secs(2)), "1.50");
    }
}
