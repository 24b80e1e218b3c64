use std::path::PathBuf;

use storage_suite::statics::graph::{self, Style};
use storage_suite::statics::name::Algorithm;
use storage_suite::statics::variant::{Effort, Encoding};

use super::rules::{MissingRule, SourceFolder, missing_rule, source};

/// Collect static files: named by their content, references rewritten, only what is new sent
///
/// Of a path that several sources have, the first source wins. Every file gets a name with a fingerprint (site.4f1e…c2.css), and references in
/// CSS and JavaScript are rewritten to such names. What is new is stored first, the manifest last: until then the site is the old one, and an
/// interrupted run is continued by the next. Nothing is deleted, unless --clear says so.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage collect                                 the folder static
  storage collect assets/ vendor=node_modules/htmx.org/dist
                                                  the second one's files have paths that begin with vendor/
  storage collect static/ --dry-run               show what would be done, and why; references are checked all the same
  storage collect static/ --cache .cache/static   remember what was found out about files that do not change
  storage collect static/ --if-changed            one request if the live deploy is of the same files
  storage collect static/ --compress br,gzip      for a proxy, or the resolver, that serves what a browser accepts
  storage collect static/ --missing 'vendor/*=warn'
                                                  what a package refers to and has not got is no reason to stop
  storage collect static/ --header '*.html' 'cache-control: no-cache'
  storage collect static/ --style django          names and staticfiles.json as Django's collectstatic makes them

JSON:
  with --dry-run {\"phase\", \"key\", \"action\", \"why\", \"size\"} for each object, {\"skipped\", \"why\"} for each file that is not stored, {\"leftover\"}
  for each object that is none of this deploy's; at the end {\"deploy\", \"new\", \"changed\", \"headers\", \"unchanged\", \"skipped\", \"compressed\",
  \"cleared\", \"bytes\", \"requests\", \"seconds\"}; {\"notice\"} for each file that is shadowed and each problem that is no error")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch on the command line")]
