use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::find::{SourceFile, Stamp, Tree};
use crate::graph::{Digests, Graph, Options, Paths, Scan, hex};
use crate::name::{Algorithm, Hasher};

/// Of what is written; another one is not read.
const VERSION: u32 = 4;

/// What is known of files from an earlier run.
#[derive(Debug, Default)]
pub struct Cache {
    file: Option<PathBuf>,
    content: Stored<'static>,
}

#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Stored<'a> {
    entries: HashMap<Cow<'a, str>, Entry<'a>>,
    /// Digests of files that lead to one another, by what they depend on.
    groups: HashMap<Cow<'a, str>, Cow<'a, [u8]>>,
}

#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Entry<'a> {
    location: Cow<'a, str>,
    stamp: Stamp,
    scan: Cow<'a, Scan>,
    rewritten: Option<(Cow<'a, str>, Cow<'a, Digests>)>,
}

impl Cache {
    /// One that knows nothing and keeps nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// What is in a folder about the files of a tree that is to be built with these options. Other options have a file of their own
    /// there. One that cannot be read, or that is not as it was written, is as good as none.
    pub fn read(folder: impl AsRef<Path>, tree: &Tree, options: &Options) -> Self {
        let file = folder.as_ref().join(format!("plan-{}.json", purpose(tree, options)));
        let read = fs::read(&file).ok().and_then(|bytes| parse(&bytes));
        Self { file: Some(file), content: read.unwrap_or_default() }
    }

    /// Keeps what is known of the files of this graph, and nothing else. Files that were modified less than two seconds before they were
    /// read are left out: another change could leave no trace in their times.
    ///
    /// # Errors
    ///
    /// The folder or the file cannot be written. The one that was there stays as it was.
    pub fn write(&self, graph: &Graph) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let known = Written::of(graph);
        if self.says(&known) {
            return Ok(());
        }
        // Written twice, so that it is never held whole.
        let mut digest = Digest(Algorithm::Md5.hasher());
        serde_json::to_writer(&mut digest, &known)?;
        let digest = hex(&digest.0.digest());
        let folder = file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let aside = aside(file);
        let written = fs::File::create_new(&aside).and_then(|open| {
            let mut open = BufWriter::new(open);
            writeln!(open, "{VERSION} {digest}")?;
            serde_json::to_writer(&mut open, &known)?;
            open.flush()?;
            fs::rename(&aside, file)
        });
        if written.is_err() {
            // What is left of it is of no use to anybody.
            let _ = fs::remove_file(&aside);
        }
        written
    }

    fn says(&self, known: &Written<'_>) -> bool {
        let Stored { entries, groups } = &self.content;
        entries.len() == known.entries.len()
            && groups.len() == known.groups.len()
            && known.entries.iter().all(|(path, entry)| entries.get(*path) == Some(entry))
            && known.groups.iter().all(|(key, digest)| groups.get(*key).is_some_and(|own| **own == **digest))
    }

    /// How many files it knows.
    pub fn len(&self) -> usize {
        self.content.entries.len()
    }

    /// Whether it knows nothing.
    pub fn is_empty(&self) -> bool {
        self.content.entries.is_empty()
    }

    pub(crate) fn scan(&self, file: &SourceFile, options: &Options, paths: &Paths<'_>) -> Option<&Scan> {
        let entry = self.content.entries.get(file.path.as_str())?;
        let is_same = entry.stamp == file.stamp && entry.location == file.location.to_string_lossy();
        (is_same && entry.scan.still_holds(options, paths)).then_some(&*entry.scan)
    }

    pub(crate) fn rewritten(&self, path: &str, key: &str) -> Option<&Digests> {
        let (known, digests) = self.content.entries.get(path)?.rewritten.as_ref()?;
        (known == key).then_some(&**digests)
    }

    pub(crate) fn group(&self, key: &str) -> Option<&[u8]> {
        self.content.groups.get(key).map(|digest| &**digest)
    }
}

/// What is written: sorted, so that the same comes to the same bytes.
#[derive(serde::Serialize)]
struct Written<'a> {
    entries: BTreeMap<&'a str, Entry<'a>>,
    groups: BTreeMap<&'a str, &'a [u8]>,
}

impl<'a> Written<'a> {
    fn of(graph: &'a Graph) -> Self {
        let known = graph.known().filter(|(file, ..)| !file.stamp.is_fresh(graph.began()));
        let entries = known.map(|(file, scan, rewritten)| {
            let rewritten = rewritten.map(|(key, digests)| (Cow::Borrowed(key), Cow::Borrowed(digests)));
            let location = file.location.to_string_lossy();
            (file.path.as_str(), Entry { location, stamp: file.stamp, scan: Cow::Borrowed(scan), rewritten })
        });
        let groups = graph.groups().iter().map(|(key, digest)| (key.as_str(), digest.as_slice()));
        Self { entries: entries.collect(), groups: groups.collect() }
    }
}

/// What a cache is for: other sources and other options have another.
fn purpose(tree: &Tree, options: &Options) -> String {
    let roots: BTreeSet<_> = tree
        .files
        .iter()
        .filter_map(|file| file.location.to_str()?.strip_suffix(file.path.as_str()))
        .collect();
    let Options { style, algorithm, base_path, integrity, .. } = options;
    let text = format!("{roots:?} {style:?} {algorithm:?} {base_path:?} {integrity}");
    Algorithm::Sha256.of(text.as_bytes()).to_string()
}

fn parse(bytes: &[u8]) -> Option<Stored<'static>> {
    let end = memchr::memchr(b'\n', bytes)?;
    let (head, body) = (std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]);
    let is_whole = head == format!("{VERSION} {}", hex(&digest(body)));
    is_whole.then(|| serde_json::from_slice(body).ok()).flatten()
}

fn digest(bytes: &[u8]) -> Vec<u8> {
    let mut hasher = Algorithm::Md5.hasher();
    hasher.update(bytes);
    hasher.digest()
}

/// Of what is written to it.
struct Digest(Hasher);

impl Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A name beside a file that nobody else writes.
fn aside(file: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    file.with_extension(format!("{}-{count}.tmp", process::id()))
}
