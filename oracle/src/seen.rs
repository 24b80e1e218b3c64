use storage_static::references::{Found, NoteKind};

/// Something that was found in a file, by us or by another parser.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    /// Where its text begins.
    pub at: usize,
    pub kind: String,
    pub text: String,
}

/// What we found: references, and computed imports.
pub(crate) fn ours(source: &[u8], found: &Found) -> Vec<Seen> {
    let references = found.references.iter().map(|reference| Seen {
        at: reference.span.start,
        kind: reference.kind.to_string(),
        text: String::from_utf8_lossy(&reference.text(source)).into_owned(),
    });
    let computed = found.notes.iter().filter(|note| note.kind == NoteKind::ComputedImport);
    let computed =
        computed.map(|note| Seen { at: note.offset, kind: "computed".to_owned(), text: String::new() });
    let mut all: Vec<_> = references.chain(computed).collect();
    all.sort();
    all
}

/// What only one of the two has, each in a line.
pub(crate) fn difference(ours: &[Seen], theirs: &[Seen]) -> Vec<String> {
    let line = |sign: &str, seen: &Seen| {
        let text: String = seen.text.chars().take(80).collect();
        format!("{sign} {} {} {text:?}", seen.at, seen.kind)
    };
    let only_ours = ours.iter().filter(|seen| theirs.binary_search(seen).is_err());
    let only_theirs = theirs.iter().filter(|seen| ours.binary_search(seen).is_err());
    only_ours.map(|seen| line("ours:", seen)).chain(only_theirs.map(|seen| line("theirs:", seen))).collect()
}
