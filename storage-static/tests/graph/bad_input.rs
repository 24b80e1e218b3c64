//! Files that no parser accepts, and large ones.

use storage_static::graph::Options;

use crate::support::{content, folder, graph};

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
fn a_large_bundle_on_one_line_is_taken() {
    let mut bundle = b"import'./x.js';".to_vec();
    while bundle.len() < 2_000_000 {
        bundle.extend_from_slice(
            b"function a(b,c){return b/c+/[/'\"]/g.test(`${b}`)?\"import'./y.js'\":{d:[1,2,c]}}",
        );
    }
    bundle.extend_from_slice(b"import(\"./x.js\");");
    let folder = folder(&[("bundle.js", &bundle), ("x.js", b"1")]);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.is_good());
    let bundle = graph.output("bundle.js").unwrap();
    assert_eq!(bundle.dependencies.len(), 2);
    assert_eq!(bundle.content.size(), bundle.source.size() + 26);
}
