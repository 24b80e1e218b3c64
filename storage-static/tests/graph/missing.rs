//! References to what is not there.

use storage_static::graph::{Action, MissingPolicy, Options, Severity};
use storage_static::references::Kind;

use crate::support::{folder, graph, text, told};

#[test]
fn all_are_told_at_once_with_their_places() {
    let folder = folder(&[
        ("css/a.css", b"\xef\xbb\xbfa {}\r\nb { background: url(../img/CAT.png) }\n@import 'no.css';\n/*# sourceMappingURL=a.css.map */"),
        ("img/cat.png", b""),
        ("js/a.js", b"import './b';\nimport('./c.mjs');\nimport 'bare';\nimport x from '../../../../up.js';\nimport(y);"),
        ("js/b.js", b"/* never closed"),
    ]);
    let graph = graph(folder.path(), &Options::default());
    assert_eq!(
        told(&graph),
        [
            "css/a.css:2:21: error: url() refers to img/CAT.png, which is not there; but img/cat.png is, with other capital letters",
            "css/a.css:3:10: error: @import refers to css/no.css, which is not there; the nearest are css/a.css",
            "css/a.css:4:22: warning: sourceMappingURL refers to css/a.css.map, which is not there",
            "js/a.js:1:9: warning: import refers to js/b, which is not there",
            "js/a.js:2:9: error: import() refers to js/c.mjs, which is not there",
            "js/a.js:4:16: warning: import climbs above the root of static files, and stays as it is",
            "js/a.js:5:1: info: the argument of import() is computed: what it loads is not rewritten",
        ]
    );
    assert!(!graph.is_good());
    // What is not there stays as it is.
    assert!(text(&graph, "js/a.js").starts_with("import './b';\nimport('./c.mjs');"));
}

#[test]
fn a_policy_decides() {
    let folder =
        folder(&[("vendor/a.css", b"a{b:url(x.png)}"), ("a.js", b"import './x.js';import './y.ts';")]);
    let policy = MissingPolicy::default()
        .rule(None, "vendor/*", Action::Warn)
        .rule(Kind::JsImport, "*.ts", Action::Ignore)
        .rule(Kind::JsImport, "*", Action::Error);
    let graph = graph(folder.path(), &Options::new().missing(policy));
    let severities: Vec<_> = graph.problems().iter().map(|problem| problem.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Warning]);
}
