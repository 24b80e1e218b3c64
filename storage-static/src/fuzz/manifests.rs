//! Manifests, indexes and Vite's manifests: what is read is written so that it is read the same again.

use crate::manifest::{Index, Manifest};
use crate::name::ViteManifest;

/// Ones that are good, and ones that are nearly so.
pub const SEEDS: &[&[u8]] = &[
    br#"{"paths": {"a.css": "a.0123456789ab.css", "\u00e9\ud83d\ude00": "\u007f"}, "version": "1.1", "hash": "0"}"#,
    br#"{"paths": {}, "version": "1.0"}"#,
    br#"{"version":1,"deploy":"d","created":0,"manifest_hash":"","files":{"a":{"dependencies":[{"name":"b","kind":"import"}]}},
        "objects":{"a":{"size":1,"md5":"0"}}}"#,
    br#"{"a.js":{"file":"assets/a-BRBmoGS9.js","src":"a.js","css":["x-1234567a.css"],"dynamicImports":["a.js"]}}"#,
    b"[[[[[[[[[[",
];

/// Takes the input for each of them.
pub fn run(data: &[u8]) {
    if let Ok(manifest) = Manifest::parse(data) {
        let json = manifest.to_json();
        assert!(json.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{json}");
        assert_eq!(Manifest::parse(json.as_bytes()).unwrap(), manifest);
        assert!(json.ends_with(&format!("\"{}\"}}", manifest.hash())));
    }
    if let Ok(index) = Index::parse(data) {
        assert_eq!(Index::parse(index.to_json().as_bytes()).unwrap(), index);
    }
    if let Ok(vite) = ViteManifest::parse(data) {
        assert!(vite.fingerprinted().len() + vite.sources().count() <= data.len());
        assert!(vite.needs().all(|(_, needed)| needed.len() <= data.len()));
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("manifests", run, SEEDS);
}
