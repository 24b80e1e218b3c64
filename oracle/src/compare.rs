use std::path::Path;

use storage_static::references::{Edit, NoteKind, Syntax, rewrite};

use crate::seen::{Seen, difference, ours};
use crate::{css, js};

/// What came of a file.
pub(crate) enum Outcome {
    /// Both found the same.
    Same(Vec<Seen>),
    Different(Vec<String>),
}

/// Compares what is found in a file; nothing if it has no references by its kind.
pub(crate) fn compare(path: &Path, source: &[u8]) -> Option<Outcome> {
    let syntax = Syntax::of(&path.to_string_lossy())?;
    let found = syntax.find(source);
    let ours = ours(source, &found);
    let edits: Vec<_> = found
        .references
        .iter()
        .map(|reference| Edit { span: reference.span.clone(), text: source[reference.span.clone()].to_vec() })
        .collect();
    if rewrite(source, &edits) != source {
        return Some(Outcome::Different(vec!["not the same after edits that change nothing".to_owned()]));
    }
    let Ok(text) = str::from_utf8(source) else { return Some(not_compared("it is no UTF-8")) };
    let theirs = match syntax {
        Syntax::Css => Some(css::references(text)),
        _ => js::references(text),
    };
    let Some(theirs) = theirs else { return Some(not_compared("no parser accepts it")) };
    let mut different = difference(&ours, &theirs);
    if syntax == Syntax::Js && found.notes.iter().any(|note| note.kind == NoteKind::Malformed) {
        different.push("ours: takes it for malformed".to_owned());
    }
    Some(match different.is_empty() {
        true => Outcome::Same(ours),
        false => Outcome::Different(different),
    })
}

/// A difference too: it must be explained.
fn not_compared(reason: &str) -> Outcome {
    Outcome::Different(vec![format!("not compared: {reason}")])
}
