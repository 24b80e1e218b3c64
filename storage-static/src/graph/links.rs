use super::paths::Paths;
use super::scan::{Answer, ByDjango, Pointer, Scan};
use super::{Options, Style};
use crate::find::SourceFile;

/// What becomes of a file's name and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Naming {
    /// It has a fingerprint in its name, and what it refers to is rewritten.
    Fingerprinted,
    /// Its name has a fingerprint already: name and bytes stay.
    Kept,
    /// It has its plain name, and its bytes stay: [`Style::Plain`].
    Plain,
}

impl Naming {
    pub(super) fn of(file: &SourceFile, options: &Options) -> Self {
        match options.style {
            _ if options.fingerprinted.contains(&file.path) => Self::Kept,
            Style::Plain => Self::Plain,
            Style::Preserve | Style::Django { .. } => Self::Fingerprinted,
        }
    }
}

/// Where the references of a file lead.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// The number of the file that each pointer of the scan leads to.
    pub(super) pointers: Vec<Option<usize>>,
    /// Which of them are given new names.
    pub(super) is_renamed: Vec<bool>,
    /// The files on whose names the bytes of this one depend; sorted, each once.
    pub(super) edges: Vec<usize>,
}

impl Links {
    pub(super) fn of(naming: Naming, scan: &Scan, options: &Options, paths: &Paths<'_>) -> Self {
        let has_new_name = |pointer: &Pointer| match (naming, options.style) {
            (Naming::Kept | Naming::Plain, _) => false,
            (Naming::Fingerprinted, Style::Django { .. }) => pointer.by_django == ByDjango::Rewrites,
            (Naming::Fingerprinted, _) => true,
        };
        // What stays as it is leads only where it says.
        let find = |pointer: &Pointer| {
            let target = pointer.target.as_ref()?;
            if has_new_name(pointer) { paths.find(target) } else { paths.exact(target) }
        };
        let pointers: Vec<_> = scan.pointers.iter().map(find).collect();
        let is_renamed: Vec<bool> = match options.style {
            Style::Django { .. } => scan.pointers.iter().map(has_new_name).collect(),
            _ => scan
                .pointers
                .iter()
                .zip(&pointers)
                .map(|(pointer, target)| has_new_name(pointer) && target.is_some())
                .collect(),
        };
        let mut edges: Vec<usize> = match (naming, &scan.django) {
            (Naming::Kept | Naming::Plain, _) => Vec::new(),
            (Naming::Fingerprinted, Some(django)) => {
                let asked = django.questions.iter();
                let files = asked.filter(|known| {
                    !known.is_unprocessed && matches!(known.answer, Answer::File | Answer::Kept)
                });
                files.filter_map(|known| paths.exact(&known.path)).collect()
            }
            (Naming::Fingerprinted, None) => {
                let renamed = pointers.iter().zip(&is_renamed).filter(|(_, is_renamed)| **is_renamed);
                renamed.filter_map(|(target, _)| *target).collect()
            }
        };
        edges.sort_unstable();
        edges.dedup();
        Self { pointers, is_renamed, edges }
    }
}
