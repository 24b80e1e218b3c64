use crate::references::django::{self, Names, Settings};
use crate::references::{Edit, Found, Kind, NoteKind, Positions, Syntax, Target, rewrite};

/// A name with everything in it that is not percent-encoded, and a little that is.
const NAME: &str = "N-._~!$&*+,;=:@'\").0";

/// What holds for whatever a file has in it.
pub(super) fn check(syntax: Syntax, source: &[u8]) {
    let found = syntax.find(source);
    in_order(&found, source);
    let same =
        |span: &std::ops::Range<usize>| Edit { span: span.clone(), text: source[span.clone()].to_vec() };
    let edits: Vec<_> = found.references.iter().map(|reference| same(&reference.span)).collect();
    assert_eq!(rewrite(source, &edits), source);
    // What no parser accepts may be read otherwise with other names in it.
    if found.notes.iter().all(|note| note.kind != NoteKind::Malformed) {
        renamed(syntax, source, &found);
    }
    as_django(syntax, source);
}

fn in_order(found: &Found, source: &[u8]) {
    let mut end = 0;
    for reference in &found.references {
        assert!(reference.span.start >= end && reference.span.end <= source.len(), "{reference:?}");
        end = reference.span.end;
        assert!(reference.is_escaped || *reference.text(source) == source[reference.span.clone()]);
        if let Target::Local { path } = reference.target(source, "a/b/c", "/static/") {
            let is_name = |part: &str| !matches!(part, "" | "." | "..");
            assert!(path.split('/').all(is_name), "{path:?}");
        }
    }
    let mut positions = Positions::new(source);
    let places: Vec<_> = found.notes.iter().map(|note| positions.at(note.offset)).collect();
    assert!(places.is_sorted(), "{:?}", found.notes);
}

/// Once all references have another name they are found again, and have it.
fn renamed(syntax: Syntax, source: &[u8], found: &Found) {
    let edits: Vec<_> =
        found.references.iter().filter_map(|reference| reference.rename(source, NAME)).collect();
    let renamed = rewrite(source, &edits);
    let again = syntax.find(&renamed);
    let kinds =
        |found: &Found| -> Vec<Kind> { found.references.iter().map(|reference| reference.kind).collect() };
    assert_eq!(kinds(&again), kinds(found), "{}", String::from_utf8_lossy(&renamed));
    for reference in &again.references {
        assert_eq!(reference.rename(&renamed, NAME), None, "{}", String::from_utf8_lossy(&renamed));
    }
}

/// No file is there, or all are.
struct All(bool);

impl Names for All {
    fn hashed(&mut self, path: &str) -> Option<String> {
        self.0.then(|| format!("{path}.0"))
    }

    fn hashed_unprocessed(&mut self, path: &str) -> Option<String> {
        self.0.then(|| format!("{path}.1"))
    }
}

fn as_django(syntax: Syntax, source: &[u8]) {
    let file = if syntax == Syntax::Css { "a/b.css" } else { "a/b.js" };
    let settings = Settings { static_url: "/static/", imports: true };
    for is_there in [false, true] {
        let rewritten = django::rewrite(source, file, settings, &mut All(is_there));
        let missing = rewritten.missing.iter().map(|missing| &missing.span);
        for span in rewritten.spans.iter().chain(missing) {
            assert!(span.start <= span.end && span.end <= source.len(), "{span:?}");
        }
        assert!(!rewritten.spans.is_empty() || rewritten.bytes == source);
        assert!(!is_there || rewritten.missing.is_empty());
    }
}
