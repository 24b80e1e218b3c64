//! Files that a bundler has named.

use storage_static::graph::{Naming, Options};
use storage_static::name::Fingerprinted;

use crate::support::{folder, graph, served, text};

#[test]
fn names_and_bytes_of_a_bundler_stay() {
    let folder = folder(&[
        ("assets/main-BRBmoGS9.js", b"import './shared-B7PI925R.js'; import '../plain.js';"),
        ("assets/shared-B7PI925R.js", b"1"),
        ("plain.js", b"import './assets/main-BRBmoGS9.js';"),
        ("img.png", b"x"),
        ("site.css", b"a{b:url(img.png),url(assets/main-BRBmoGS9.js)}"),
    ]);
    let options = Options::new().fingerprinted(Fingerprinted::new().glob("assets/*-????????.*"));
    let graph = graph(folder.path(), &options);
    assert!(graph.is_good());
    let main = graph.output("assets/main-BRBmoGS9.js").unwrap();
    assert_eq!(
        (main.served.as_str(), main.naming, main.is_rewritten),
        ("assets/main-BRBmoGS9.js", Naming::Kept, false)
    );
    // It still says what it says, and that is known.
    assert_eq!(main.dependencies.len(), 2);
    assert!(main.dependencies.iter().all(|link| !link.is_renamed));
    assert_eq!(text(&graph, "site.css"), "a{b:url(img.9dd4e461268c.png),url(assets/main-BRBmoGS9.js)}");
    assert!(!graph.output("plain.js").unwrap().is_rewritten);
    assert_eq!(served(&graph, "plain.js").len(), "plain.0123456789ab.js".len());
}
