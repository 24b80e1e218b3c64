//! What holds for any tree, tried on many.

use std::collections::{BTreeMap, BTreeSet};

use storage_static::graph::{Graph, Options};
use storage_static::name::Fingerprinted;
use storage_static::references::{Syntax, Target};

use crate::support::{Random, content, folder, graph};

/// The files of a tree: of each its content without references, and the numbers of the files that it refers to.
#[derive(Clone)]
struct Made {
    files: Vec<(String, String, Vec<usize>)>,
}

impl Made {
    fn new(random: &mut Random) -> Self {
        let count = 2 + random.below(12);
        let names: Vec<_> = (0..count)
            .map(|at| {
                let folder = ["", "x/", "x/y/", "z é/"][random.below(4)];
                let extension = ["css", "js", "mjs", "png"][random.below(4)];
                format!("{folder}f{at}.{extension}")
            })
            .collect();
        let files = names.into_iter().map(|name| {
            let is_leaf = name.ends_with("png");
            let targets =
                (0..if is_leaf { 0 } else { random.below(4) }).map(|_| random.below(count)).collect();
            (name, format!("/* {} */", random.below(3)), targets)
        });
        Self { files: files.collect() }
    }

    fn source(&self, at: usize) -> String {
        let (path, content, targets) = &self.files[at];
        let up = "../".repeat(path.matches('/').count());
        let references = targets.iter().map(|target| {
            let target = self.files[*target].0.replace(' ', "%20");
            match (path.ends_with("css"), target.len().is_multiple_of(2)) {
                (true, true) => format!("a{{b:url('{up}{target}')}}"),
                (true, false) => format!("a{{b:url(/static/{target}?x)}}"),
                (false, true) => format!("import './{up}{target}';"),
                (false, false) => format!("import('/static/{target}');"),
            }
        });
        format!("{content}{}", references.collect::<String>())
    }

    fn graph(&self, order: impl Iterator<Item = usize>) -> (tempfile::TempDir, Graph) {
        let sources: Vec<_> = order.map(|at| (self.files[at].0.as_str(), self.source(at))).collect();
        let files: Vec<_> = sources.iter().map(|(path, source)| (*path, source.as_bytes())).collect();
        let folder = folder(&files);
        let graph = graph(folder.path(), &Options::default());
        assert!(graph.is_good(), "{:?}", graph.problems());
        (folder, graph)
    }

    /// Those that lead to a file, however indirectly, and itself.
    fn leading_to(&self, at: usize) -> BTreeSet<&str> {
        let mut reached = BTreeSet::from([at]);
        loop {
            let before = reached.len();
            for (from, (_, _, targets)) in self.files.iter().enumerate() {
                if targets.iter().any(|target| reached.contains(target)) {
                    reached.insert(from);
                }
            }
            if reached.len() == before {
                return reached.into_iter().map(|at| self.files[at].0.as_str()).collect();
            }
        }
    }
}

fn names(graph: &Graph) -> BTreeMap<String, String> {
    graph.manifest().iter().map(|(path, served)| (path.to_owned(), served.to_owned())).collect()
}

#[test]
fn a_name_changes_if_and_only_if_something_that_it_leads_to_has() {
    let mut random = Random(7);
    let mut had_circles = 0;
    for _ in 0..60 {
        let made = Made::new(&mut random);
        let (_folder, before) = made.graph(0..made.files.len());
        let changed = random.below(made.files.len());
        let mut other = made.clone();
        other.files[changed].1.push_str("/* changed */");
        let (_folder, after) = other.graph(0..made.files.len());
        let (before, after) = (names(&before), names(&after));
        let differ: BTreeSet<_> = before
            .iter()
            .filter(|(path, name)| after[*path] != **name)
            .map(|(path, _)| path.as_str())
            .collect();
        assert_eq!(differ, made.leading_to(changed));
        had_circles += usize::from(
            made.files[changed]
                .2
                .iter()
                .any(|target| made.leading_to(changed).contains(made.files[*target].0.as_str())),
        );
    }
    assert!(had_circles > 5, "{had_circles}");
}

#[test]
fn names_do_not_depend_on_the_order_in_which_files_are_found() {
    let mut random = Random(11);
    for _ in 0..20 {
        let made = Made::new(&mut random);
        let (_folder, one) = made.graph(0..made.files.len());
        let (_folder, other) = made.graph((0..made.files.len()).rev());
        assert_eq!(names(&one), names(&other));
    }
}

