//! What tells a regular expression from a division: the token before, and the brackets around.

/// What the token before the next one was, as far as it says how to read a slash or a brace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A statement may begin: a brace opens a block.
    Statement,
    /// A value is due: a brace opens an object, a slash a regular expression.
    Operator,
    /// A value ended: a slash divides.
    Operand,
    /// `.` or `?.`: a word is a name, whatever it says.
    Dot,
    /// `if`, `for`, …: what follows its parentheses is a statement.
    Control,
    /// `export default`: a function is declared, but a brace opens an object.
    ExportDefault,
}

/// A bracket that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// The file as a whole.
    File,
    /// `{` of statements, or of what is declared by them.
    Block,
    /// `{` of a function or class that is a value.
    Body,
    /// `{` of an object.
    Object,
    /// `${`
    Substitution,
    Round,
    /// `(` after `if`, `for`, …
    Control,
    Square,
}

/// What the next brace that follows a value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pending {
    Nothing,
    Declaration,
    Expression,
}

/// A bracket that is open, and what is under way in it.
#[derive(Debug, Clone, Copy)]
struct Level {
    bracket: Bracket,
    pending: Pending,
    /// How many `?` wait for their colon. Where there are more, some colons are taken for those of labels.
    conditions: u8,
}

/// The brackets around a place, the token before it, and thereby how the next one is read.
#[derive(Debug)]
pub(super) struct Context {
    before: Before,
    outer: Vec<Level>,
    level: Level,
}

impl Context {
    pub(super) fn new() -> Self {
        Self { before: Before::Statement, outer: Vec::new(), level: Level::new(Bracket::File) }
    }

    /// Whether no bracket is open: only here are imports and exports declared.
    pub(super) fn is_top_level(&self) -> bool {
        self.depth() == 0
    }

    /// How many brackets are open.
    pub(super) fn depth(&self) -> usize {
        self.outer.len()
    }

    pub(super) fn may_begin_regex(&self) -> bool {
        !matches!(self.before, Before::Operand | Before::Dot)
    }

    /// After a value: a name, a string, a number.
    pub(super) fn operand(&mut self) {
        self.before = Before::Operand;
    }

    pub(super) fn operator(&mut self) {
        self.before = Before::Operator;
    }

    /// After what no operator can follow.
    pub(super) fn statement(&mut self) {
        self.before = Before::Statement;
    }

    /// After a name or a keyword.
    pub(super) fn word(&mut self, word: &[u8]) {
        self.before = match (self.before, word) {
            (Before::Dot, _) => Before::Operand,
            // A name like any other but for `for (a of …)`.
            (Before::Operand, b"of") if self.level.bracket == Bracket::Control => Before::Operator,
            (Before::Statement, b"default") if self.is_top_level() => Before::ExportDefault,
            (_, b"if" | b"for" | b"while" | b"with" | b"switch" | b"catch") | (Before::Control, b"await") => {
                Before::Control
            }
            (
                _,
                b"return" | b"throw" | b"typeof" | b"case" | b"void" | b"delete" | b"in" | b"instanceof"
                | b"new" | b"yield" | b"extends" | b"await" | b"default",
            ) => Before::Operator,
            (_, b"else" | b"do" | b"try" | b"finally" | b"export" | b"break" | b"continue" | b"debugger") => {
                Before::Statement
            }
            (before, b"function" | b"class") => {
                self.level.pending = match before {
                    Before::Operator | Before::Control => Pending::Expression,
                    _ => Pending::Declaration,
                };
                Before::Operand
            }
            _ => Before::Operand,
        };
    }

    pub(super) fn open_round(&mut self) {
        self.open(if self.before == Before::Control { Bracket::Control } else { Bracket::Round });
    }

    pub(super) fn open_square(&mut self) {
        self.open(Bracket::Square);
    }

    pub(super) fn open_substitution(&mut self) {
        self.open(Bracket::Substitution);
    }

    pub(super) fn open_curly(&mut self) {
        let bracket = match self.before {
            Before::Operator | Before::ExportDefault | Before::Dot => Bracket::Object,
            Before::Statement | Before::Control => Bracket::Block,
            Before::Operand => match std::mem::replace(&mut self.level.pending, Pending::Nothing) {
                Pending::Expression => Bracket::Body,
                Pending::Declaration | Pending::Nothing => Bracket::Block,
            },
        };
        self.open(bracket);
        self.before = match bracket {
            Bracket::Object => Before::Operator,
            _ => Before::Statement,
        };
    }

    fn open(&mut self, bracket: Bracket) {
        self.outer.push(std::mem::replace(&mut self.level, Level::new(bracket)));
        self.before = Before::Operator;
    }

    pub(super) fn close_round(&mut self) {
        let bracket = self.level.bracket;
        if matches!(bracket, Bracket::Round | Bracket::Control) {
            self.close();
        }
        self.before = if bracket == Bracket::Control { Before::Statement } else { Before::Operand };
    }

    pub(super) fn close_square(&mut self) {
        if self.level.bracket == Bracket::Square {
            self.close();
        }
        self.before = Before::Operand;
    }

    /// Closes a brace, and what was left open in it; what it was.
    pub(super) fn close_curly(&mut self) -> Bracket {
        while matches!(self.level.bracket, Bracket::Round | Bracket::Control | Bracket::Square) {
            self.close();
        }
        let bracket = self.level.bracket;
        self.close();
        self.before = match bracket {
            Bracket::Body | Bracket::Object => Before::Operand,
            _ => Before::Statement,
        };
        bracket
    }

    fn close(&mut self) {
        if let Some(level) = self.outer.pop() {
            self.level = level;
        }
    }

    /// After `;`.
    pub(super) fn semicolon(&mut self) {
        self.level = Level::new(self.level.bracket);
        self.before = Before::Statement;
    }

    /// After `,`.
    pub(super) fn comma(&mut self) {
        self.level.pending = Pending::Nothing;
        self.before = Before::Operator;
    }

    /// After `?`, but not after `?.` or `??`.
    pub(super) fn question(&mut self) {
        self.level.conditions = self.level.conditions.saturating_add(1);
        self.before = Before::Operator;
    }

    /// After `:`, of a condition, a property, a label or a `case`.
    pub(super) fn colon(&mut self) {
        self.level.pending = Pending::Nothing;
        let is_label = self.level.conditions == 0
            && matches!(self.level.bracket, Bracket::File | Bracket::Block | Bracket::Body);
        self.level.conditions = self.level.conditions.saturating_sub(1);
        self.before = if is_label { Before::Statement } else { Before::Operator };
    }

    pub(super) fn is_after_dot(&self) -> bool {
        self.before == Before::Dot
    }

    /// After `.` or `?.`.
    pub(super) fn dot(&mut self) {
        self.before = Before::Dot;
    }

    /// After `++` or `--`: behind a value it belongs to it.
    pub(super) fn step(&mut self) {
        if self.before != Before::Operand {
            self.before = Before::Operator;
        }
    }
}

impl Level {
    fn new(bracket: Bracket) -> Self {
        Self { bracket, pending: Pending::Nothing, conditions: 0 }
    }
}
