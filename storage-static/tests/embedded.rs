//! Manifest and index as parts of a program: those of the example.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::path::Path;

use storage_static::graph::Options;
use storage_static::manifest::{Index, ManifestError};
use storage_static::resolve::{Destination, Statics};

const MANIFEST: &str = include_str!("../examples/embedded/staticfiles.json");
const INDEX: &str = include_str!("../examples/embedded/staticfiles.index.json");

#[test]
fn what_is_embedded_has_urls_integrity_and_preloads() {
    let statics = Statics::builder().parse_with_index(MANIFEST.as_bytes(), INDEX.as_bytes()).unwrap();
    let graph = support::graph(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/embedded/static"),
        &Options::default(),
    );
    let site = graph.output("site.css").unwrap();
    assert_eq!(statics.url("site.css").unwrap(), format!("/static/{}", site.served));
    assert_eq!(statics.integrity("site.css"), site.content.integrity().as_deref());
    let preloads = statics.preloads("site.css").unwrap();
    assert_eq!(preloads.len(), 1);
    assert_eq!(preloads[0].destination, Destination::Image);
    // It is what comes of these files.
    let mut index = Index::new("example", 0, graph.manifest().hash());
    index.files = graph.outputs().iter().map(|output| (output.path.clone(), graph.indexed(output))).collect();
    assert_eq!((MANIFEST, INDEX), (graph.manifest().to_json().as_str(), index.to_json().as_str()));
}

#[test]
fn what_cannot_be_read_or_does_not_belong_together_is_an_error() {
    let parse = |manifest: &str, index: &str| {
        Statics::builder().parse_with_index(manifest.as_bytes(), index.as_bytes())
    };
    assert!(matches!(parse("{", INDEX), Err(ManifestError::Broken { .. })));
    assert!(matches!(parse(MANIFEST, "{"), Err(ManifestError::Broken { .. })));
    assert!(matches!(parse(MANIFEST, MANIFEST), Err(ManifestError::Version { .. })));
    let error = parse(&MANIFEST.replace("site.css", "other.css"), INDEX).unwrap_err();
    assert!(error.to_string().contains("the index is of the deploy example"), "{error}");
}
