//! Trees of files for tests.

#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses a part of it")]

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use storage_static::cache::Cache;
use storage_static::find::{Ignore, Tree, find};
use storage_static::graph::{Content, Graph, Options};
use storage_static::manifest::{Index, IndexedObject};
use storage_static::plan::{Action, Found, Listed, Listing, Plan};
use storage_static::variant::Encoding;

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        write(folder.path(), path, content);
    }
    folder
}

/// Writes a file that looks as if it was an hour old.
pub(crate) fn write(root: &Path, path: &str, content: &[u8]) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, content).unwrap();
    let old = SystemTime::now() - Duration::from_secs(3_600);
    fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
}

pub(crate) fn tree(root: &Path) -> Tree {
    let tree = find(&[root.into()], &Ignore::default());
    assert!(tree.faults.is_empty(), "{:?}", tree.faults);
    tree
}

pub(crate) fn graph(root: &Path, options: &Options) -> Graph {
    let graph = Graph::build(&tree(root), options, &Cache::none());
    assert!(graph.faults().is_empty(), "{:?}", graph.faults());
    graph
}

/// The name that a file is served by.
pub(crate) fn served<'a>(graph: &'a Graph, path: &str) -> &'a str {
    &graph.output(path).unwrap_or_else(|| panic!("{path} is not there")).served
}

/// The bytes that a file is served with.
pub(crate) fn content(graph: &Graph, path: &str) -> Vec<u8> {
    match graph.content(graph.output(path).unwrap()).unwrap() {
        Content::Bytes(bytes) => bytes,
        Content::File(location) => fs::read(location).unwrap(),
    }
}

pub(crate) fn text(graph: &Graph, path: &str) -> String {
    String::from_utf8(content(graph, path)).unwrap()
}

pub(crate) fn told(graph: &Graph) -> Vec<String> {
    graph.problems().iter().map(ToString::to_string).collect()
}

pub(crate) fn found(listing: &Listing, index: &Index) -> Found {
    Found::new(listing.clone()).with_previous(index.clone())
}

/// A bucket after a plan was carried out, and the index that was written.
pub(crate) fn carried_out(plan: &Plan, before: &Listing) -> (Listing, Index) {
    let mut listing = before.clone();
    let mut index = plan.index.index.clone();
    for step in &plan.steps {
        if step.action == Action::Upload {
            listing.insert(&step.key, Listed { size: step.size, etag: Some(format!("\"{}\"", step.md5)) });
        }
        for variant in step.wanted() {
            let is_kept = variant.encoding != Encoding::Zstd;
            if is_kept {
                listing.insert(&variant.key, Listed { size: 1, etag: None });
                let mut headers = step.headers.clone();
                std::sync::Arc::make_mut(&mut headers)
                    .insert("content-encoding".to_owned(), variant.encoding.token().to_owned());
                let object = IndexedObject { size: 1, headers, ..IndexedObject::default() };
                index.objects.insert(variant.key.clone(), object);
            } else {
                index.objects.get_mut(&step.key).unwrap().declined.push(variant.encoding);
            }
        }
    }
    if plan.manifest.action == Action::Upload {
        let size = plan.manifest.json.len() as u64;
        listing.insert(&plan.manifest.key, Listed { size, etag: Some(plan.manifest.md5.clone()) });
    }
    listing.insert(&plan.index.key, Listed::default());
    (listing, index)
}

/// Numbers that are the same in each run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}
