use std::ops::Range;

use super::digests::{Digester, Digests};
use super::paths::Paths;
use super::read;
use super::{Options, ReadFault, Style};
use crate::buffers::Buffers;
use crate::find::SourceFile;
use crate::name::fingerprinted;
use crate::references::django::{self, Names, Place, Settings};
use crate::references::{Found, Kind, NoteKind, Position, Positions, Reference, Syntax, Target};

/// What is known of a file by its own bytes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Scan {
    /// Of the bytes as they are.
    pub(crate) digests: Digests,
    /// The references to files of ours, in the order of the file.
    pub(crate) pointers: Vec<Pointer>,
    pub(crate) notes: Vec<(NoteKind, Position)>,
    /// In Django's style only, and of files that it rewrites.
    pub(crate) django: Option<DjangoScan>,
}

/// A reference, and where it points.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Pointer {
    pub(crate) reference: Reference,
    pub(crate) position: Position,
    /// A path from the root; nothing if it climbs above that.
    pub(crate) target: Option<String>,
    /// What comes after it, from a `?` on.
    pub(crate) query: Option<String>,
    /// Of files in Django's style.
    pub(crate) by_django: ByDjango,
}

/// What Django makes of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum ByDjango {
    /// Nothing.
    Misses,
    Rewrites,
    /// It would stop.
    Stops,
}

/// What was found by rewriting a file as Django does. It is true as long as the answers are.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct DjangoScan {
    pub(crate) questions: Vec<Question>,
    /// Where Django would stop, but there is no reference.
    pub(crate) strays: Vec<(Position, String)>,
    /// What it names by what a file was before it was rewritten.
    pub(crate) unprocessed: Vec<(Position, String)>,
}

/// What Django wants to know of a path.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Question {
    pub(crate) path: String,
    /// Whether it is about the name by the content before anything was rewritten.
    pub(crate) is_unprocessed: bool,
    pub(crate) answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Answer {
    Nothing,
    File,
    /// A file that keeps its name.
    Kept,
    Folder,
}

impl Question {
    fn of(path: &str, is_unprocessed: bool, options: &Options, paths: &Paths<'_>) -> Self {
        let answer = match paths.exact(path) {
            Some(_) if options.fingerprinted.contains(path) => Answer::Kept,
            Some(_) => Answer::File,
            None if is_unprocessed && paths.is_folder(path) => Answer::Folder,
            None => Answer::Nothing,
        };
        Self { path: path.to_owned(), is_unprocessed, answer }
    }
}

impl Scan {
    /// Reads a file.
    pub(super) fn of(
        file: &SourceFile,
        options: &Options,
        paths: &Paths<'_>,
        buffers: &Buffers,
    ) -> Result<Self, ReadFault> {
        let Some(syntax) = Syntax::of(&file.path) else {
            let digests = read::digests(file, Digester::new(options.algorithm, false))?;
            return Ok(Self { digests, pointers: Vec::new(), notes: Vec::new(), django: None });
        };
        let source = read::whole(file, buffers)?;
        let digests = Digester::of(&source, options.algorithm, options.integrity);
        let found = syntax.find(&source);
        let mut scan = Self { digests, pointers: Vec::new(), notes: Vec::new(), django: None };
        let by_django = match options.style {
            Style::Django { imports } if django::syntax(&file.path).is_some() => {
                let (django, places) = ask(&source, file, &found, options, imports, paths);
                scan.django = Some(django);
                places
            }
            _ => vec![ByDjango::Misses; found.references.len()],
        };
        let mut positions = Positions::new(&source);
        for (reference, by_django) in found.references.into_iter().zip(by_django) {
            let target = match reference.target(&source, &file.path, &options.base_path) {
                Target::Local { path } => Some(path),
                Target::ClimbsOut => None,
                _ => continue,
            };
            let position = positions.at(reference.span.start);
            let query = reference.query(&source);
            scan.pointers.push(Pointer { reference, position, target, query, by_django });
        }
        let mut positions = Positions::new(&source);
        scan.notes = found.notes.iter().map(|note| (note.kind, positions.at(note.offset))).collect();
        Ok(scan)
    }

    /// Whether it would be the same if the file was read again among these paths.
    pub(crate) fn still_holds(&self, options: &Options, paths: &Paths<'_>) -> bool {
        let mut questions = self.django.iter().flat_map(|django| &django.questions);
        questions.all(|known| Question::of(&known.path, known.is_unprocessed, options, paths) == *known)
    }
}

/// Rewrites a file as Django does, with names like those that will stand there, and notes what it asks for.
fn ask(
    source: &[u8],
    file: &SourceFile,
    found: &Found,
    options: &Options,
    imports: bool,
    paths: &Paths<'_>,
) -> (DjangoScan, Vec<ByDjango>) {
    let settings = Settings { static_url: &options.base_path, imports };
    let mut asking = Asking { paths, options, questions: Vec::new() };
    let rewritten = django::rewrite(source, &file.path, settings, &mut asking);
    let missed = rewritten.missed(found);
    let covers = |span: &Range<usize>, reference: &Reference| {
        span.start <= reference.span.start && reference.span.end <= span.end
    };
    let of = |reference: &Reference| {
        let stops = || rewritten.missing.iter().any(|missing| covers(&missing.span, reference));
        match missed.iter().any(|missed| std::ptr::eq(*missed, reference)) {
            false => ByDjango::Rewrites,
            true if stops() => ByDjango::Stops,
            true => ByDjango::Misses,
        }
    };
    let by_django = found.references.iter().map(of).collect();
    let strays = rewritten.missing.iter();
    let strays = strays.filter(|missing| !found.references.iter().any(|known| covers(&missing.span, known)));
    let scan = DjangoScan {
        questions: asking.questions,
        strays: located(source, strays),
        unprocessed: located(source, rewritten.unprocessed.iter()),
    };
    (scan, by_django)
}

fn located<'a>(source: &[u8], places: impl Iterator<Item = &'a Place>) -> Vec<(Position, String)> {
    let mut positions = Positions::new(source);
    let mut places: Vec<_> = places.collect();
    places.sort_by_key(|place| place.span.start);
    places.into_iter().map(|place| (positions.at(place.span.start), place.path.clone())).collect()
}

struct Asking<'a, 'p> {
    paths: &'a Paths<'p>,
    options: &'a Options,
    questions: Vec<Question>,
}

impl Asking<'_, '_> {
    fn ask(&mut self, path: &str, is_unprocessed: bool) -> Option<String> {
        let question = Question::of(path, is_unprocessed, self.options, self.paths);
        let answer = question.answer;
        self.questions.push(question);
        match answer {
            Answer::Nothing => None,
            Answer::Folder | Answer::Kept => Some(path.to_owned()),
            Answer::File => Some(fingerprinted(path, &self.options.algorithm.of(b""))),
        }
    }
}

impl Names for Asking<'_, '_> {
    fn hashed(&mut self, path: &str) -> Option<String> {
        self.ask(path, false)
    }

    fn hashed_unprocessed(&mut self, path: &str) -> Option<String> {
        self.ask(path, true)
    }
}

impl Pointer {
    pub(super) fn kind(&self) -> Kind {
        self.reference.kind
    }
}