#[test]
fn what_is_rewritten_points_at_what_is_served() {
    let mut random = Random(13);
    let mut count = 0;
    for _ in 0..40 {
        let made = Made::new(&mut random);
        let (_folder, graph) = made.graph(0..made.files.len());
        let served: BTreeSet<_> = graph.outputs().iter().map(|output| output.served.as_str()).collect();
        assert_eq!(served.len(), graph.outputs().len());
        for output in graph.outputs() {
            let bytes = content(&graph, &output.path);
            assert_eq!(bytes.len() as u64, output.content.size());
            let Some(syntax) = Syntax::of(&output.path) else { continue };
            for reference in syntax.find(&bytes).references {
                let Target::Local { path } = reference.target(&bytes, &output.served, "/static/") else {
                    panic!()
                };
                assert!(served.contains(path.as_str()), "{path}");
                count += 1;
            }
        }
    }
    assert!(count > 200, "{count}");
}

#[test]
fn a_chain_may_be_long() {
    let names: Vec<_> = (0..2_000).map(|at| format!("f{at}.css")).collect();
    let sources: Vec<_> = (1..=2_000).map(|at| format!("@import 'f{at}.css';")).collect();
    let mut files: Vec<_> =
        names.iter().zip(&sources).map(|(name, source)| (name.as_str(), source.as_bytes())).collect();
    files.last_mut().unwrap().1 = b"a{}";
    let folder = folder(&files);
    let graph = graph(folder.path(), &Options::default());
    assert!(graph.is_good());
    let first = String::from_utf8(content(&graph, "f0.css")).unwrap();
    assert_eq!(first, format!("@import '{}';", graph.output("f1.css").unwrap().served));
}

/// Each way to refer to a file of a bundler, and what is around references or only looks like one.
const STYLE: [&[u8]; 12] = [
    b"a{b:url(x.png)}",
    b"a{b:url( 'x.png?v=1#f' )}",
    b"@import/**/\"%78.css\" layer(y);",
    b"a{b:url(\\78 .png)}",
    b"a{b:image-set('./y/../x.png' 1x)}",
    b"a{b:url(.//x.png)}",
    b"\xef\xbb\xbf",
    b"/* url(x.png) \xff\xfe */\r\n",
    b"a{b:'x\n;c:url(x y)}\r",
    b"@namespace url(x.png);",
    b"\0\\",
    b"/*# sourceMappingURL=x.css.map */",
];
const SCRIPT: [&[u8]; 12] = [
    b"import './x.js';",
    b"import a,{b as c}from\"./%78.js\"\n",
    b"export*from'./\\u{78}.js';",
    b"`${import(`./x.js`)}`;",
    b"new URL('.//x.png',import.meta.url);",
    b"import('./x.js',{with:{type:'x'}});",
    b"\xef\xbb\xbf",
    b"/* import './x.js' \xff\xfe */\r\n",
    b"a = b / c; /['\"]/.test(d)\r",
    b"import(e);",
    b"'\\\r\n\0';",
    b"//# sourceMappingURL=x.js.map\n",
];

/// Where all names stay what they are, so do all bytes: whatever stands in a file, and however it refers to others.
#[test]
fn rewriting_to_the_names_that_are_there_changes_nothing() {
    let mut random = Random(19);
    let mut count = 0;
    for round in 0..80 {
        let mut pick = |parts: &[&[u8]; 12]| -> Vec<u8> {
            (0..=random.below(12)).flat_map(|_| parts[random.below(parts.len())].to_vec()).collect()
        };
        let (style, script) = (pick(&STYLE), pick(&SCRIPT));
        let others = ["x.png", "x.css", "x.css.map", "x.js", "x.js.map"].map(|path| (path, &b""[..]));
        let files = [&others[..], &[("app.css", &style[..]), ("app.js", &script)]].concat();
        let folder = folder(&files);
        let options = Options::new().fingerprinted(Fingerprinted::new().glob("x.*"));
        let graph = graph(folder.path(), &options);
        for (path, source) in [("app.css", style), ("app.js", script)] {
            let output = graph.output(path).unwrap();
            assert!(!output.is_rewritten, "{round}: {}", String::from_utf8_lossy(&source));
            assert_eq!(content(&graph, path), source);
            count += output.dependencies.iter().filter(|link| link.is_renamed).count();
        }
    }
    assert!(count > 200, "{count}");
}
