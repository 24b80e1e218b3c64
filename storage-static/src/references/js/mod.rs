//! References in JavaScript: a lexer that tells regular expressions from divisions, and looks at what follows `import`, `export` and `new`.
//!
//! It is made for what runs in browsers: scripts and modules of ECMA-262, without types and without markup in them.

mod context;
mod cursor;
mod escape;
mod imports;
mod lexer;

pub(super) use self::escape::unescape;

use memchr::memmem;

use self::lexer::Lexer;
use super::reference::Found;
use super::source_map;

/// Finds the references in the bytes of a script or a module: takes any input, in time linear in its length.
///
/// References are what `import` and `export … from` name, `import()` with a string or a template without substitutions as its first
/// argument, `new URL("…", import.meta.url)`, and the trailing comment that names a source map; code within `${…}` counts. An `import()`
/// of something else gets a [note](super::NoteKind::ComputedImport).
///
/// What cannot have a reference is not read token by token, and gets no note either.
pub fn find(source: &[u8]) -> Found {
    let has = |word: &[u8]| memmem::find(source, word).is_some();
    if has(b"import") || has(b"export") && has(b"from") {
        return Lexer::new(source).run();
    }
    match source_map::in_last_line(source) {
        source_map::Last::None => Found::default(),
        source_map::Last::Url(span) => {
            Found { references: vec![source_map::reference(span)], notes: Vec::new() }
        }
        source_map::Last::Unclear => Lexer::new(source).run(),
    }
}

#[cfg(test)]
mod tests;
