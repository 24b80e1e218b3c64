use super::address::Address;
use super::reference::{Kind, Reference};
use crate::encoded;

/// What a reference points at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// A file below the root: its path from there, with escapes resolved; whether it exists is not known.
    Local {
        /// With `/` between its parts, and none at its start. What is no UTF-8 is replaced: no file has such a name.
        path: String,
    },
    /// The file itself, or a place in it: empty, or only a query or a fragment.
    Itself,
    /// A URL with a scheme (`https:`, `data:`, …) or another host (`//…`): not ours.
    Elsewhere,
    /// `/…`, but not below the base path: of the application, not ours.
    Outside,
    /// A name without `./` or `/` in an `import`: an import map resolves it.
    Bare,
    /// More `../` than there are folders. It stays, and deserves a warning.
    ClimbsOut,
    /// A folder.
    Folder,
}

impl Reference {
    /// What it points at, found in `file` (its path from the root, with `/`) whose bytes are `source`, when static files are served below
    /// `base_path` (`/static/`; the slash at its end may be missing).
    pub fn target(&self, source: &[u8], file: &str, base_path: &str) -> Target {
        let text = self.text(source);
        let needs_prefix = matches!(self.kind, Kind::JsImport | Kind::JsDynamicImport);
        target(&text, file, base_path, needs_prefix)
    }
}

/// `needs_prefix`: whether a relative path begins with `./` or `../`, as in an import.
fn target(text: &[u8], file: &str, base_path: &str, needs_prefix: bool) -> Target {
    let address = Address::of(text);
    let path = &text[address.path.clone()];
    if path.is_empty() {
        return Target::Itself;
    }
    if is_elsewhere(path) {
        return Target::Elsewhere;
    }
    let decoded = percent_decoded(path);
    let (folder, path) = match decoded.strip_prefix('/') {
        Some(_) => match below(&decoded, base_path) {
            Some(rest) => ("", rest),
            None => return Target::Outside,
        },
        None => (file.rsplit_once('/').map_or("", |(folder, _)| folder), decoded.as_str()),
    };
    let is_relative = !decoded.starts_with('/');
    if needs_prefix && is_relative && !matches!(path.split('/').next(), Some("." | "..")) {
        return Target::Bare;
    }
    join(folder, path)
}

/// What of an absolute path comes after the base path; nothing if it is not below it.
fn below<'a>(path: &'a str, base_path: &str) -> Option<&'a str> {
    let base = base_path.trim_matches('/');
    let rest = path.trim_start_matches('/');
    match base.is_empty() {
        true => Some(rest),
        false => rest.strip_prefix(base)?.strip_prefix('/'),
    }
}

/// `path` seen from `folder`, without `.` and `..`.
fn join(folder: &str, path: &str) -> Target {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    let mut ends_in_name = false;
    for segment in path.split('/') {
        ends_in_name = !matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => {
                if segments.pop().is_none() {
                    return Target::ClimbsOut;
                }
            }
            name => segments.push(name),
        }
    }
    match ends_in_name {
        true => Target::Local { path: segments.join("/") },
        false => Target::Folder,
    }
}

/// Whether a path begins with a scheme or a host.
pub(super) fn is_elsewhere(path: &[u8]) -> bool {
    has_scheme(path) || matches!(path, [b'/' | b'\\', b'/' | b'\\', ..])
}

/// RFC 3986, section 3.1.
fn has_scheme(url: &[u8]) -> bool {
    let scheme = url.split(|byte| *byte == b':').next().unwrap_or_default();
    scheme.len() < url.len()
        && scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// A path with its percent escapes resolved, and with `/` for a backslash, as browsers read it (URL Standard, section 4.4).
fn percent_decoded(path: &[u8]) -> String {
    let mut decoded = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        decoded.push(match (byte, tail) {
            (b'\\', _) => b'/',
            (b'%', digits) => match encoded::escaped(digits) {
                Some(decoded) => {
                    rest = &digits[2..];
                    decoded
                }
                None => b'%',
            },
            (byte, _) => *byte,
        });
    }
    String::from_utf8(decoded).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The last part of a path, decoded as for [`Target::Local`].
pub(super) fn base_name(path: &[u8]) -> String {
    let decoded = percent_decoded(path);
    decoded.rsplit('/').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Target {
        target(text.as_bytes(), "css/deep/site.css", "/static/", false)
    }

    fn local(path: &str) -> Target {
        Target::Local { path: path.to_owned() }
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        for (text, path) in [
            ("a.png", "css/deep/a.png"),
            ("./a.png", "css/deep/a.png"),
            ("../a.png?x#y", "css/a.png"),
            ("../../a.png#iefix", "a.png"),
            ("a.eot?#iefix", "css/deep/a.eot"),
            ("  a.png\n", "css/deep/a.png"),
            ("x/.././/a.png", "css/deep/a.png"),
            ("a%20b%C3%A9.png", "css/deep/a bé.png"),
            ("100%.png", "css/deep/100%.png"),
            ("x%2fa.png", "css/deep/x/a.png"),
            ("%2e%2E/a.png", "css/a.png"),
            ("..\\a.png", "css/a.png"),
            ("/static/img/a.png", "img/a.png"),
            ("/static//a.png", "a.png"),
            ("a/b:c.png", "css/deep/a/b:c.png"),
            ("1:a.png", "css/deep/1:a.png"),
            ("\u{e9}.png", "css/deep/\u{e9}.png"),
        ] {
            assert_eq!(of(text), local(path), "{text}");
        }
        assert_eq!(target(b"\xe9.png", "a.css", "/", false), local("\u{fffd}.png"));
        assert_eq!(target(b"x.png", "a.css", "/", false), local("x.png"));
    }

    #[test]
    fn what_is_not_ours_is_told_apart() {
        for (text, expected) in [
            ("", Target::Itself),
            (" ", Target::Itself),
            ("#id", Target::Itself),
            ("?x", Target::Itself),
            ("data:image/png;base64,AA", Target::Elsewhere),
            ("HTTPS://example.org/a.png", Target::Elsewhere),
            ("view-source+x.1:a", Target::Elsewhere),
            ("//example.org/a.png", Target::Elsewhere),
            ("\\/example.org/a.png", Target::Elsewhere),
            ("/a.png", Target::Outside),
            ("/static", Target::Outside),
            ("/staticfiles/a.png", Target::Outside),
            ("../../../a.png", Target::ClimbsOut),
            ("..%2f..%2f..%2fa.png", Target::ClimbsOut),
            ("/static/../a.png", Target::ClimbsOut),
            ("img/", Target::Folder),
            ("..", Target::Folder),
            (".", Target::Folder),
            ("/static/", Target::Folder),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn an_import_of_a_bare_name_is_no_path() {
        for (text, expected) in [
            ("lit", Target::Bare),
            ("@scope/pkg/x.js", Target::Bare),
            ("a.js", Target::Bare),
            (".hidden.js", Target::Bare),
            ("./a.js", local("js/a.js")),
            ("../a.js", local("a.js")),
            ("/static/a.js", local("a.js")),
            ("node:fs", Target::Elsewhere),
        ] {
            assert_eq!(target(text.as_bytes(), "js/main.js", "static", true), expected, "{text}");
        }
    }

    #[test]
    fn the_base_path_may_be_the_root() {
        for base in ["/", ""] {
            assert_eq!(target(b"/a.png", "x/a.css", base, false), local("a.png"));
        }
    }
}
