use super::context::{Bracket, Context};
use super::cursor::{Cursor, Literal, TemplateEnd, is_word, wide_space};
use super::imports::{self, Import};
use crate::references::reference::{Found, Kind, Note, NoteKind, Quoting, Reference};
use crate::references::source_map;

/// Reads JavaScript token by token, and what it finds on the way. It never fails, and keeps a few bytes for each open bracket.
pub(super) struct Lexer<'a> {
    cursor: Cursor<'a>,
    context: Context,
    found: Found,
    /// What a comment names that nothing but comments has followed yet.
    map: Option<Reference>,
    /// The last computed import, until it is known to be none.
    computed: Option<Computed>,
    /// Up to here no regular expression ends: where one was looked for in vain.
    no_regex_before: usize,
}

/// What may be the definition of a method that is called `import`: a brace follows its parentheses then.
#[derive(Debug, Clone, Copy)]
struct Computed {
    note: usize,
    /// How many brackets are open around it.
    depth: usize,
    is_closed: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a [u8]) -> Self {
        let mut cursor = Cursor { source, at: 0 };
        if source.starts_with(b"\xef\xbb\xbf") {
            cursor.at = 3;
        }
        if cursor.rest().starts_with(b"#!") {
            cursor.at = cursor.line_end(cursor.at);
        }
        Self {
            cursor,
            context: Context::new(),
            found: Found::default(),
            map: None,
            computed: None,
            no_regex_before: 0,
        }
    }

    pub(super) fn run(mut self) -> Found {
        while let Some(byte) = self.cursor.peek(0) {
            match byte {
                b'\t'..=b'\r' | b' ' => self.cursor.at += 1,
                b'/' if matches!(self.cursor.peek(1), Some(b'/' | b'*')) => self.comment(),
                0x80.. if wide_space(self.cursor.rest()) > 0 => {
                    self.cursor.at += wide_space(self.cursor.rest());
                }
                _ => {
                    self.map = None;
                    self.token(byte);
                }
            }
        }
        self.found.references.extend(self.map);
        self.found
    }

    fn token(&mut self, byte: u8) {
        if let Some(Computed { note, is_closed: true, .. }) = self.computed {
            self.computed = None;
            if byte == b'{' {
                self.found.notes.remove(note);
            }
        }
        match byte {
            b'0'..=b'9' => self.number(),
            b'\\' | b'#' | 0x80.. => self.word(),
            _ if is_word(byte) => self.word(),
            b'"' | b'\'' => self.string(),
            b'`' => {
                self.cursor.at += 1;
                self.template();
            }
            b'/' => self.slash(),
            _ => self.punctuator(byte),
        }
    }

    fn punctuator(&mut self, byte: u8) {
        let start = self.cursor.at;
        self.cursor.at += 1;
        match byte {
            b'(' => self.context.open_round(),
            b')' => {
                self.context.close_round();
                if let Some(computed) = &mut self.computed {
                    computed.is_closed = computed.depth == self.context.depth();
                }
            }
            b'[' => self.context.open_square(),
            b']' => self.context.close_square(),
            b'{' => self.context.open_curly(),
            b'}' => {
                if self.context.close_curly() == Bracket::Substitution {
                    self.template();
                }
            }
            b';' => self.context.semicolon(),
            b',' => self.context.comma(),
            b':' => self.context.colon(),
            b'.' => self.dot(start),
            b'?' => self.question(),
            // A brace opens a body, after which a statement begins.
            b'=' if self.cursor.eat(b'>') => self.context.statement(),
            b'+' | b'-' if self.cursor.eat(byte) => self.context.step(),
            _ => self.context.operator(),
        }
    }

    fn dot(&mut self, start: usize) {
        match self.cursor.rest() {
            [b'.', b'.', ..] => {
                self.cursor.at += 2;
                self.context.operator();
            }
            [b'0'..=b'9', ..] => {
                self.cursor.at = start;
                self.number();
            }
            _ => self.context.dot(),
        }
    }

    fn question(&mut self) {
        match self.cursor.rest() {
            [b'?', ..] => {
                self.cursor.at += 1;
                self.context.operator();
            }
            [b'.', after @ ..] if !after.first().is_some_and(u8::is_ascii_digit) => {
                self.cursor.at += 1;
                self.context.dot();
            }
            _ => self.context.question(),
        }
    }

    /// Consumes a number; `1.` and `0.5e3` are one, and `1..toString` does no harm as one.
    fn number(&mut self) {
        while self.cursor.peek(0).is_some_and(|byte| byte == b'.' || is_word(byte)) {
            self.cursor.at += 1;
        }
        self.context.operand();
    }

    fn word(&mut self) {
        let start = self.cursor.at;
        self.cursor.eat(b'#');
        let word = self.cursor.word();
        if self.cursor.source[start] == b'#' {
            return self.context.operand();
        }
        let is_name = self.context.is_after_dot();
        match word {
            b"import" if !is_name => self.import(start),
            b"export" if !is_name && self.context.is_top_level() => self.export(word),
            b"new" if !is_name => {
                if let Some(literal) = imports::new_url(self.cursor) {
                    self.push(Kind::JsNewUrl, literal);
                }
                self.context.word(word);
            }
            // What comes in the next line is another statement.
            b"return" if !is_name && self.cursor.is_line_over() => self.context.statement(),
            _ => self.context.word(word),
        }
    }

    fn import(&mut self, start: usize) {
        self.context.operand();
        match imports::import(self.cursor) {
            Import::Declared(literal, end) if self.context.is_top_level() => {
                self.push(Kind::JsImport, literal);
                self.cursor.at = end;
                self.context.statement();
            }
            Import::Called(literal) => self.push(Kind::JsDynamicImport, literal),
            Import::Computed => {
                let (note, depth) = (self.found.notes.len(), self.context.depth());
                self.computed = Some(Computed { note, depth, is_closed: false });
                self.found.notes.push(Note { kind: NoteKind::ComputedImport, offset: start });
            }
            Import::Declared(..) | Import::Nothing => {}
        }
    }

    fn export(&mut self, word: &[u8]) {
        match imports::export(self.cursor) {
            Some((literal, end)) => {
                self.push(Kind::JsImport, literal);
                self.cursor.at = end;
                self.context.statement();
            }
            None => self.context.word(word),
        }
    }

    fn string(&mut self) {
        let start = self.cursor.at;
        if self.cursor.string().is_none() {
            self.malformed(start);
        }
        self.context.operand();
    }

    fn template(&mut self) {
        let start = self.cursor.at;
        match self.cursor.template_part() {
            TemplateEnd::Backtick => self.context.operand(),
            TemplateEnd::Substitution => self.context.open_substitution(),
            TemplateEnd::EndOfFile => self.malformed(start),
        }
    }

    fn slash(&mut self) {
        if self.context.may_begin_regex() && self.cursor.at >= self.no_regex_before {
            if self.cursor.regex() {
                return self.context.operand();
            }
            self.no_regex_before = self.cursor.line_end(self.cursor.at);
            self.malformed(self.cursor.at);
        }
        self.cursor.at += 1;
        self.context.operator();
    }

    fn comment(&mut self) {
        let start = self.cursor.at;
        let (body, is_closed) = match self.cursor.peek(1) {
            Some(b'/') => (self.cursor.line_comment(), true),
            _ => self.cursor.block_comment(),
        };
        if !is_closed {
            self.malformed(start);
        } else if let Some(span) = source_map::url(self.cursor.source, body) {
            self.map = Some(source_map::reference(span));
        }
    }

    fn push(&mut self, kind: Kind, literal: Literal) {
        let Literal { span, is_escaped, is_template } = literal;
        let quoting = if is_template { Quoting::JsTemplate } else { Quoting::JsString };
        self.found.references.push(Reference { kind, span, quoting, is_escaped });
    }

    fn malformed(&mut self, offset: usize) {
        self.found.notes.push(Note { kind: NoteKind::Malformed, offset });
    }
}