pub(crate) struct Collect {
    /// Folders with static files; PREFIX=FOLDER for files whose paths begin with PREFIX/
    #[arg(value_name = "[PREFIX=]SOURCE", default_value = "static", value_parser = source)]
    pub(super) sources: Vec<SourceFolder>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Ask only for the manifest, and do nothing if it says that it is of these files; what somebody has deleted is not seen then
    #[arg(long)]
    pub(super) if_changed: bool,
    /// Afterwards delete whatever else is in the bucket: earlier deploys, and what is none of a deploy's
    #[arg(long)]
    pub(super) clear: bool,
    /// Do not ask before clearing
    #[arg(long, requires = "clear")]
    pub(super) yes: bool,
    /// Leave files of this pattern out, beside CVS, .* (but .well-known) and *~; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(super) ignore: Vec<String>,
    /// Leave out only what --ignore says
    #[arg(long)]
    pub(super) no_default_ignore: bool,
    /// Store files of this pattern by their plain names too, beside *.html, robots.txt, favicon.ico and .well-known; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(super) plain: Vec<String>,
    /// Store all files by their plain names too, as Django does
    #[arg(long, conflicts_with = "plain")]
    pub(super) all_plain: bool,
    /// Files of this pattern have a fingerprint already, by a bundler: they keep their names; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(super) fingerprinted: Vec<String>,
    /// Do not read .vite/manifest.json: what Vite has made is named as all else
    #[arg(long)]
    pub(super) no_vite: bool,
    /// What becomes of references that lead nowhere, in files or to files of this pattern: error, warn or ignore; may be repeated, the first
    /// one that fits decides
    #[arg(long, value_name = "GLOB=ACTION", value_parser = missing_rule)]
    pub(super) missing: Vec<MissingRule>,
    /// A header for files of this pattern, as 'cache-control: no-cache'; may be repeated, the last one that fits decides
    #[arg(long, num_args = 2, value_names = ["GLOB", "HEADER"])]
    pub(super) header: Vec<String>,
    /// Set the headers of objects that no deploy knows of anew
    #[arg(long)]
    pub(super) repair_headers: bool,
    /// Compressed variants beside the files, kept where they are at most 95 % as long
    #[arg(long, value_name = "ENCODING", value_enum, value_delimiter = ',')]
    pub(super) compress: Vec<EncodingName>,
    /// How much time is taken to compress a file
    #[arg(long, value_name = "EFFORT", value_enum, default_value_t = EffortName::Usual)]
    pub(super) effort: EffortName,
    /// What is rewritten, and how
    #[arg(long, value_name = "STYLE", value_enum, default_value_t = StyleName::Preserve)]
    pub(super) style: StyleName,
    /// What fingerprints are made by
    #[arg(long, value_name = "HASH", value_enum, default_value_t = HashName::Md5)]
    pub(super) hash: HashName,
    /// The path of the URL that static files are served below
    #[arg(long, value_name = "PATH", default_value = "/static/")]
    pub(super) base_path: String,
    /// A folder for what was found out about the files
    #[arg(long, value_name = "FOLDER")]
    pub(super) cache: Option<PathBuf>,
    /// Write manifest and index into this folder too, for a program that has them built in
    #[arg(long, value_name = "FOLDER")]
    pub(super) manifest_to: Option<PathBuf>,
    /// What the deploy is called. Default: the time
    #[arg(long, value_name = "NAME")]
    pub(super) deploy: Option<String>,
    /// Send each file by a request of its own
    #[arg(long)]
    pub(super) one_by_one: bool,
    /// How many requests may be under way at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 32)]
    pub(super) at_once: usize,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum EncodingName {
    /// Brotli
    Br,
    /// Zstandard
    Zstd,
    /// gzip
    Gzip,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum EffortName {
    /// As quick as uploading it
    Fast,
    /// Up to about two seconds a file
    Usual,
    /// As small as it gets: Brotli 11, Zopfli
    Smallest,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum StyleName {
    /// All references; only the base name in them changes
    Preserve,
    /// What Django rewrites, as it prints it
    Django,
    /// The same, imports in JavaScript too
    DjangoImports,
    /// Nothing: files keep their names
    Plain,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum HashName {
    /// As Django does
    Md5,
    /// SHA-256
    Sha256,
    /// BLAKE3
    Blake3,
}

impl From<EncodingName> for Encoding {
    fn from(name: EncodingName) -> Self {
        match name {
            EncodingName::Br => Self::Brotli,
            EncodingName::Zstd => Self::Zstd,
            EncodingName::Gzip => Self::Gzip,
        }
    }
}

impl From<EffortName> for Effort {
    fn from(name: EffortName) -> Self {
        match name {
            EffortName::Fast => Self::Fast,
            EffortName::Usual => Self::Usual,
            EffortName::Smallest => Self::Smallest,
        }
    }
}

impl From<StyleName> for Style {
    fn from(name: StyleName) -> Self {
        match name {
            StyleName::Preserve => Self::Preserve,
            StyleName::Django => Self::Django { imports: false },
            StyleName::DjangoImports => Self::Django { imports: true },
            StyleName::Plain => Self::Plain,
        }
    }
}

impl From<HashName> for Algorithm {
    fn from(name: HashName) -> Self {
        match name {
            HashName::Md5 => Self::Md5,
            HashName::Sha256 => Self::Sha256,
            HashName::Blake3 => Self::Blake3,
        }
    }
}

impl Collect {
    /// How files are named and rewritten.
    pub(super) fn graph_options(&self) -> graph::Options {
        let bundled = self
            .fingerprinted
            .iter()
            .fold(storage_suite::statics::name::Fingerprinted::new(), |files, glob| {
                files.glob(glob.as_str())
            });
        let missing = self.missing.iter().fold(graph::MissingPolicy::default(), |policy, rule| {
            policy.rule(None, rule.glob.as_str(), rule.action)
        });
        graph::Options::new()
            .base_path(&self.base_path)
            .style(self.style.into())
            .algorithm(self.hash.into())
            .fingerprinted(bundled)
            .missing(missing)
    }
}
