//! Rust source with everything taken away that is not code that ships: comments, the insides of literals, and
//! what is compiled for tests only.

/// The source as code: comments and items under `#[cfg(test)]` are blanks, the insides of string and character
/// literals are `"`, line breaks stay where they are.
pub(super) fn code(source: &str) -> String {
    without_test_items(&masked(source))
}

/// The lines that hold code.
pub(super) fn lines_of_code(source: &str) -> usize {
    code(source).lines().filter(|line| !line.trim().is_empty()).count()
}

/// What stands in its string literals, one line each, escapes as they are.
pub(super) fn string_literals(source: &str) -> Vec<String> {
    let mut literals = vec![String::new()];
    for (plain, masked) in source.chars().zip(masked(source).chars()) {
        match (masked, literals.last_mut()) {
            ('"', Some(literal)) => literal.push(plain),
            (_, Some(literal)) if !literal.is_empty() => literals.push(String::new()),
            _ => {}
        }
    }
    let unquoted = |literal: String| Some(literal.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    literals.into_iter().filter_map(unquoted).collect()
}

/// The names of modules which are compiled for tests only and live in files of their own.
pub(super) fn test_modules(source: &str) -> Vec<String> {
    let code = masked(source);
    let items = test_items(&code);
    let names = items.iter().filter_map(|&(start, end)| {
        let words = code[start..end].trim_end().strip_suffix(';')?;
        let (_, name) = words.rsplit_once("mod ")?;
        Some(name.trim().to_owned())
    });
    names.collect()
}

/// Comments as blanks, the insides of literals as `"`.
fn masked(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    let mut before = ' ';
    while let Some(next) = rest.chars().next() {
        let (length, fill) = match next {
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), Some(' ')),
            '/' if rest.starts_with("/*") => (block_comment(rest), Some(' ')),
            '"' => (string(rest), Some('"')),
            'r' | 'b' | 'c' if !is_word(before) => match raw_string(rest) {
                Some(length) => (length, Some('"')),
                None => (1, None),
            },
            '\'' => match character(rest) {
                Some(length) => (length, Some('"')),
                None => (1, None),
            },
            other => (other.len_utf8(), None),
        };
        let (token, tail) = rest.split_at(length);
        match fill {
            Some(fill) => out.extend(token.chars().map(|c| if c == '\n' { c } else { fill })),
            None => out.push_str(token),
        }
        before = token.chars().next_back().unwrap_or(before);
        rest = tail;
    }
    out
}

/// The length of the block comment at the start of `text`; block comments nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of the string literal at the start of `text`.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of the raw string literal at the start of `text`, if there is one.
fn raw_string(text: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        let rest = text.strip_prefix(prefix).map(|rest| rest.trim_start_matches('#'));
        rest.is_some_and(|rest| rest.starts_with('"'))
    })?;
    let hashes = text[prefix.len()..].bytes().take_while(|byte| *byte == b'#').count();
    let open = prefix.len() + hashes + 1;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(text[open..].find(&close).map_or(text.len(), |at| open + at + close.len()))
}

/// The length of the character literal at the start of `text`; none if it is a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        // The escaped character may itself be the quote.
        chars.next()?;
        return chars.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    chars.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn without_test_items(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut done = 0;
    for (start, end) in test_items(code) {
        out.push_str(&code[done..start]);
        out.extend(code[start..end].chars().map(|c| if c == '\n' { c } else { ' ' }));
        done = end;
    }
    out.push_str(&code[done..]);
    out
}

/// Where the items under `#[cfg(test)]` begin and end in masked source.
fn test_items(code: &str) -> Vec<(usize, usize)> {
    const ATTRIBUTE: &str = "#[cfg(test)]";
    let mut items = Vec::new();
    let mut from = 0;
    while let Some(start) = code[from..].find(ATTRIBUTE).map(|at| from + at) {
        let end = item_end(code, start + ATTRIBUTE.len());
        items.push((start, end));
        from = end;
    }
    items
}

/// Where the item ends that begins at `start`: behind its `;` or its closing brace.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    let rest = &code[at + 1..];
                    let semicolon = rest.trim_start().starts_with(';');
                    return at + 1 + if semicolon { rest.find(';').map_or(0, |more| more + 1) } else { 0 };
                }
            }
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn string_literals_are_found() {
        let source =
            "// \"no\"\nconst A: &str = \"ä b\"; const B: [&str; 2] = [\"\", \"c::d\"]; const C: char = 'x';";
        assert_eq!(string_literals(source), ["ä b", "", "c::d"]);
    }

    #[test]
    fn comments_and_blank_lines_do_not_count() {
        let source =
            "//! Docs.\n\nuse a; // why\n/* one\n /* nested */\n two */\nfn f() {} /* x */\n\n/// Docs\n";
        assert_eq!(lines_of_code(source), 2);
    }

    #[test]
    fn what_looks_like_a_comment_inside_of_a_literal_counts() {
        let source = "const A: &str = \"// no \\\" /* comment\nstill\n\n\";\nconst B: &str = r#\"\n\"// \"#;\nconst C: char = '\"';\n";
        assert_eq!(lines_of_code(source), 6);
        assert_eq!(
            code("let c = '\\''; // x\nlet s: &'a str = b\"\";"),
            "let c = \"\"\"\";     \nlet s: &'a str = b\"\";"
        );
        assert_eq!(lines_of_code("let a = 'x'; // '\n// b\n"), 1);
    }

    #[test]
    fn test_modules_do_not_count() {
        let source = "fn f() {}\n#[cfg(test)]\nmod tests {\n    const A: &str = \"}\";\n    fn g() { if true {} }\n}\nfn h() {}\n";
        assert_eq!(lines_of_code(source), 2);
        let source = "#[cfg(test)]\nuse a::{b, c};\nfn f() {}\n#[cfg(test)]\n#[path = \"x.rs\"]\nmod x;\nfn g(a: [u8; 2]) {}\n";
        assert_eq!(lines_of_code(source), 2);
    }

    #[test]
    fn the_code_behind_a_test_module_counts() {
        let mut source = "#[cfg(test)]\nmod tests {}\n".to_owned();
        source.push_str(&"f();\n".repeat(501));
        assert_eq!(lines_of_code(&source), 501);
    }

    #[test]
    fn test_modules_in_files_of_their_own_are_found() {
        let source = "mod a;\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\nmod inline {}\n#[cfg(test)]\npub(crate) mod fixture;\n";
        assert_eq!(test_modules(source), ["tests", "fixture"]);
    }
}
