use super::css;
use super::reference::Found;

/// The languages in which references are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Syntax {
    /// `.css`
    Css,
}

impl Syntax {
    /// By the extension of a path, in whatever case; nothing for a file that has no references.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (_, extension) = name.rsplit_once('.')?;
        extension.eq_ignore_ascii_case("css").then_some(Self::Css)
    }

    /// Finds the references in the bytes of such a file. Takes any input, in time linear in its length.
    pub fn find(self, source: &[u8]) -> Found {
        match self {
            Self::Css => css::find(source),
        }
    }
}
