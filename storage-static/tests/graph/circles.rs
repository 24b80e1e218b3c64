//! Files that lead to one another.

use std::collections::BTreeMap;

use storage_static::graph::Options;

use crate::support::{folder, graph, served, text};

const FILES: [(&str, &[u8]); 5] = [
    ("a.js", b"import './b.js'; import './leaf.js';"),
    ("b.js", b"import './c.js';"),
    ("c.js", b"import './a.js'; import './b.js';"),
    ("leaf.js", b"1"),
    ("top.js", b"import './a.js';"),
];

fn names(changed: Option<(&str, &[u8])>) -> BTreeMap<String, String> {
    let files = FILES.map(|(path, content)| match changed {
        Some((other, content)) if other == path => (path, content),
        _ => (path, content),
    });
    let folder = folder(&files);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.is_good());
    for output in graph.outputs() {
        for link in &output.dependencies {
            let target = &graph.outputs()[link.target].served;
            assert!(text(&graph, &output.path).contains(target.as_str()), "{} {target}", output.path);
        }
    }
    graph.manifest().iter().map(|(path, served)| (path.to_owned(), served.to_owned())).collect()
}

fn differing(changed: (&str, &[u8])) -> Vec<String> {
    let (before, after) = (names(None), names(Some(changed)));
    before.into_iter().filter(|(path, name)| after[path] != *name).map(|(path, _)| path).collect()
}

#[test]
fn all_of_a_circle_change_together() {
    assert_eq!(names(None), names(None));
    assert_eq!(differing(("leaf.js", b"2")), ["a.js", "b.js", "c.js", "leaf.js", "top.js"]);
    assert_eq!(
        differing(("c.js", b"import './a.js'; import './b.js' ;")),
        ["a.js", "b.js", "c.js", "top.js"]
    );
    assert_eq!(differing(("top.js", b"import './b.js';")), ["top.js"]);
    // The same names at other places are another circle.
    assert_eq!(differing(("c.js", b"import './b.js'; import './a.js';")), ["a.js", "b.js", "c.js", "top.js"]);
}

#[test]
fn a_file_may_lead_to_itself() {
    let folder = folder(&[("a.js", b"import './a.js'; export const b = 1;"), ("b.js", b"import './b.js';")]);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.is_good());
    assert_eq!(text(&graph, "a.js"), format!("import './{}'; export const b = 1;", served(&graph, "a.js")));
    assert_ne!(served(&graph, "a.js")[1..], served(&graph, "b.js")[1..]);
}

#[test]
fn a_group_digest_is_over_paths_lengths_and_bytes_with_tokens() {
    use storage_static::name::{Algorithm, fingerprinted};

    let folder =
        folder(&[("x/a.css", b"@import 'b.css';"), ("x/b.css", b"@import \"a.css\";b{}"), ("x/a.png", b"")]);
    let graph = graph(folder.path(), &Options::new().algorithm(Algorithm::Md5));
    let mut group = md5::Md5::default();
    for (path, bytes) in
        [("x/a.css", "@import 'b.000000000000.css';"), ("x/b.css", "@import \"a.000000000000.css\";b{}")]
    {
        use md5::Digest as _;
        group.update((path.len() as u64).to_be_bytes());
        group.update(path);
        group.update((bytes.len() as u64).to_be_bytes());
        group.update(bytes);
    }
    let group: [u8; 16] = md5::Digest::finalize(group).into();
    for path in ["x/a.css", "x/b.css"] {
        let fingerprint = Algorithm::Md5.of(&[&group[..], path.as_bytes()].concat());
        assert_eq!(served(&graph, path), fingerprinted(path, &fingerprint));
    }
}
