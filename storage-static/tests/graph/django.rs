//! Django's style; whole manifests are compared with Django's by `cargo xtask oracle`.

use storage_static::graph::{Action, MissingPolicy, Naming, Options, Severity, Style};
use storage_static::references::Kind;

use crate::support::{folder, graph, served, text, told};

const IMPORTS: Style = Style::Django { imports: true };

#[test]
fn what_django_rewrites_is_printed_as_it_does() {
    let folder = folder(&[
        ("css/a.css", b"@import 'b.css';\na{b:url('x.png')}"),
        ("css/b.css", b"a{}"),
        ("css/x.png", b"x"),
    ]);
    let graph = graph(folder.path(), &Options::new().style(IMPORTS));
    assert!(graph.is_good(), "{:?}", told(&graph));
    let base = served(&graph, "css/b.css").strip_prefix("css/").unwrap();
    assert_eq!(
        text(&graph, "css/a.css"),
        format!("@import url(\"{base}\");\na{{b:url(\"x.9dd4e461268c.png\")}}")
    );
}

#[test]
fn what_django_misses_is_told_and_stays() {
    let folder = folder(&[
        ("a.css", b"a{b:image-set('x.png' 1x)}"),
        ("a.js", b"import './b.js'; import('./c.js');"),
        ("b.js", b""),
        ("c.js", b""),
        ("x.png", b"x"),
    ]);
    let graph = graph(folder.path(), &Options::new().style(Style::Django { imports: false }));
    assert!(graph.is_good());
    let told = told(&graph);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].starts_with("a.css:1:16: info: Django does not rewrite this image-set(): x.png"),
        "{told:?}"
    );
    let script = graph.output("a.js").unwrap();
    assert!(!script.is_rewritten);
    // It asks for plain names: to preload the others would be in vain.
    assert_eq!(graph.indexed(script).dependencies, []);
}

#[test]
fn where_django_stops_we_do_not() {
    let folder = folder(&[
        ("a.js", b"import { a } from \"./b.js\";\n"),
        ("b.js", b"import { b } from \"./a.js\";\n\"import x from './gone.js'\";\n"),
        ("c.css", b"a{b:url(/static/c.css)}"),
    ]);
    let graph = graph(folder.path(), &Options::new().style(IMPORTS));
    assert!(graph.is_good(), "{:?}", told(&graph));
    for output in graph.outputs() {
        assert_eq!(output.naming, Naming::Fingerprinted);
        assert!(output.is_rewritten, "{}", output.path);
    }
    assert!(text(&graph, "a.js").contains(served(&graph, "b.js")));
    assert!(text(&graph, "b.js").contains(served(&graph, "a.js")));
}

#[test]
fn a_name_by_what_a_file_was_before_is_told() {
    let folder = folder(&[
        ("a.css", b"a{b:url(b.css);c:url(b.css?x)}"),
        ("b.css", b"a{b:url(x.png)}"),
        ("x.png", b"x"),
    ]);
    let graph = graph(folder.path(), &Options::new().style(IMPORTS));
    let told = told(&graph);
    assert!(
        told.len() == 1 && told[0].starts_with("a.css:1:18: warning: Django names b.css here by what it was"),
        "{told:?}"
    );
}

#[test]
fn what_is_missing_stops_nobody() {
    let files: [(&str, &[u8]); 3] = [
        ("a.css", b"a{b:url(gone.png);c:image-set('gone.png' 1x)}"),
        ("a.js", b"import './gone.js'; import { b } from './gone.js';\n//# sourceMappingURL=gone.map"),
        ("m.mjs", b"import './gone.js'"),
    ];
    let folder = folder(&files);
    for (imports, severity) in [(true, "warning"), (false, "info")] {
        let graph = graph(folder.path(), &Options::new().style(Style::Django { imports }));
        assert!(graph.is_good() && graph.manifest().len() == 3);
        let told: Vec<_> =
            told(&graph).iter().map(|line| line.split(" refers").next().unwrap().to_owned()).collect();
        assert_eq!(
            told,
            [
                "a.css:1:9: warning: url()".to_owned(),
                "a.css:1:32: info: image-set()".to_owned(),
                format!("a.js:1:9: {severity}: import"),
                format!("a.js:1:40: {severity}: import"),
                "a.js:2:22: warning: sourceMappingURL".to_owned(),
                "m.mjs:1:9: info: import".to_owned(),
            ]
        );
        for (path, source) in files {
            assert_eq!(text(&graph, path).as_bytes(), source);
        }
    }
    // What somebody has asked for goes first.
    let policy =
        MissingPolicy::default().rule(Kind::JsImport, "*", Action::Error).rule(None, "*", Action::Ignore);
    let graph = graph(folder.path(), &Options::new().style(IMPORTS).missing(policy));
    assert_eq!(graph.problems().len(), 3);
    assert!(graph.problems().iter().all(|problem| problem.severity == Severity::Error));
}
