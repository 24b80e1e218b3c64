use super::*;

/// Every file is there but those that are called so; the two kinds of names are told apart.
struct Fake;

impl Names for Fake {
    fn hashed(&mut self, path: &str) -> Option<String> {
        let is_plain = !path.contains([' ', '?', ';', '%', '\r', '\t']);
        (is_plain && !path.contains("missing")).then(|| named(path, "final"))
    }

    fn hashed_unprocessed(&mut self, path: &str) -> Option<String> {
        (!path.contains("missing")).then(|| named(path, "first"))
    }
}

fn named(path: &str, hash: &str) -> String {
    let base = path.rfind('/').map_or(0, |slash| slash + 1);
    let dots = path[base..].len() - path[base..].trim_start_matches('.').len();
    match path[base + dots..].rfind('.') {
        Some(dot) => format!("{}.{hash}{}", &path[..base + dots + dot], &path[base + dots + dot..]),
        None => format!("{path}.{hash}"),
    }
}

fn rewritten(source: &str, file: &str) -> Rewritten {
    rewrite(source.as_bytes(), file, Settings { static_url: "/static/", imports: true }, &mut Fake)
}

#[track_caller]
fn check(file: &str, cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        let bytes = rewritten(source, file).bytes;
        assert_eq!(String::from_utf8_lossy(&bytes), *expected, "{source}");
    }
}

// What is expected was printed by Django 6.1.3's own code for these names.

#[test]
fn css_is_printed_as_django_prints_it() {
    check(
        "css/site.css",
        &[
            ("a{b:url(x.png)}", "a{b:url(\"x.final.png\")}"),
            ("a{b:URL(' x.png')}", "a{b:url(\"x.final.png\")}"),
            ("a{b:my-url(../x.png#y)}", "a{b:my-url(\"../x.final.png#y\")}"),
            ("a{b:url(x.eot?#iefix)}", "a{b:url(\"x.final.eot?#iefix\")}"),
            ("a{b:url(x.eot?v=1#y)}", "a{b:url(\"x.first.eot?v=1#y\")}"),
            ("a{b:url( x.png )}", "a{b:url(\"x.first.png\")}"),
            ("a{b:url(x%20y.png)}", "a{b:url(\"x y.first.png\")}"),
            ("a{b:url(/static/i/x.png)}", "a{b:url(\"/static/i/x.final.png\")}"),
            (
                "a{b:url(/x.png)url(//x)url(http://x)url(#x)url()}",
                "a{b:url(/x.png)url(//x)url(http://x)url(#x)url()}",
            ),
            ("a{b:url(img/)}", "a{b:url(\"img/\")}"),
            ("a{b:url(missing.png)}", "a{b:url(missing.png)}"),
            ("/* url(x) */'url(y)'\"url(z)\"", "/* url(x) */'url(y)'\"url(z)\""),
            ("a{b:url(\"missing.png)} c{d:url(y.png)}", "a{b:url(\"missing.png)} c{d:url(\"y.final.png\")}"),
            ("@import 'x.css' screen;", "@import url(\"x.final.css\") screen;"),
            (
                "@IMPORT\"x.css\";@import url(y.css);",
                "@import url(\"x.final.css\");@import url(\"y.final.css\");",
            ),
            ("a{}\n/*# sourceMappingURL=x.css.map */", "a{}\n/*# sourceMappingURL=x.css.first.map */"),
            ("a{}\n/*# sourceMappingURL=x.css.map*/\n", "a{}\n/*# sourceMappingURL=x.css.final.map */\n"),
            ("a{} /*# sourceMappingURL=x.css.map */", "a{} /*# sourceMappingURL=x.css.map */"),
            ("a{}\n/*# sourceMappingURL=x.css.map */\r\n", "a{}\n/*# sourceMappingURL=x.css.map */\r\n"),
        ],
    );
}

