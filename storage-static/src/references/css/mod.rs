//! References in CSS: the tokens of CSS Syntax Level 3 say what is one.

mod escape;
mod tokens;

pub(super) use self::escape::unescape;

use std::ops::Range;

use self::tokens::{Name, Token, Tokens};
use super::reference::{Found, Kind, Note, NoteKind, Quoting, Reference};
use super::source_map;

/// At-rules whose prelude has URLs that nobody loads: identifiers, patterns and conditions.
const UNLOADED: [&str; 5] = ["namespace", "document", "-moz-document", "supports", "import"];

/// Finds the references in the bytes of a CSS file: takes any input, in time linear in its length.
///
/// References are `url(…)` and `src(…)`, what `@import` names, strings directly in `image-set(…)`, and the trailing comment that names
/// a source map. Comments, other strings and selectors are none, nor is what `@namespace`, `@supports` and `@document` say.
pub fn find(source: &[u8]) -> Found {
    let mut finder =
        Finder { source, found: Found::default(), state: State::Plain, open: Vec::new(), map: None };
    let mut tokens = Tokens::new(source);
    let mut start = tokens.at;
    while let Some(token) = tokens.next() {
        finder.take(start, token);
        start = tokens.at;
    }
    finder.found.references.extend(finder.map);
    finder.found
}

struct Finder<'a> {
    source: &'a [u8],
    found: Found,
    state: State,
    /// The brackets that are open.
    open: Vec<Bracket>,
    /// What a comment names that nothing but comments has followed yet.
    map: Option<Reference>,
}

/// What the next token is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    /// After `url(` and `src(`: a string is a reference of this kind.
    Argument(Kind),
    /// After `@import`.
    Import,
    /// In a prelude of which nothing is loaded; up to its end.
    Unloaded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Round,
    ImageSet,
    Square,
    Curly,
}

impl Finder<'_> {
    fn take(&mut self, start: usize, token: Token) {
        match token {
            Token::Space => return,
            Token::Comment { body, is_closed } => return self.comment(start, body, is_closed),
            _ => self.map = None,
        }
        match token {
            Token::AtKeyword(name) => self.state = self.at_rule(&name),
            Token::Url { span, is_escaped } => self.url(span, Quoting::CssUnquoted, is_escaped),
            Token::Text { span, is_escaped } => self.text(span, is_escaped),
            Token::Function(name) => self.function(&name),
            Token::Open(byte) => {
                self.settle();
                self.open.push(match byte {
                    b'(' => Bracket::Round,
                    b'[' => Bracket::Square,
                    _ => Bracket::Curly,
                });
                if byte == b'{' {
                    self.state = State::Plain;
                }
            }
            Token::Close(byte) => {
                self.close(byte);
                match byte {
                    b'}' => self.state = State::Plain,
                    _ => self.settle(),
                }
            }
            Token::Semicolon => self.state = State::Plain,
            Token::Bad => {
                self.found.notes.push(Note { kind: NoteKind::Malformed, offset: start });
                self.settle();
            }
            Token::Other | Token::Space | Token::Comment { .. } => self.settle(),
        }
    }

    /// What was waited for did not come.
    fn settle(&mut self) {
        self.state = match self.state {
            State::Plain | State::Argument(Kind::CssUrl | Kind::CssImageSet) => State::Plain,
            State::Argument(_) | State::Import | State::Unloaded => State::Unloaded,
        };
    }

    fn at_rule(&self, name: &Name) -> State {
        let rule = UNLOADED.iter().find(|rule| name.is(self.source, rule));
        match rule {
            Some(&"import") => State::Import,
            Some(_) => State::Unloaded,
            None => State::Plain,
        }
    }

    fn function(&mut self, name: &Name) {
        let kind = self.kind();
        let is_image_set = name.is(self.source, "image-set") || name.is(self.source, "-webkit-image-set");
        self.open.push(if is_image_set { Bracket::ImageSet } else { Bracket::Round });
        let is_url = name.is(self.source, "url");
        match self.state {
            State::Import if is_url => self.state = State::Argument(Kind::CssImport),
            State::Plain | State::Argument(Kind::CssUrl | Kind::CssImageSet)
                if is_url || name.is(self.source, "src") =>
            {
                self.state = State::Argument(kind);
            }
            _ => self.settle(),
        }
    }

    /// Of a `url(…)` that stands here.
    fn kind(&self) -> Kind {
        match self.open.last() {
            Some(Bracket::ImageSet) => Kind::CssImageSet,
            _ => Kind::CssUrl,
        }
    }

    fn url(&mut self, span: Range<usize>, quoting: Quoting, is_escaped: bool) {
        match self.state {
            State::Plain | State::Argument(Kind::CssUrl | Kind::CssImageSet) => {
                self.push(self.kind(), span, quoting, is_escaped);
            }
            State::Import => self.push(Kind::CssImport, span, quoting, is_escaped),
            State::Argument(_) | State::Unloaded => {}
        }
        self.settle();
    }

    fn text(&mut self, span: Range<usize>, is_escaped: bool) {
        let kind = match self.state {
            State::Argument(kind) => Some(kind),
            State::Import => Some(Kind::CssImport),
            State::Plain if self.open.last() == Some(&Bracket::ImageSet) => Some(Kind::CssImageSet),
            State::Plain | State::Unloaded => None,
        };
        if let Some(kind) = kind {
            self.push(kind, span, Quoting::CssString, is_escaped);
        }
        self.settle();
    }

    fn push(&mut self, kind: Kind, span: Range<usize>, quoting: Quoting, is_escaped: bool) {
        self.found.references.push(Reference { kind, span, quoting, is_escaped });
    }

    /// A bracket that closes what is not open is ignored, as a parser does.
    fn close(&mut self, byte: u8) {
        let closes = match self.open.last() {
            Some(Bracket::Round | Bracket::ImageSet) => byte == b')',
            Some(Bracket::Square) => byte == b']',
            Some(Bracket::Curly) => byte == b'}',
            None => false,
        };
        if closes {
            self.open.pop();
        }
    }

    fn comment(&mut self, start: usize, body: Range<usize>, is_closed: bool) {
        if !is_closed {
            self.found.notes.push(Note { kind: NoteKind::Malformed, offset: start });
        } else if let Some(span) = source_map::url(self.source, body) {
            self.map = Some(source_map::reference(span));
        }
    }
}

#[cfg(test)]
mod tests;
