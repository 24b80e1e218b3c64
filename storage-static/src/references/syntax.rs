use super::reference::Found;
use super::{css, js};

/// The languages in which references are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Syntax {
    /// `.css`
    Css,
    /// `.js` and `.mjs`
    Js,
}

impl Syntax {
    /// By the extension of a path, in whatever case; nothing for a file that has no references.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (_, extension) = name.rsplit_once('.')?;
        let known = [("css", Self::Css), ("js", Self::Js), ("mjs", Self::Js)];
        known.iter().find(|(name, _)| extension.eq_ignore_ascii_case(name)).map(|(_, syntax)| *syntax)
    }

    /// Finds the references in the bytes of such a file. Takes any input, in time linear in its length.
    pub fn find(self, source: &[u8]) -> Found {
        match self {
            Self::Css => css::find(source),
            Self::Js => js::find(source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_says_which_it_is() {
        for (path, syntax) in [
            ("a/b.css", Some(Syntax::Css)),
            ("B.CSS", Some(Syntax::Css)),
            ("a.min.js", Some(Syntax::Js)),
            ("a.mjs", Some(Syntax::Js)),
            ("a.js.map", None),
            ("js", None),
            ("a.css/b", None),
            ("", None),
        ] {
            assert_eq!(Syntax::of(path), syntax, "{path}");
        }
    }
}
