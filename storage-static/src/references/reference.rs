use std::borrow::Cow;
use std::ops::Range;

use super::address::Address;
use super::{css, js};

/// A place in a file that names another file by its URL.
///
/// It knows where it is in the file's bytes, and is read with them at hand: [`text`](Self::text) is what it says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reference {
    /// What kind of place it is.
    pub kind: Kind,
    /// Where its text is: within its quotes, without white space around an unquoted one.
    pub span: Range<usize>,
    /// What stands around it, and thereby which escapes it may have.
    pub quoting: Quoting,
    /// Whether there are escapes in it: else the bytes of `span` are its text.
    pub is_escaped: bool,
}

/// What kind of place a reference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum Kind {
    /// `url(…)` or `src(…)` in CSS, elsewhere.
    #[serde(rename = "url()")]
    CssUrl,
    /// `@import "…"` or `@import url(…)` in CSS.
    #[serde(rename = "@import")]
    CssImport,
    /// A string, `url(…)` or `src(…)` directly in `image-set(…)`.
    #[serde(rename = "image-set()")]
    CssImageSet,
    /// `import … from "…"`, `import "…"` or `export … from "…"` in JavaScript.
    #[serde(rename = "import")]
    JsImport,
    /// `import("…")` in JavaScript.
    #[serde(rename = "import()")]
    JsDynamicImport,
    /// `new URL("…", import.meta.url)` in JavaScript.
    #[serde(rename = "new URL()")]
    JsNewUrl,
    /// A comment `# sourceMappingURL=…` after all code.
    #[serde(rename = "sourceMappingURL")]
    SourceMap,
    /// None that stands in a file: a bundler says that its script asks for this while it runs.
    #[serde(rename = "bundled")]
    Bundled,
}

/// What stands around the text of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum Quoting {
    /// Nothing: `url(…)` in CSS.
    CssUnquoted,
    /// `'…'` or `"…"` in CSS.
    CssString,
    /// `'…'` or `"…"` in JavaScript.
    JsString,
    /// `` `…` `` in JavaScript, without `${…}`.
    JsTemplate,
    /// A comment, which has no escapes.
    Comment,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Its references, in the order of the file.
    pub references: Vec<Reference>,
    /// What else there is to say about it, in the order of the file.
    pub notes: Vec<Note>,
}

/// Something in a file that is no reference and that its author may want to know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// Where it begins.
    pub offset: usize,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum NoteKind {
    /// An `import(…)` of something that is computed: what it loads is not known, and not rewritten.
    ComputedImport,
    /// A comment, a string, a template or a `url(` that no parser accepts. What comes after it may have been misread.
    Malformed,
}

impl Reference {
    /// What it says: the bytes between the quotes with their escapes resolved. `source` is the file in which it was found.
    pub fn text<'a>(&self, source: &'a [u8]) -> Cow<'a, [u8]> {
        let raw = source.get(self.span.clone()).unwrap_or_default();
        match self.quoting {
            _ if !self.is_escaped => Cow::Borrowed(raw),
            Quoting::CssUnquoted | Quoting::CssString => Cow::Owned(css::unescape(raw)),
            Quoting::JsString | Quoting::JsTemplate => Cow::Owned(js::unescape(raw)),
            Quoting::Comment => Cow::Borrowed(raw),
        }
    }

    /// Its query from the `?` on, if it has one.
    pub(crate) fn query(&self, source: &[u8]) -> Option<String> {
        let text = self.text(source);
        let query = &text[Address::of(&text).query];
        (!query.is_empty()).then(|| String::from_utf8_lossy(query).into_owned())
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::CssUrl => "url()",
            Self::CssImport => "@import",
            Self::CssImageSet => "image-set()",
            Self::JsImport => "import",
            Self::JsDynamicImport => "import()",
            Self::JsNewUrl => "new URL()",
            Self::SourceMap => "sourceMappingURL",
            Self::Bundled => "bundled",
        })
    }
}

impl std::fmt::Display for NoteKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ComputedImport => "the argument of import() is computed: what it loads is not rewritten",
            Self::Malformed => "this is never closed, or is no valid code: what follows may be misread",
        })
    }
}
