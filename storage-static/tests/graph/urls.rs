//! One file has one URL, whoever asks for it: as browsers compare them.

use storage_static::graph::Options;
use storage_static::references::Syntax;
use storage_static::resolve::Statics;
use url::Url;

use crate::support::{Random, content, folder, graph};

const BASE: &str = "https://example.org/static/";

/// Parts of paths: all characters that a file's name can have on any system, and some that it can on most.
const PARTS: [&str; 16] = [
    "a",
    "@lit",
    "a b",
    "b+c",
    "é",
    "日本",
    "(x)",
    "[id]",
    "it's",
    "a,b;c=d&e$f!",
    "100%",
    "x~y^z",
    "%40",
    "{a}|b",
    "q?r#s",
    "a:b*c",
];

fn path(random: &mut Random, extension: &str, number: usize) -> String {
    let folders: String =
        (0..random.below(3)).flat_map(|_| [PARTS[random.below(PARTS.len())], "/"]).collect();
    format!("{folders}{}{number}.{extension}", PARTS[random.below(PARTS.len())])
}

/// A path as somebody may write it in a URL that stands in quotes.
fn written(random: &mut Random, path: &str) -> String {
    let style = random.below(3);
    let byte = |byte: u8| {
        let must = byte <= b' ' || b"%?#\"'\\`".contains(&byte);
        let is_plain = byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
        match must || style == 1 && !is_plain || style == 2 && byte == b'@' {
            true => format!("%{byte:02x}").into_bytes(),
            false => vec![byte],
        }
    };
    String::from_utf8(path.bytes().flat_map(byte).collect()).unwrap()
}

#[test]
fn a_reference_that_is_rewritten_and_a_template_have_the_same_url() {
    let mut random = Random(17);
    let mut count = 0;
    for round in 0..60 {
        let leaf = path(&mut random, "png", 1);
        let (css, js) = (path(&mut random, "css", 2), path(&mut random, "mjs", 3));
        let refer = |random: &mut Random, from: &str, to: &str| {
            let way = ["", "./", "/static/", "/static//", ".//"][random.below(5)];
            let up = if way.starts_with("/static") {
                String::new()
            } else {
                "../".repeat(from.matches('/').count())
            };
            let dot = if way.is_empty() { "./" } else { way };
            format!("{dot}{up}{}", written(random, to))
        };
        let style = format!(
            "a{{b:url('{}');c:url(\"{}\")}}",
            refer(&mut random, &css, &leaf),
            refer(&mut random, &css, &leaf)
        );
        let script = format!(
            "import '{}';new URL(\"{}\", import.meta.url);",
            refer(&mut random, &js, &js),
            refer(&mut random, &js, &leaf)
        );
        let files = [(leaf.as_str(), &b"x"[..]), (&css, style.as_bytes()), (&js, script.as_bytes())];
        let folder = folder(&files);
        let graph = graph(folder.path(), &Options::default());
        assert!(graph.problems().is_empty(), "{round} {style} {script} {:?}", graph.problems());
        let statics = Statics::builder().base_url(BASE).manifest(&graph.manifest());
        for output in graph.outputs() {
            let own = Url::parse(&statics.url(&output.path).unwrap()).unwrap();
            assert_eq!(own.as_str(), statics.url(&output.path).unwrap(), "a browser changes nothing in it");
            let bytes = content(&graph, &output.path);
            let found = Syntax::of(&output.path).map(|syntax| syntax.find(&bytes)).unwrap_or_default();
            for (reference, link) in found.references.iter().zip(&output.dependencies) {
                let text = String::from_utf8(reference.text(&bytes).into_owned()).unwrap();
                let target = &graph.outputs()[link.target].path;
                assert_eq!(own.join(&text).unwrap().as_str(), statics.url(target).unwrap(), "{text}");
                count += 1;
            }
        }
    }
    assert_eq!(count, 60 * 4);
}
