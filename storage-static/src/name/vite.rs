use std::collections::{BTreeMap, BTreeSet};

/// A Vite manifest that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error(
    "this is no manifest of Vite: an object of chunks, each with its `file`; build it with `build.manifest: true`"
)]
pub struct ViteError(#[from] serde_json::Error);

#[derive(serde::Deserialize)]
struct Chunk {
    file: String,
    name: Option<String>,
    src: Option<String>,
    #[serde(default)]
    css: Vec<String>,
    #[serde(default)]
    assets: Vec<String>,
}

/// The paths of the files that a `.vite/manifest.json` ([Vite, "Backend Integration"](https://vite.dev/guide/backend-integration)) names and whose names carry a hash; each from the folder that `.vite` is in.
///
/// A file whose name is that of its chunk or of its source has none (`entryFileNames: "[name].js"`), and is left to be named like any
/// other. Where the manifest tells neither, a name has a hash if eight or more letters, digits, `-` or `_` follow a `-` or a `.`.
///
/// # Errors
///
/// It is no JSON, or not of the form of Vite's.
pub fn vite_outputs(manifest: &[u8]) -> Result<BTreeSet<String>, ViteError> {
    let chunks: BTreeMap<String, Chunk> = serde_json::from_slice(manifest)?;
    let mut named = BTreeMap::new();
    for (key, chunk) in &chunks {
        let source = chunk.name.as_deref().or(chunk.src.as_deref()).unwrap_or(key);
        named.insert(chunk.file.as_str(), stem(&chunk.file) != stem(source));
    }
    for file in chunks.values().flat_map(|chunk| chunk.css.iter().chain(&chunk.assets)) {
        named.entry(file).or_insert_with(|| has_hash(file));
    }
    Ok(named.into_iter().filter(|(_, is_hashed)| *is_hashed).map(|(file, _)| file.to_owned()).collect())
}

/// The base name without what comes after its last dot.
fn stem(path: &str) -> &str {
    let base = path.rsplit('/').next().unwrap_or(path);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem)
}

fn has_hash(path: &str) -> bool {
    let stem = stem(path).as_bytes();
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let tails = (0..stem.len()).filter(|at| matches!(stem[*at], b'-' | b'.')).map(|at| &stem[at + 1..]);
    tails.into_iter().any(|tail| tail.len() >= 8 && tail.iter().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_vite_writes() {
        let manifest = br#"{
            "_shared-B7PI925R.js": {"file": "assets/shared-B7PI925R.js", "name": "shared", "css": ["assets/shared-ChJ_j-JJ.css"]},
            "baz.js": {"file": "assets/baz-B2H3sXNv.js", "name": "baz", "src": "baz.js", "isDynamicEntry": true},
            "views/foo.js": {"file": "assets/foo-BRBmoGS9.js", "name": "foo", "src": "views/foo.js", "isEntry": true,
                "imports": ["_shared-B7PI925R.js"], "css": ["assets/foo-5UjPuW-k.css", "assets/all.css"],
                "assets": ["assets/logo.3f2504e0.svg"]},
            "plain.ts": {"file": "plain.js", "name": "plain", "src": "plain.ts", "isEntry": true},
            "a.svg": {"file": "assets/a-DvT9cYyH.svg", "src": "a.svg"}
        }"#;
        let outputs: Vec<_> = vite_outputs(manifest).unwrap().into_iter().collect();
        assert_eq!(
            outputs,
            [
                "assets/a-DvT9cYyH.svg",
                "assets/baz-B2H3sXNv.js",
                "assets/foo-5UjPuW-k.css",
                "assets/foo-BRBmoGS9.js",
                "assets/logo.3f2504e0.svg",
                "assets/shared-B7PI925R.js",
                "assets/shared-ChJ_j-JJ.css",
            ]
        );
    }

    #[test]
    fn what_is_no_manifest_is_an_error() {
        for text in ["", "[]", "{\"a\": 1}", "{\"a\": {}}"] {
            assert!(vite_outputs(text.as_bytes()).is_err(), "{text}");
        }
    }
}
