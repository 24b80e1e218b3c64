//! What follows `import`, `export` and `new`: looked at ahead, without a change to where the lexer is.

use super::cursor::{Cursor, Literal};

/// How many words, commas and stars there are at most outside of the braces of an import clause.
const LONGEST_CLAUSE: usize = 10;

/// What follows the word `import`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Import {
    /// A declaration: what it imports from, and where that ends.
    Declared(Literal, usize),
    /// `import("…")`
    Called(Literal),
    /// `import(…)` of anything else.
    Computed,
    /// Neither: `import.meta`, or a name.
    Nothing,
}

/// What follows the word `import` at the cursor.
pub(super) fn import(mut cursor: Cursor<'_>) -> Import {
    cursor.blanks();
    match cursor.peek(0) {
        Some(b'(') => call(cursor),
        // `import.source(…)` and `import.defer(…)`.
        Some(b'.') => {
            cursor.at += 1;
            cursor.blanks();
            let phase = cursor.word();
            cursor.blanks();
            match phase {
                b"source" | b"defer" if cursor.peek(0) == Some(b'(') => call(cursor),
                _ => Import::Nothing,
            }
        }
        Some(b'"' | b'\'') => declared(cursor.string(), cursor),
        _ => declared(clause(&mut cursor), cursor),
    }
}

/// What `export { … } from` or `export * from` at the cursor, behind `export`, names, and where that ends.
pub(super) fn export(mut cursor: Cursor<'_>) -> Option<(Literal, usize)> {
    cursor.blanks();
    let Some(b'{' | b'*') = cursor.peek(0) else { return None };
    clause(&mut cursor).map(|literal| (literal, cursor.at))
}

/// What `new URL("…", import.meta.url)` names, the cursor being behind `new`.
pub(super) fn new_url(mut cursor: Cursor<'_>) -> Option<Literal> {
    if next_word(&mut cursor) != b"URL" || !next_is(&mut cursor, b'(') {
        return None;
    }
    cursor.blanks();
    let literal = cursor.literal()?;
    let is_separated = next_is(&mut cursor, b',');
    let mut is_expected =
        |dot: bool, word: &[u8]| (!dot || next_is(&mut cursor, b'.')) && next_word(&mut cursor) == word;
    if !is_separated
        || !is_expected(false, b"import")
        || !is_expected(true, b"meta")
        || !is_expected(true, b"url")
    {
        return None;
    }
    next_is(&mut cursor, b',');
    next_is(&mut cursor, b')').then_some(literal)
}

fn next_word<'a>(cursor: &mut Cursor<'a>) -> &'a [u8] {
    cursor.blanks();
    cursor.word()
}

fn next_is(cursor: &mut Cursor<'_>, byte: u8) -> bool {
    cursor.blanks();
    cursor.eat(byte)
}

/// The first argument of a call whose parenthesis is at the cursor.
fn call(mut cursor: Cursor<'_>) -> Import {
    cursor.at += 1;
    cursor.blanks();
    if matches!(cursor.peek(0), None | Some(b')')) {
        return Import::Nothing;
    }
    let Some(literal) = cursor.literal() else { return Import::Computed };
    cursor.blanks();
    match cursor.peek(0) {
        Some(b')' | b',') => Import::Called(literal),
        _ => Import::Computed,
    }
}

fn declared(literal: Option<Literal>, cursor: Cursor<'_>) -> Import {
    literal.map_or(Import::Nothing, |literal| Import::Declared(literal, cursor.at))
}

/// Consumes what is imported or exported, `from` and the string behind it.
fn clause(cursor: &mut Cursor<'_>) -> Option<Literal> {
    let mut last: &[u8] = b"";
    for _ in 0..LONGEST_CLAUSE {
        cursor.blanks();
        match cursor.peek(0)? {
            b'{' => {
                names(cursor)?;
                last = b"";
            }
            b',' | b'*' => {
                cursor.at += 1;
                last = b"";
            }
            b'"' | b'\'' => {
                let literal = cursor.string()?;
                match last {
                    b"from" => return Some(literal),
                    b"as" => last = b"",
                    _ => return None,
                }
            }
            _ => {
                last = cursor.word();
                // No name; and what begins another import is not looked at twice.
                if last.is_empty() || last == b"import" {
                    return None;
                }
            }
        }
    }
    None
}

/// Consumes `{ a, b as c, "d" as e }`.
fn names(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.at += 1;
    loop {
        cursor.blanks();
        match cursor.peek(0)? {
            b'}' => {
                cursor.at += 1;
                return Some(());
            }
            b',' => cursor.at += 1,
            b'"' | b'\'' => _ = cursor.string()?,
            _ if cursor.word().is_empty() => return None,
            _ => {}
        }
    }
}
