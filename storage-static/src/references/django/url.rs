use super::Names;
use super::python::{normpath, strip, unquote, urldefrag, urlsplit};

/// What becomes of a URL.
pub(super) enum Conversion {
    /// It is none of a static file.
    Left,
    /// It is one of a file that is not there.
    Missing(String),
    Renamed {
        /// It is this one now.
        url: String,
        /// The path of the file whose name is by what it was before it was rewritten.
        unprocessed: Option<String>,
    },
}

/// `HashedFilesMixin.url_converter`, step by step.
pub(super) fn convert(url: &str, file: &str, static_url: &str, names: &mut dyn Names) -> Conversion {
    let scheme = url.bytes().take_while(u8::is_ascii_lowercase).count();
    if scheme > 0 && url[scheme..].starts_with(':') || url.starts_with("//") {
        return Conversion::Left;
    }
    if url.starts_with('/') && !url.starts_with(static_url) {
        return Conversion::Left;
    }
    let (path, fragment) = urldefrag(url);
    if path.is_empty() {
        return Conversion::Left;
    }
    let target = match (path.strip_prefix(static_url), file.rsplit_once('/')) {
        (Some(rest), _) if path.starts_with('/') => rest.to_owned(),
        (_, Some((folder, _))) => format!("{folder}/{path}"),
        (_, None) => path.clone(),
    };
    let target = unquote(&target);
    let Some((hashed, unprocessed)) = hashed(&target, names) else {
        return Conversion::Missing(normpath(&target));
    };
    let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
    let name = hashed.rsplit(['/', '\\']).next().unwrap_or_default();
    let hash = match (fragment.is_empty(), url.contains("?#")) {
        (true, _) => "",
        (false, true) => "?#",
        (false, false) => "#",
    };
    Conversion::Renamed { url: unquote(&format!("{folder}{name}{hash}{fragment}")), unprocessed }
}

/// `StaticFilesStorage._url`, without the URL of the root and the fragment; and the path of a file that is named by what it was.
fn hashed(name: &str, names: &mut dyn Names) -> Option<(String, Option<String>)> {
    let (clean, _) = urldefrag(name);
    if urlsplit(&clean).0.ends_with('/') {
        return Some((name.to_owned(), None));
    }
    let path = normpath(&clean);
    if let Some(hashed) = names.hashed(&path.replace('\\', "/")) {
        return Some((hashed, None));
    }
    // Not among what was collected under that very name: Django opens the file that the URL's path names, as it was collected.
    let (path, query) = urlsplit(&unquote(&path));
    let path = strip(&path);
    let hashed = names.hashed_unprocessed(path)?;
    let hashed = if query.is_empty() { hashed } else { format!("{hashed}?{query}") };
    Some((hashed, Some(path.to_owned())))
}
