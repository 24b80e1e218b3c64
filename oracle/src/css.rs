//! The references in CSS as `cssparser` cuts it into tokens.

use cssparser::{ParseError, Parser, Token};

use crate::seen::Seen;

pub(crate) fn references(source: &str) -> Vec<Seen> {
    let bare = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut walk = Walk { source: bare, seen: Vec::new(), prelude: Prelude::None, map: None };
    walk.block(&mut Parser::new(bare), Around::Other);
    walk.seen.extend(walk.map.take());
    let mark = source.len() - bare.len();
    walk.seen.iter_mut().for_each(|seen| seen.at += mark);
    walk.seen.sort();
    walk.seen
}

struct Walk<'a> {
    source: &'a str,
    seen: Vec<Seen>,
    prelude: Prelude,
    map: Option<Seen>,
}

/// In which at-rule's prelude we are.
#[derive(Clone, Copy, PartialEq)]
enum Prelude {
    None,
    /// Directly after `@import`.
    Import,
    Unloaded,
}

/// What the tokens stand directly in.
#[derive(Clone, Copy, PartialEq)]
enum Around {
    /// At the start of the arguments of `url(` or `src(`.
    Argument(&'static str),
    ImageSet,
    Other,
}

impl Around {
    /// Of a `url(…)` there.
    fn kind(self) -> &'static str {
        match self {
            Self::ImageSet => "image-set()",
            Self::Argument(_) | Self::Other => "url()",
        }
    }
}

impl Walk<'_> {
    fn push(&mut self, at: usize, kind: &str, text: &str) {
        self.seen.push(Seen { at, kind: kind.to_owned(), text: text.to_owned() });
    }

    /// Where the text of a `url(…)` without quotes begins, whose token is at `start`.
    fn unquoted(&self, start: usize) -> usize {
        let open = self.source[start..].find('(').map_or(start, |open| start + open + 1);
        let text = self.source[open..].trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
        self.source.len() - text.len()
    }

    fn block(&mut self, parser: &mut Parser<'_>, around: Around) {
        let mut around = around;
        loop {
            let start = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
            match &token {
                Token::WhiteSpace(_) => continue,
                Token::Comment(text) => {
                    let rest = text.strip_prefix(['#', '@']).map(str::trim_ascii_start);
                    let url =
                        rest.and_then(|rest| rest.strip_prefix("sourceMappingURL=")).map(str::trim_ascii_end);
                    if let Some(url) = url.filter(|url| !url.is_empty() && !url.contains(char::is_whitespace))
                    {
                        let at = start + "/*".len() + (url.as_ptr() as usize - text.as_ptr() as usize);
                        let (kind, text) = ("sourceMappingURL".to_owned(), url.to_owned());
                        self.map = Some(Seen { at, kind, text });
                    }
                    continue;
                }
                _ => self.map = None,
            }
            let prelude = self.prelude;
            if prelude == Prelude::Import {
                self.prelude = Prelude::Unloaded;
            }
            match &token {
                Token::AtKeyword(name) => {
                    self.prelude = match name.to_ascii_lowercase().as_str() {
                        "import" => Prelude::Import,
                        "namespace" | "supports" | "document" | "-moz-document" => Prelude::Unloaded,
                        _ => Prelude::None,
                    }
                }
                Token::Semicolon | Token::CloseCurlyBracket => self.prelude = Prelude::None,
                Token::UnquotedUrl(url) => match prelude {
                    Prelude::None => self.push(self.unquoted(start), around.kind(), url),
                    Prelude::Import => self.push(self.unquoted(start), "@import", url),
                    Prelude::Unloaded => {}
                },
                Token::QuotedString(text) => match (prelude, around) {
                    (_, Around::Argument(kind)) => self.push(start + 1, kind, text),
                    (Prelude::Import, _) => self.push(start + 1, "@import", text),
                    (Prelude::None, Around::ImageSet) => self.push(start + 1, "image-set()", text),
                    _ => {}
                },
                Token::Function(name) => {
                    let inner = match (name.to_ascii_lowercase().as_str(), prelude) {
                        ("url", Prelude::Import) => Around::Argument("@import"),
                        ("url" | "src", Prelude::None) => Around::Argument(around.kind()),
                        ("image-set" | "-webkit-image-set", _) => Around::ImageSet,
                        _ => Around::Other,
                    };
                    self.nested(parser, inner);
                }
                Token::ParenthesisBlock | Token::SquareBracketBlock => self.nested(parser, Around::Other),
                Token::CurlyBracketBlock => {
                    self.prelude = Prelude::None;
                    self.nested(parser, Around::Other);
                    self.prelude = Prelude::None;
                }
                _ => {}
            }
            if let Around::Argument(_) = around {
                around = Around::Other;
            }
        }
    }

    fn nested(&mut self, parser: &mut Parser<'_>, around: Around) {
        let done = parser.parse_nested_block(|parser| {
            self.block(parser, around);
            Ok::<_, ParseError<()>>(())
        });
        let end = parser.position().byte_index();
        let is_closed = self.source.as_bytes()[..end].last().is_some_and(|byte| b")]}".contains(byte));
        if done.is_err() || is_closed {
            self.map = None;
        }
    }
}