#[test]
fn javascript_is_printed_as_django_prints_it() {
    check(
        "main.js",
        &[
            ("import{a}from'./x.js'", "import{a} from \"./x.final.js\""),
            ("import a\n from\n './x.js';", "import a from \"./x.final.js\";"),
            ("import*as a from'./x.js'", "import*as a from \"./x.final.js\""),
            ("import * as a from './x.js'", "import * as a from \"./x.final.js\""),
            ("import a from 'x.js'", "import a from 'x.js'"),
            ("import a; b from './x.js'", "import a; b from './x.js'"),
            ("export{a}from'./x.js'", "export{a} from \"./x.final.js\""),
            ("export * from './x.js'", "export * from \"./x.final.js\""),
            ("export*from'./x.js'", "export*from'./x.js'"),
            ("import'./x.js'", "import\"./x.final.js\""),
            ("IMPORT  \"./x.js\"", "import\"./x.final.js\""),
            ("import('./x.js')", "import(\"./x.final.js\")"),
            ("import( './x.js')", "import( './x.js')"),
            ("// import './x.js'\n'import './x.js", "// import './x.js'\n'import './x.js"),
            ("a()\n//# sourceMappingURL=x.js.map\n", "a()\n//# sourceMappingURL=x.js.final.map\n"),
            ("a()\n//# sourceMappingURL=x.js.map\r\n", "a()\n//# sourceMappingURL=x.js.first.map\n"),
            ("a() //# sourceMappingURL=x.js.map\n", "a() //# sourceMappingURL=x.js.map\n"),
        ],
    );
}

#[test]
fn imports_are_left_unless_asked_for() {
    let source = b"import './x.js'\n//# sourceMappingURL=x.map";
    let rewritten = rewrite(source, "a.js", Settings { static_url: "/static/", imports: false }, &mut Fake);
    assert_eq!(rewritten.bytes, b"import './x.js'\n//# sourceMappingURL=x.final.map");
}

#[test]
fn other_files_are_left() {
    for file in ["a.mjs", "a.CSS", "a.html"] {
        assert_eq!(rewritten("@import 'x.css'; import './x.js'", file).spans, []);
    }
}

#[test]
fn what_was_rewritten_is_told_by_its_place_at_first() {
    let source = "@import 'x.css'; a{b:url(y.png) url(missing.png)}";
    let rewritten = rewritten(source, "css/a.css");
    let texts: Vec<_> = rewritten.spans.iter().map(|span| &source[span.clone()]).collect();
    assert_eq!(texts, ["url(y.png)", "@import 'x.css'"]);
    let [missing] = rewritten.missing.as_slice() else { panic!("{:?}", rewritten.missing) };
    assert_eq!(
        (&source[missing.span.clone()], missing.path.as_str()),
        ("url(missing.png)", "css/missing.png")
    );
}

#[test]
fn what_django_misses_is_told() {
    let source = "@import url(x.css);a{b:image-set('y.png' 1x);c:u\\72l(z.png);d:url( 'v.png')}/* url(u) */";
    let found = Syntax::Css.find(source.as_bytes());
    let rewritten = rewritten(source, "a.css");
    let missed: Vec<_> = rewritten.missed(&found).iter().map(|missed| &source[missed.span.clone()]).collect();
    assert_eq!(missed, ["y.png", "z.png"]);
    let source = "import('./a.js');import(`./b.js`);import './c.js'";
    let found = Syntax::Js.find(source.as_bytes());
    let settings = Settings { static_url: "/static/", imports: false };
    assert_eq!(rewrite(source.as_bytes(), "a.js", settings, &mut Fake).missed(&found).len(), 3);
}

#[test]
fn no_input_takes_long() {
    let units = [
        "url(",
        "url(\"",
        "url('x",
        "url( ",
        "@import",
        "@import ",
        "@import '",
        "import ",
        "import{",
        "import*as ",
        "export ",
        "from'",
        "from './",
        "import('./",
        "import\"./",
        "'",
        "\"",
        "`",
        "/*",
        "\\",
        "from ",
        "x",
        " ",
        "import from",
        "\n/*# sourceMappingURL=",
        "/*# sourceMappingURL=a*/",
        "\n//# sourceMappingURL=x",
        ";",
    ];
    for unit in units {
        let source = unit.repeat(100_000 / unit.len());
        for file in ["a.css", "a.js"] {
            let rewritten = rewritten(&source, file);
            assert!(rewritten.spans.len() <= source.len(), "{unit}");
        }
    }
}
