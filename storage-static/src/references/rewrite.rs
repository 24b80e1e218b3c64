use std::ops::Range;

use super::address::Address;
use super::reference::Reference;
use super::target;
use crate::encoded::{self, Foreign};

/// Other bytes for a span of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Range<usize>,
    /// What stands there instead.
    pub text: Vec<u8>,
}

/// `source` with all `edits` made, which are in the order of the file; all other bytes are copied as they are.
///
/// An edit that begins before the end of the one before it, or ends after the end of the file, is left out.
pub fn rewrite(source: &[u8], edits: &[Edit]) -> Vec<u8> {
    let grown: usize = edits.iter().map(|edit| edit.text.len()).sum();
    let mut rewritten = Vec::with_capacity(source.len() + grown);
    let mut copied = 0;
    for edit in edits {
        if let Some(between) = source.get(copied..edit.span.start)
            && source.get(edit.span.clone()).is_some()
        {
            rewritten.extend_from_slice(between);
            rewritten.extend_from_slice(&edit.text);
            copied = edit.span.end;
        }
    }
    rewritten.extend_from_slice(&source[copied..]);
    rewritten
}

impl Reference {
    /// The edit that gives what it points at another base name: query, fragment and quotes stay as they are, and so do folders, if they
    /// are written as [`Statics`](crate::resolve::Statics) writes them: one file shall have one URL.
    ///
    /// The name is percent-encoded where a URL needs that, and thereby needs no escapes of CSS or JavaScript. Nothing is to be edited
    /// if the name is the one that stands there. `source` is the file in which the reference was found.
    pub fn rename(&self, source: &[u8], base_name: &str) -> Option<Edit> {
        let text = self.text(source);
        let Address { path, base, .. } = Address::of(&text);
        if target::base_name(&text[base.clone()]) == base_name {
            return None;
        }
        let mut folder = Vec::with_capacity(path.len() + base_name.len());
        let written = &text[path.start..base.start];
        match (target::is_elsewhere(&text[path]), self.is_escaped) {
            (true, false) => folder.extend_from_slice(written),
            // In a path a backslash is a slash.
            (true, true) => {
                let slashed = |byte: &u8| if *byte == b'\\' { b'/' } else { *byte };
                push_url(&mut folder, &written.iter().map(slashed).collect::<Vec<_>>());
            }
            (false, _) => encoded::push_folder(&mut folder, written, self.foreign()),
        }
        let is_as_written = folder == written;
        let mut name = Vec::with_capacity(base_name.len());
        encoded::push_path(&mut name, base_name);
        let start = self.span.start;
        if !self.is_escaped && is_as_written {
            return Some(Edit { span: start + base.start..start + base.end, text: name });
        }
        Some(self.replace(&text, [folder, name].concat(), base.end))
    }

    /// The edit that makes it point at another path, which is written as a URL has it; query, fragment and quotes stay as they are.
    pub(crate) fn repoint(&self, source: &[u8], path: Vec<u8>) -> Edit {
        let text = self.text(source);
        let end = Address::of(&text).path.end;
        self.replace(&text, path, end)
    }

    /// Other bytes in place of the path, which ends at `end` of the text.
    fn replace(&self, text: &[u8], mut path: Vec<u8>, end: usize) -> Edit {
        if !self.is_escaped {
            let span = self.span.start + Address::of(text).path.start..self.span.start + end;
            return Edit { span, text: path };
        }
        // Beside an escape another character could become part of it: none stays.
        push_url(&mut path, &text[end..]);
        Edit { span: self.span.clone(), text: path }
    }

    fn foreign(&self) -> Foreign {
        if self.is_escaped { Foreign::Encoded } else { Foreign::Stay }
    }
}

