use std::collections::{BTreeMap, BTreeSet};

/// What a `.vite/manifest.json` says ([Vite, "Backend Integration"](https://vite.dev/guide/backend-integration)). All paths are from the
/// folder that `.vite` is in.
///
/// ```
/// use storage_static::name::ViteManifest;
///
/// let manifest = ViteManifest::parse(br#"{
///     "src/main.ts": {"file": "assets/main-BRBmoGS9.js", "name": "main", "src": "src/main.ts", "isEntry": true,
///         "css": ["assets/main-5UjPuW-k.css"]}
/// }"#)?;
/// assert_eq!(manifest.sources().next(), Some(("src/main.ts", "assets/main-BRBmoGS9.js")));
/// assert!(manifest.fingerprinted().contains("assets/main-5UjPuW-k.css"));
/// # Ok::<(), storage_static::name::ViteError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ViteManifest {
    chunks: BTreeMap<String, Chunk>,
}

/// A Vite manifest that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error(
    "this is no manifest of Vite: an object of chunks, each with its `file`; build it with `build.manifest: true`"
)]
pub struct ViteError(#[from] serde_json::Error);

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    file: String,
    name: Option<String>,
    src: Option<String>,
    #[serde(default)]
    css: Vec<String>,
    #[serde(default)]
    assets: Vec<String>,
    /// Names of chunks.
    #[serde(default)]
    imports: Vec<String>,
    #[serde(default)]
    dynamic_imports: Vec<String>,
}

impl ViteManifest {
    /// Reads what Vite has written.
    ///
    /// # Errors
    ///
    /// It is no JSON, or not of the form of Vite's.
    pub fn parse(json: &[u8]) -> Result<Self, ViteError> {
        Ok(Self { chunks: serde_json::from_slice(json)? })
    }

    /// The files whose names surely carry a hash.
    ///
    /// The manifest does not say which do. One that is named as a chunk or as a source has none. Of others the name ends in a hash if it
    /// ends, after a `-` or a `.`, in eight letters, digits, `-` and `_` that are no word: with a digit, or with a capital letter that is not the
    /// first; or if it ends in more hexadecimal digits, or is all of these. What is not sure counts as none: it gets a fingerprint, which
    /// is never wrong. A pattern ([`Fingerprinted::glob`](super::Fingerprinted::glob)) tells it of names that are made otherwise.
    pub fn fingerprinted(&self) -> BTreeSet<&str> {
        let sources = self.chunks.iter().filter(|(key, _)| is_source(key));
        let of_sources = sources.flat_map(|(key, chunk)| [Some(key), chunk.src.as_ref()]).flatten();
        let of_chunks = self.chunks.values().filter_map(|chunk| chunk.name.as_deref().map(base));
        let plain: BTreeSet<_> = of_sources.map(|path| stem(path)).chain(of_chunks).collect();
        self.files().filter(|file| !plain.contains(stem(file)) && has_hash(stem(file))).collect()
    }

    /// The files of all that was asked for by its name, with that name: entries, and what is imported or referred to.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        let sources = self.chunks.iter().filter(|(key, _)| is_source(key));
        sources.map(|(key, chunk)| (key.as_str(), chunk.file.as_str()))
    }

    /// Each file of a chunk with those that it may ask for while it runs: its styles first.
    pub fn needs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.chunks.values().flat_map(|chunk| {
            let imported = chunk.imports.iter().chain(&chunk.dynamic_imports);
            let imported = imported.filter_map(|key| Some(&self.chunks.get(key)?.file));
            let needed = chunk.css.iter().chain(&chunk.assets).chain(imported);
            needed.map(|needed| (chunk.file.as_str(), needed.as_str()))
        })
    }

    fn files(&self) -> impl Iterator<Item = &str> {
        let chunks = self.chunks.values();
        chunks
            .flat_map(|chunk| [&chunk.file].into_iter().chain(&chunk.css).chain(&chunk.assets))
            .map(String::as_str)
    }
}

/// What is shared has a key that Vite has made.
fn is_source(key: &str) -> bool {
    !key.starts_with('_')
}

