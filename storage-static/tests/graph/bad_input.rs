//! Files that no parser accepts, and large ones.

use std::fs;

use storage_static::cache::Cache;
use storage_static::find::{Ignore, find};
use storage_static::graph::{Graph, Options, ReadFault};

use crate::support::{content, folder, graph, served, text, told};

#[test]
fn bytes_that_are_no_references_are_copied_as_they_are() {
    let files: [(&str, &[u8]); 8] = [
        ("latin.css", b"\xe9{b:url(x.png)}\r\n\xff\xfe"),
        ("bom.css", b"\xef\xbb\xbfa{b:url('x.png')}\r\n"),
        ("open.css", b"a{b:url(x.png);c:'\n}/* "),
        ("open.js", b"import './m.js';\r\n`${"),
        ("nul.js", b"\0import './m.js';\0\xff"),
        ("utf16.css", b"\xff\xfea\0{\0}\0"),
        ("m.js", b""),
        ("x.png", b"x"),
    ];
    let folder = folder(&files);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.is_good(), "{:?}", graph.problems());
    for (path, source) in files {
        let mut expected = Vec::new();
        let mut rest = source;
        while let Some((byte, tail)) = rest.split_first() {
            let (from, to): (&[u8], &[u8]) = match rest {
                [b'x', b'.', ..] => (b"x.", b"x.9dd4e461268c."),
                [b'm', b'.', ..] => (b"m.", b"m.d41d8cd98f00."),
                _ => {
                    expected.push(*byte);
                    rest = tail;
                    continue;
                }
            };
            expected.extend(to);
            rest = &rest[from.len()..];
        }
        assert_eq!(content(&graph, path), expected, "{path}");
    }
}

#[test]
fn what_no_parser_accepts_is_told_with_its_place() {
    let folder = folder(&[
        ("bad/comment.css", b"a{}\r\n\xc3\xa9 /* never closed"),
        ("bad/string.css", b"a{b:'\n}"),
        ("bad/url.css", b"a{\n  b:url(x y)}"),
        ("bad/regex.js", b"import './m.js';\nlet a = /open\n"),
        ("bad/string.js", b"export { b } from './m.js';\n  let a = 'open\n"),
        ("bad/template.mjs", b"import('./m.js'); a`${b}"),
        ("bad/m.js", b""),
    ]);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.is_good());
    let told: Vec<_> = told(&graph)
        .iter()
        .map(|line| line.split(": this is never closed").next().unwrap().to_owned())
        .collect();
    assert_eq!(
        told,
        [
            "bad/comment.css:2:3: info",
            "bad/regex.js:2:9: info",
            "bad/string.css:1:5: info",
            "bad/string.js:2:11: info",
            "bad/template.mjs:1:25: info",
            "bad/url.css:2:5: info",
        ]
    );
}

/// Bytes that are hard for a lexer, in one line: each of them is looked at a few times only, or this would not end.
#[test]
fn a_bundle_of_fifty_megabytes_on_one_line_is_taken() {
    const UNIT: &[u8] = b"function a(b,c){return b/c+/[/'\"]/g.test(`${b}`)?\"import'./y.js'\":{d:[1,2,c]}}";
    let mut bundle = b"import'./x.js';".to_vec();
    bundle.extend(UNIT.repeat(50_000_000 / UNIT.len()));
    bundle.extend_from_slice(b"import(\"./x.js\");");
    let folder = folder(&[("bundle.js", &bundle), ("x.js", b"1")]);
    let graph = graph(folder.path(), &Options::new().integrity(false));
    assert!(graph.is_good() && graph.problems().is_empty());
    let output = graph.output("bundle.js").unwrap();
    assert_eq!(output.dependencies.len(), 2);
    let (name, rewritten) = (served(&graph, "x.js"), content(&graph, "bundle.js"));
    let ends = [format!("import'./{name}';"), format!("import(\"./{name}\");")];
    assert!(rewritten.starts_with(ends[0].as_bytes()) && rewritten.ends_with(ends[1].as_bytes()));
    let between = ends[0].len()..rewritten.len() - ends[1].len();
    assert!(rewritten[between] == bundle[15..bundle.len() - 17]);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_named() {
    use std::os::unix::fs::symlink;

    let folder = folder(&[("a.css", b"a{b:url(x.png)}"), ("x.png", b"x"), ("aside/y.png", b"y")]);
    symlink("loop", folder.path().join("loop")).unwrap();
    // Permissions do not keep root out; names that are too long keep out everybody.
    symlink("l".repeat(300), folder.path().join("long")).unwrap();
    symlink("x.png/y", folder.path().join("through")).unwrap();
    let found = find(&[folder.path().into()], &Ignore::default());
    let told = found.faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told.len(), 3, "{told:?}");
    for (line, link) in told.iter().zip(["long", "loop", "through"]) {
        assert!(line.ends_with(&format!("/{link} cannot be read")), "{line}");
    }
    // And a folder that was there when it was looked at, and is no folder any more when its files are read.
    fs::remove_dir_all(folder.path().join("aside")).unwrap();
    fs::write(folder.path().join("aside"), "").unwrap();
    let graph = Graph::build(&found, &Options::default(), &Cache::none());
    assert!(!graph.is_good());
    assert!(matches!(graph.faults(), [ReadFault::Unreadable { .. }]), "{:?}", graph.faults());
    assert_eq!(text(&graph, "a.css"), "a{b:url(x.9dd4e461268c.png)}");
}
