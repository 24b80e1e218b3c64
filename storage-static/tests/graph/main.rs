//! Names that follow from what files refer to.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod bad_input;
mod circles;
mod django;
mod kept;
mod missing;
mod properties;
#[path = "../support/mod.rs"]
mod support;
mod urls;
mod vite;

use std::fs;

use storage_static::cache::Cache;
use storage_static::graph::{Graph, Naming, Options, ReadFault, Style};
use storage_static::name::Algorithm;
use support::{content, folder, graph, served, text, told, tree, write};

#[test]
fn names_follow_what_is_referred_to() {
    let folder = folder(&[
        ("css/site.css", b"@import 'base.css';\na { background: url(../img/cat.png?v=1#top) }"),
        ("css/base.css", b"b { background: url(\"/static/img/cat.png\") }"),
        ("img/cat.png", b"cat"),
        ("js/app.js", b"import './lib.mjs';\nnew URL('../img/cat.png', import.meta.url);\n//# sourceMappingURL=app.js.map\n"),
        ("js/lib.mjs", b"export const a = 1;"),
        ("js/app.js.map", b"{}"),
    ]);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.is_good() && graph.problems().is_empty(), "{:?}", told(&graph));
    let [cat, base, lib, map] = ["img/cat.png", "css/base.css", "js/lib.mjs", "js/app.js.map"]
        .map(|path| served(&graph, path).rsplit('/').next().unwrap());
    assert_eq!(cat, "cat.d077f244def8.png");
    assert_eq!(
        text(&graph, "css/site.css"),
        format!("@import '{base}';\na {{ background: url(../img/{cat}?v=1#top) }}")
    );
    assert_eq!(text(&graph, "css/base.css"), format!("b {{ background: url(\"/static/img/{cat}\") }}"));
    assert_eq!(
        text(&graph, "js/app.js"),
        format!("import './{lib}';\nnew URL('../img/{cat}', import.meta.url);\n//# sourceMappingURL={map}\n")
    );
    // A name is by the bytes that are served.
    for output in graph.outputs() {
        let fingerprint = Algorithm::Md5.of(&content(&graph, &output.path));
        assert_eq!(output.served, storage_static::name::fingerprinted(&output.path, &fingerprint));
        assert_eq!(output.naming, Naming::Fingerprinted);
    }
    let app = graph.indexed(graph.output("js/app.js").unwrap());
    let names: Vec<_> =
        app.dependencies.iter().map(|known| format!("{} {}", known.kind, known.name)).collect();
    assert_eq!(names, ["import js/lib.mjs", "new URL() img/cat.png", "sourceMappingURL js/app.js.map"]);
    assert!(app.integrity.unwrap().starts_with("sha384-"));
    assert_eq!(graph.manifest().get("css/base.css"), Some(served(&graph, "css/base.css")));
}

#[test]
fn names_are_by_other_algorithms_too() {
    let folder = folder(&[("a.css", b"a{b:url(x.png)}"), ("x.png", b"abc")]);
    let options = Options::new().algorithm(Algorithm::Sha256).integrity(false).base_path("");
    let graph = graph(folder.path(), &options);
    assert_eq!(served(&graph, "x.png"), "x.ba7816bf8f01.png");
    assert_eq!(text(&graph, "a.css"), "a{b:url(x.ba7816bf8f01.png)}");
    assert_eq!(graph.indexed(graph.output("a.css").unwrap()).integrity, None);

    let options = Options::new().algorithm(Algorithm::Blake3);
    let graph = support::graph(folder.path(), &options);
    // BLAKE3 of "abc" begins so.
    assert_eq!(served(&graph, "x.png"), "x.6437b3ac3846.png");
    assert!(graph.indexed(graph.output("a.css").unwrap()).integrity.is_some());
}

#[test]
fn without_processing_names_stay_and_references_are_checked() {
    let folder = folder(&[("a.css", b"a{b:url(x.png),url(y.png)}"), ("x.png", b"x")]);
    let graph = graph(folder.path(), &Options::new().style(Style::Plain));
    assert_eq!(served(&graph, "a.css"), "a.css");
    assert_eq!(text(&graph, "a.css"), "a{b:url(x.png),url(y.png)}");
    assert!(!graph.is_good());
    assert_eq!(
        told(&graph),
        ["a.css:1:20: error: url() refers to y.png, which is not there; the nearest are x.png"]
    );
}