/// The base name without what comes after its last dot.
fn stem(path: &str) -> &str {
    let base = base(path);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem)
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn has_hash(stem: &str) -> bool {
    const LENGTH: usize = 8;
    let last = stem.rsplit(['-', '.']).next().unwrap_or(stem);
    if last.len() >= LENGTH && is_hexadecimal(last) {
        return true;
    }
    // A hash may have a `-` in it, and at its ends.
    let Some((rest, tail)) = stem.len().checked_sub(LENGTH).and_then(|at| stem.split_at_checked(at)) else {
        return false;
    };
    rest.ends_with(['-', '.']) && is_no_word(tail)
}

fn is_hexadecimal(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.bytes().all(is_digit) && has_both(text)
}

/// Digits and letters: all digits may be a date, and all letters a word.
fn has_both(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_no_word(tail: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    tail.bytes().all(is_digit)
        && (has_both(tail) || tail.bytes().skip(1).any(|byte| byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Vite 8.4.0 wrote for an application with two entries, a worker, images, a font and styles.
    const DEFAULT: &[u8] = include_bytes!("testdata/vite-8.4.0-default.json");
    /// The same with `entryFileNames: "[name].min.js"`, and with `[name]` alone for all else.
    const PLAIN: &[u8] = include_bytes!("testdata/vite-8.4.0-plain.json");
    /// The same with hexadecimal hashes: `[name].[hash:12].js` for entries, `[hash]` for all else.
    const HEX: &[u8] = include_bytes!("testdata/vite-8.4.0-hex.json");

    fn without_hash(json: &[u8]) -> Vec<String> {
        let manifest = ViteManifest::parse(json).unwrap();
        let hashed = manifest.fingerprinted();
        let files: BTreeSet<_> = manifest.files().collect();
        files.difference(&hashed).map(|file| (*file).to_owned()).collect()
    }

    #[test]
    fn names_with_hashes_are_told_from_names_without() {
        assert_eq!(without_hash(DEFAULT), [""; 0]);
        assert_eq!(without_hash(HEX), [""; 0]);
        let manifest = ViteManifest::parse(PLAIN).unwrap();
        // Workers are named on their own.
        let workers = ["assets/lazy-DXwKVOem.js", "assets/lazy-o8hnkNJu.css", "assets/worker-Cu_lQp4N.js"];
        assert_eq!(manifest.fingerprinted().into_iter().collect::<Vec<_>>(), workers);
        assert!(without_hash(PLAIN).contains(&"main.min.js".to_owned()));
    }

    #[test]
    fn what_is_not_sure_has_none() {
        for stem in
            ["main-BRBmoGS9", "foo-5UjPuW-k", "photo--WUgsaic", "logo.3f2504e0", "5ee9471a", "a.b7f08aa3b8a7"]
        {
            assert!(has_hash(stem), "{stem}");
        }
        for stem in [
            "app-settings",
            "app-Settings",
            "app-dashboard",
            "main.min",
            "foo.bar",
            "release-20260101",
            "a-12345678",
            "main-es2015",
            "deadbeef",
            "x",
            "mainBRBmoGS9",
            "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
        ] {
            assert!(!has_hash(stem), "{stem}");
        }
        // A chunk may be called like that.
        let json = br#"{"src/user-formData.ts": {"file": "assets/user-formData.js", "name": "user-formData", "css": ["assets/user-formData.css"]}}"#;
        assert!(ViteManifest::parse(json).unwrap().fingerprinted().is_empty());
    }

    #[test]
    fn sources_have_files_and_files_need_others() {
        let manifest = ViteManifest::parse(DEFAULT).unwrap();
        let sources: BTreeMap<_, _> = manifest.sources().collect();
        assert_eq!(sources["src/main.ts"], "assets/main-iw2Ag-ly.js");
        assert_eq!(sources["src/assets/logo.svg"], "assets/logo-Crh24toR.svg");
        assert_eq!(sources["src/pages/lazy.ts"], "assets/lazy-CtOqSdLo.js");
        assert_eq!(sources.len(), 8);
        let needs: Vec<_> =
            manifest.needs().filter(|(file, _)| *file == "assets/admin-D4pR1M_5.js").collect();
        assert_eq!(
            needs.iter().map(|(_, needed)| *needed).collect::<Vec<_>>(),
            ["assets/admin-BU8rHWE0.css", "assets/preload-helper-CfYpq8ku.js", "assets/lazy-CtOqSdLo.js"]
        );
    }

    #[test]
    fn what_is_no_manifest_is_an_error() {
        for text in ["", "[]", "{\"a\": 1}", "{\"a\": {}}"] {
            assert!(ViteManifest::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