/// A URL's parser removes line ends and tabs, and white space at the end.
fn push_url(to: &mut Vec<u8>, part: &[u8]) {
    let end = part.iter().rposition(|byte| *byte > b' ').map_or(0, |last| last + 1);
    for kept in part[..end].split(|byte| matches!(byte, b'\t' | b'\n' | b'\r')) {
        encoded::push(to, kept, |byte| {
            byte.is_ascii_alphanumeric() || b"-._~!$&*+,;=:@/?#%[]".contains(&byte)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::references::css;

    fn renamed(source: &[u8], name: &str) -> Vec<u8> {
        let found = css::find(source);
        let edits: Vec<_> =
            found.references.iter().filter_map(|reference| reference.rename(source, name)).collect();
        rewrite(source, &edits)
    }

    #[test]
    fn only_the_base_name_changes() {
        for (source, expected) in [
            ("a{b:url(img/x.png)}", "a{b:url(img/N.png)}"),
            ("a{b:url( 'img/x.png?v=1#f' )}", "a{b:url( 'img/N.png?v=1#f' )}"),
            ("a{b:url(\" x.eot?#iefix \")}", "a{b:url(\" N.png?#iefix \")}"),
            ("@import/**/\"../x%20y.css\" screen;", "@import/**/\"../N.png\" screen;"),
            (r"a{b:url('\a  x.png\a ')}", "a{b:url('N.png')}"),
            (r"a{b:url('..\\x.png?\\')}", "a{b:url('../N.png?%5C')}"),
            (r"a{b:url(\2f\61 /x\(1\).png?\))}", r"a{b:url(/a/N.png?%29)}"),
        ] {
            assert_eq!(String::from_utf8(renamed(source.as_bytes(), "N.png")).unwrap(), expected);
        }
    }

    #[test]
    fn other_bytes_are_copied_whatever_they_are() {
        let source = b"\xef\xbb\xbf\xff a{b:url(\xe9/x.png)}\r\n\0\xfe";
        assert_eq!(renamed(source, "N"), b"\xef\xbb\xbf\xff a{b:url(\xe9/N)}\r\n\0\xfe");
    }

    #[test]
    fn the_name_that_is_there_is_left() {
        let source = b"a{b:url(a%20b.png),url(x/a\\ b.png)}";
        assert_eq!(renamed(source, "a b.png"), source);
    }

    #[test]
    fn a_name_is_encoded_as_a_url_needs_it() {
        assert_eq!(
            renamed(b"a{b:url(x)}", "a b(1)'\"?#%\u{e9}.png"),
            b"a{b:url(a%20b%281%29%27%22%3F%23%25%C3%A9.png)}"
        );
        // What is before a colon would be a scheme.
        assert_eq!(renamed(b"a{b:url(x%3Ay.png)}", "x:y.0.png"), b"a{b:url(x%3Ay.0.png)}");
    }

    #[test]
    fn folders_are_written_in_one_way() {
        for (source, expected) in [
            ("a{b:url(%40lit/x.png?%40)}", "a{b:url(@lit/N.png?%40)}"),
            ("a{b:url(' a b//x.png ')}", "a{b:url(' a%20b/N.png ')}"),
            ("a{b:url('a//b\\\\x.png')}", "a{b:url('a/b/N.png')}"),
            ("a{b:url(http://x//%40/y.png)}", "a{b:url(http://x//%40/N.png)}"),
            (r"a{b:url(//\a/y.png)}", "a{b:url(///N.png)}"),
            (r"a{b:url(/\\y.png)}", "a{b:url(//N.png)}"),
        ] {
            assert_eq!(String::from_utf8(renamed(source.as_bytes(), "N.png")).unwrap(), expected);
        }
    }

    #[test]
    fn edits_that_make_no_sense_are_left_out() {
        let edit = |span, text: &str| Edit { span, text: text.into() };
        let edits = [edit(1..3, "X"), edit(2..4, "Y"), edit(5..9, "Z"), edit(4..4, "I")];
        assert_eq!(rewrite(b"abcdef", &edits), b"aXdIef");
        assert_eq!(rewrite(b"abcdef", &[]), b"abcdef");
    }
}