#[test]
fn a_name_is_found_in_another_normal_form() {
    let folder = folder(&[
        ("e\u{301}.png", b"x"),
        ("a.css", "a{b:url(\u{e9}.png),url(%C3%A9.png),url(e\u{301}.png)}".as_bytes()),
    ]);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.problems().is_empty(), "{:?}", told(&graph));
    let name = "e%CC%81.9dd4e461268c.png";
    assert_eq!(text(&graph, "a.css"), format!("a{{b:url({name}),url({name}),url({name})}}"));
}

#[test]
fn a_folder_is_found_in_another_normal_form() {
    let sources = [
        "a{b:url(\u{e9}/x.png?q),url('/static/%C3%A9/x.png#f'),url(./y/../\u{e9}/x.png)}",
        "a{b:url(x.png),url(../\u{e9}/x.png),url(../\u{e9}/y/z.png)}",
    ];
    let folder = folder(&[
        ("e\u{301}/x.png", b"x"),
        ("e\u{301}/y/z.png", b"x"),
        ("a.css", sources[0].as_bytes()),
        ("e\u{301}/b.css", sources[1].as_bytes()),
        ("y/b.mjs", "import '../\u{e9}/m.mjs'".as_bytes()),
        ("e\u{301}/m.mjs", b""),
    ]);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.problems().is_empty(), "{:?}", told(&graph));
    let name = "e%CC%81/x.9dd4e461268c.png";
    assert_eq!(
        text(&graph, "a.css"),
        format!("a{{b:url(./{name}?q),url('/static/{name}#f'),url(./{name})}}")
    );
    assert_eq!(
        text(&graph, "e\u{301}/b.css"),
        "a{b:url(x.9dd4e461268c.png),url(./x.9dd4e461268c.png),url(./y/z.9dd4e461268c.png)}"
    );
    assert_eq!(text(&graph, "y/b.mjs"), "import '../e%CC%81/m.d41d8cd98f00.mjs'");
}

#[test]
fn what_stays_as_it_is_is_not_found_in_another_normal_form() {
    let folder = folder(&[("e\u{301}.png", b"x"), ("a.css", "a{b:url(\u{e9}.png)}".as_bytes())]);
    let kept = storage_static::name::Fingerprinted::new().glob("a.css");
    for options in [Options::new().style(Style::Plain), Options::new().fingerprinted(kept)] {
        let graph = graph(folder.path(), &options);
        assert_eq!(
            told(&graph),
            [concat!(
                "a.css:1:9: error: url() refers to \u{e9}.png, which is not there; ",
                "but e\u{301}.png is, in another normal form of Unicode"
            )]
        );
        assert!(graph.output("a.css").unwrap().dependencies.is_empty());
    }
}

#[test]
fn a_file_that_changes_after_it_was_found_is_a_fault() {
    let folder = folder(&[("a.css", b"a{b:url(x.png)}"), ("x.png", b"x"), ("y.png", b"y"), ("z", b"z")]);
    let tree = tree(folder.path());
    write(folder.path(), "a.css", b"a{}");
    write(folder.path(), "x.png", b"xx");
    fs::remove_file(folder.path().join("y.png")).unwrap();
    let graph = Graph::build(&tree, &Options::default(), &Cache::none());
    assert!(!graph.is_good());
    let faults = graph.faults();
    assert!(
        matches!(
            faults,
            [ReadFault::Changed { .. }, ReadFault::Changed { .. }, ReadFault::Unreadable { .. }]
        ),
        "{faults:?}"
    );
}

#[test]
fn content_is_what_was_named_or_an_error() {
    let folder = folder(&[("a.css", b"a{b:url(x.png)}"), ("x.png", b"x")]);
    let graph = graph(folder.path(), &Options::default());
    write(folder.path(), "a.css", b"a{c:url(x.png)}");
    let site = graph.output("a.css").unwrap();
    assert!(matches!(graph.content(site), Err(ReadFault::Changed { .. })));
}
