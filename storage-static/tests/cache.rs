//! What is kept between runs, and what it is worth when it is not what it was.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use storage_static::cache::Cache;
use storage_static::graph::{Graph, Options, Style};
use support::{folder, served, tree, write};

const FILES: [(&str, &[u8]); 6] = [
    ("a.css", b"@import 'b.css';a{b:url(x.png)}"),
    ("b.css", b"a{b:url(gone.png)}"),
    ("x.png", b"x"),
    ("one.js", b"import './two.js';"),
    ("two.js", b"import './one.js';import(a)"),
    ("y", b"y"),
];

fn build(root: &Path, kept: &Path, options: &Options) -> (Cache, Graph) {
    let tree = tree(root);
    let cache = Cache::read(kept, &tree, options);
    let graph = Graph::build(&tree, options, &cache);
    cache.write(&graph).unwrap();
    (cache, graph)
}

fn same(one: &Graph, other: &Graph) {
    assert_eq!(one.outputs(), other.outputs());
    assert_eq!(one.problems(), other.problems());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// Other bytes of the same length, in the same file, with the same time.
fn change_unseen(root: &Path, path: &str, content: &[u8]) {
    let file = root.join(path);
    let modified = fs::metadata(&file).unwrap().modified().unwrap();
    fs::write(&file, content).unwrap();
    fs::File::options().write(true).open(&file).unwrap().set_modified(modified).unwrap();
}

#[test]
fn a_second_run_reads_nothing_and_comes_to_the_same() {
    for style in [Style::Preserve, Style::Django { imports: true }, Style::Plain] {
        let (root, kept) = (folder(&FILES), tempfile::tempdir().unwrap());
        let options = Options::new().style(style);
        let (_, cold) = build(root.path(), kept.path(), &options);
        // Nobody looks: files that cannot be seen to have changed are not read.
        for (path, content) in FILES {
            change_unseen(root.path(), path, &vec![b'?'; content.len()]);
        }
        let (cache, warm) = build(root.path(), kept.path(), &options);
        assert_eq!(cache.len(), FILES.len());
        assert!(warm.faults().is_empty(), "{style:?} {:?}", warm.faults());
        same(&cold, &warm);
    }
}

#[test]
fn what_changed_is_read_again() {
    let (root, kept) = (folder(&FILES), tempfile::tempdir().unwrap());
    let (_, cold) = build(root.path(), kept.path(), &Options::default());
    write(root.path(), "x.png", b"other");
    write(root.path(), "gone.png", b"here");
    fs::remove_file(root.path().join("y")).unwrap();
    let (_, warm) = build(root.path(), kept.path(), &Options::default());
    same(&warm, &Graph::build(&tree(root.path()), &Options::default(), &Cache::none()));
    for path in ["a.css", "b.css", "x.png"] {
        assert_ne!(served(&cold, path), served(&warm, path), "{path}");
    }
    assert_eq!(served(&cold, "one.js"), served(&warm, "one.js"));
    let cache = Cache::read(kept.path(), &tree(root.path()), &Options::default());
    assert_eq!(cache.len(), FILES.len());
}

#[test]
fn the_same_name_at_another_place_is_another() {
    let files: [(&str, &[u8]); 2] = [("a.css", b"a{b:url(1/x.png),url(2/x.png)}"), ("1/x.png", b"x")];
    let (root, kept) = (folder(&files), tempfile::tempdir().unwrap());
    build(root.path(), kept.path(), &Options::default());
    fs::create_dir(root.path().join("2")).unwrap();
    fs::rename(root.path().join("1/x.png"), root.path().join("2/x.png")).unwrap();
    let (_, warm) = build(root.path(), kept.path(), &Options::default());
    same(&warm, &Graph::build(&tree(root.path()), &Options::default(), &Cache::none()));
}

#[test]
fn in_djangos_style_a_file_that_comes_counts() {
    let options = Options::new().style(Style::Django { imports: true });
    let (root, kept) = (folder(&FILES), tempfile::tempdir().unwrap());
    build(root.path(), kept.path(), &options);
    write(root.path(), "gone.png", b"here");
    let (_, warm) = build(root.path(), kept.path(), &options);
    same(&warm, &Graph::build(&tree(root.path()), &options, &Cache::none()));
    assert!(warm.output("b.css").unwrap().is_rewritten);
}

#[test]
fn a_broken_cache_is_as_good_as_none() {
    let (root, kept) = (folder(&FILES), tempfile::tempdir().unwrap());
    let (_, cold) = build(root.path(), kept.path(), &Options::default());
    let [file] = &files(kept.path())[..] else { panic!("one file") };
    let good = fs::read(file).unwrap();
    let end = good.iter().position(|byte| *byte == b'\n').unwrap();
    let flipped = {
        let mut bytes = good.clone();
        let at = bytes.iter().position(|byte| *byte == b'x').unwrap();
        bytes[at] = b'z';
        bytes
    };
    let older = [b"0", &good[1..]].concat();
    for bad in [&b""[..], b"{}", &good[..good.len() - 1], &good[..=end], &flipped, &older, &[0xff; 100]] {
        fs::write(file, bad).unwrap();
        let (cache, graph) = build(root.path(), kept.path(), &Options::default());
        assert!(cache.is_empty());
        same(&graph, &cold);
        assert_eq!(fs::read(file).unwrap(), good, "it is written anew");
    }
    fs::remove_file(file).unwrap();
    fs::create_dir(file).unwrap();
    let tree = tree(root.path());
    let cache = Cache::read(kept.path(), &tree, &Options::default());
    let graph = Graph::build(&tree, &Options::default(), &cache);
    same(&graph, &cold);
    assert!(cache.write(&graph).is_err());
    assert_eq!(files(kept.path()).len(), 1, "nothing is left beside");
}

#[test]
fn other_options_have_another() {
    let (root, kept) = (folder(&FILES), tempfile::tempdir().unwrap());
    for (number, options) in
        [Options::default(), Options::new().integrity(false), Options::new().base_path("/s")]
            .iter()
            .enumerate()
    {
        assert!(build(root.path(), kept.path(), options).0.is_empty());
        assert!(!build(root.path(), kept.path(), options).0.is_empty());
        assert_eq!(files(kept.path()).len(), number + 1);
    }
}

#[test]
fn files_that_were_just_written_are_not_kept() {
    let (root, kept) = (folder(&FILES), tempfile::tempdir().unwrap());
    fs::write(root.path().join("y"), "Y").unwrap();
    build(root.path(), kept.path(), &Options::default());
    let (cache, _) = build(root.path(), kept.path(), &Options::default());
    assert_eq!(cache.len(), FILES.len() - 1);
}

/// What cannot be read in one run and can in the next, without a change that could be seen.
#[test]
fn a_file_that_could_not_be_read_is_read_the_next_time() {
    let (root, kept, options) = (folder(&FILES), tempfile::tempdir().unwrap(), Options::default());
    let (found, image) = (tree(root.path()), root.path().join("x.png"));
    fs::rename(&image, root.path().join("aside")).unwrap();
    let cache = Cache::read(kept.path(), &found, &options);
    let without = Graph::build(&found, &options, &cache);
    assert_eq!(without.faults().len(), 1, "{:?}", without.faults());
    cache.write(&without).unwrap();
    fs::rename(root.path().join("aside"), image).unwrap();
    let (cache, graph) = build(root.path(), kept.path(), &options);
    assert_eq!(cache.len(), FILES.len() - 1);
    same(&graph, &Graph::build(&tree(root.path()), &options, &Cache::none()));
}

#[test]
fn a_circle_that_could_not_be_read_is_read_the_next_time() {
    let files: [(&str, &[u8]); 3] = [
        ("one.js", b"import './two.js';import './leaf.js'"),
        ("two.js", b"import './one.js'"),
        ("leaf.js", b"1"),
    ];
    let (root, kept, options) = (folder(&files), tempfile::tempdir().unwrap(), Options::default());
    build(root.path(), kept.path(), &options);
    // What it is made of is known, but not its digest with another leaf.
    write(root.path(), "leaf.js", b"other");
    let (found, two) = (tree(root.path()), root.path().join("two.js"));
    fs::rename(&two, root.path().join("aside")).unwrap();
    let cache = Cache::read(kept.path(), &found, &options);
    let without = Graph::build(&found, &options, &cache);
    assert!(!without.faults().is_empty());
    cache.write(&without).unwrap();
    fs::rename(root.path().join("aside"), two).unwrap();
    let (_, graph) = build(root.path(), kept.path(), &options);
    same(&graph, &Graph::build(&tree(root.path()), &options, &Cache::none()));
}
