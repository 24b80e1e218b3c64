//! What is to be said about references, once it is known where they lead.

use super::links::{Links, Naming};
use super::paths::Paths;
use super::scan::{ByDjango, Pointer, Scan};
use super::{Action, Options, Output, Problem, Severity, Style, What};
use crate::name::fingerprinted;
use crate::references::Kind;

/// All that is known of all files; those of one have the same number everywhere.
pub(super) struct Judge<'a> {
    pub(super) scans: &'a [Scan],
    pub(super) links: &'a [Links],
    pub(super) outputs: &'a [Output],
    pub(super) options: &'a Options,
    pub(super) paths: &'a Paths<'a>,
}

impl Judge<'_> {
    /// All problems, sorted by file and place, each once.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<_> = (0..self.outputs.len()).flat_map(|at| self.of(at)).collect();
        problems.sort();
        problems.dedup();
        problems
    }

    fn of(&self, at: usize) -> Vec<Problem> {
        let (scan, file) = (&self.scans[at], &self.outputs[at].path);
        let problem = |position, severity, what| Problem { file: file.clone(), position, severity, what };
        let notes = scan.notes.iter();
        let mut problems: Vec<_> =
            notes.map(|(note, position)| problem(*position, Severity::Info, What::Note(*note))).collect();
        for (pointer, target) in scan.pointers.iter().zip(&self.links[at].pointers) {
            let judged = match (&pointer.target, target) {
                (None, _) => Some((Severity::Warning, What::ClimbsOut { kind: pointer.kind() })),
                (Some(path), Some(_)) => self.missed(pointer, path),
                (Some(path), None) => self.missing(file, pointer, path),
            };
            problems.extend(judged.map(|(severity, what)| problem(pointer.position, severity, what)));
        }
        let Some(django) = &scan.django else { return problems };
        for (position, target) in &django.strays {
            let what = What::TakenByDjango { target: target.clone() };
            problems.push(problem(*position, Severity::Warning, what));
        }
        for (position, target) in
            django.unprocessed.iter().filter(|(_, target)| self.is_named_otherwise(target))
        {
            let what = What::NamedByDjango { target: target.clone() };
            problems.push(problem(*position, Severity::Warning, what));
        }
        problems
    }

    /// What is there, but not rewritten.
    fn missed(&self, pointer: &Pointer, path: &str) -> Option<(Severity, What)> {
        let is_missed = self.is_django() && pointer.by_django != ByDjango::Rewrites;
        let what = || What::MissedByDjango { kind: pointer.kind(), target: path.to_owned() };
        is_missed.then(|| (Severity::Info, what()))
    }

    fn missing(&self, file: &str, pointer: &Pointer, path: &str) -> Option<(Severity, What)> {
        let kind = pointer.kind();
        let policy = &self.options.missing;
        let severity = match (policy.told(kind, file, path), pointer.by_django) {
            (_, ByDjango::Rewrites) => return None,
            (None, ByDjango::Stops) if self.is_django() => Severity::Warning,
            (None, ByDjango::Misses) if self.is_django() => Severity::Info,
            (told, _) => match told.unwrap_or_else(|| policy.action(kind, file, path)) {
                Action::Error => Severity::Error,
                Action::Warn => Severity::Warning,
                Action::Ignore => return None,
            },
        };
        let (nearest, difference) = match kind {
            Kind::SourceMap => (Vec::new(), None),
            _ => self.paths.nearest(path),
        };
        Some((severity, What::Missing { kind, target: path.to_owned(), nearest, difference }))
    }

    /// Whether nothing is served by the name that a file would have if nothing in it was rewritten.
    fn is_named_otherwise(&self, path: &str) -> bool {
        self.paths.exact(path).is_some_and(|at| {
            let output = &self.outputs[at];
            output.naming == Naming::Fingerprinted
                && output.served != fingerprinted(&output.path, output.source.fingerprint())
        })
    }

    fn is_django(&self) -> bool {
        matches!(self.options.style, Style::Django { .. })
    }
}
