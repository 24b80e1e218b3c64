//! Manifests in Django's style: the hash over all names, which depend on all bytes that are rewritten.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use md5::{Digest, Md5};
use storage_static::references::django::{Names, Settings, rewrite};

use crate::{STACK, files};

/// What differs from the table for those of the folders that are in it.
pub(crate) fn check(folders: &[PathBuf]) -> io::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let lines = include_str!("../golden.tsv").lines().map(|line| line.split('\t').collect::<Vec<_>>());
        for line in lines.filter(|line| line[0] == name) {
            let [_, mode, number, expected] = line.as_slice() else { continue };
            let files = collected(&folder.join("package"))?;
            let hash = manifest_hash(&files, *mode == "css+js")?;
            // Where Django stops, it is enough that we do not.
            let is_right = *expected == "FAILS" || (hash == *expected && files.len().to_string() == *number);
            count += 1;
            if !is_right {
                wrong.push(format!(
                    "{name}, {mode}: {hash} of {} files, Django has {expected} of {number}",
                    files.len()
                ));
            }
        }
    }
    println!("{count} manifests compared with Django's, {} different", wrong.len());
    Ok(wrong)
}

type Files = BTreeMap<String, Vec<u8>>;

/// What Django collects of a folder.
fn collected(root: &Path) -> io::Result<Files> {
    let mut paths = Vec::new();
    files::collect(root, &mut paths)?;
    let mut collected = Files::new();
    for path in paths {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        let is_ignored = |part: &str| part == "CVS" || part.starts_with('.') || part.ends_with('~');
        if !name.split('/').any(is_ignored) {
            collected.insert(name, std::fs::read(&path)?);
        }
    }
    Ok(collected)
}

fn manifest_hash(files: &Files, imports: bool) -> io::Result<String> {
    let named = std::thread::scope(|scope| {
        let work = || {
            let mut run = Run { files, imports, done: HashMap::new(), open: HashSet::new() };
            files.keys().map(|path| (path, run.name(path).unwrap_or_default())).collect::<Vec<_>>()
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        thread.join().map_err(|_| io::Error::other("a thread failed"))
    })?;
    let entries: Result<Vec<_>, serde_json::Error> = named
        .iter()
        .map(|(path, name)| {
            Ok(format!("[{}, {}]", serde_json::to_string(path)?, serde_json::to_string(name)?))
        })
        .collect();
    Ok(hash(format!("[{}]", entries?.join(", ")).as_bytes()))
}

fn hash(bytes: &[u8]) -> String {
    let digest: [u8; 16] = Md5::digest(bytes).into();
    // Twelve digits of it.
    format!("{:012x}", u128::from_be_bytes(digest) >> 80)
}

/// A path with the hash of these bytes before its last extension.
fn named(path: &str, bytes: &[u8]) -> String {
    let base = path.rfind('/').map_or(0, |slash| slash + 1);
    let dots = path[base..].bytes().take_while(|byte| *byte == b'.').count();
    let (stem, extension) = match path[base + dots..].rfind('.') {
        Some(dot) => path.split_at(base + dots + dot),
        None => (path, ""),
    };
    format!("{stem}.{}{extension}", hash(bytes))
}

/// Names files after those they refer to.
struct Run<'a> {
    files: &'a Files,
    imports: bool,
    done: HashMap<String, String>,
    /// Those that are being rewritten: one that comes again is in a cycle, where Django stops.
    open: HashSet<String>,
}

impl Run<'_> {
    fn name(&mut self, path: &str) -> Option<String> {
        if let Some(name) = self.done.get(path) {
            return Some(name.clone());
        }
        let bytes = self.files.get(path)?;
        if !self.open.insert(path.to_owned()) {
            return Some(named(path, bytes));
        }
        let settings = Settings { static_url: "/static/", imports: self.imports };
        let name = named(path, &rewrite(bytes, path, settings, self).bytes);
        self.open.remove(path);
        self.done.insert(path.to_owned(), name.clone());
        Some(name)
    }
}

impl Names for Run<'_> {
    fn hashed(&mut self, path: &str) -> Option<String> {
        self.name(path)
    }

    fn hashed_unprocessed(&mut self, path: &str) -> Option<String> {
        let folder = format!("{path}/");
        let is_folder =
            || self.files.range(folder.clone()..).next().is_some_and(|(path, _)| path.starts_with(&folder));
        match self.files.get(path) {
            Some(bytes) => Some(named(path, bytes)),
            None => is_folder().then(|| path.to_owned()),
        }
    }
}
