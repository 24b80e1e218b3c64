use super::MissingPolicy;
use crate::find::Bundled;
use crate::name::{Algorithm, Fingerprinted};

/// How files are named and rewritten. The names of the fields are those of the methods, which say what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub(crate) style: Style,
    pub(crate) algorithm: Algorithm,
    pub(crate) base_path: String,
    pub(crate) missing: MissingPolicy,
    pub(crate) fingerprinted: Fingerprinted,
    pub(crate) integrity: bool,
}

/// What is rewritten, and how it is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Style {
    /// All references; only the base name in them changes.
    #[default]
    Preserve,
    /// What Django 6.1 rewrites, as it prints it: names and manifest are those of an existing Django deployment.
    Django {
        /// Imports in JavaScript too (`support_js_module_import_aggregation`).
        imports: bool,
    },
    /// Nothing: all files keep their names. References are checked all the same.
    Plain,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            style: Style::default(),
            algorithm: Algorithm::default(),
            base_path: "/static/".to_owned(),
            missing: MissingPolicy::default(),
            fingerprinted: Fingerprinted::new(),
            integrity: true,
        }
    }
}

impl Options {
    /// [`Style::Preserve`], MD5, served below `/static/`, with integrity values.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is rewritten, and how.
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// What names are made with.
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// The path of the URL that static files are served below: `/static/` by default. An absolute path in a reference is one of a static
    /// file if it is below it.
    pub fn base_path(mut self, path: impl AsRef<str>) -> Self {
        let path = path.as_ref().trim_matches('/');
        self.base_path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        self
    }

    /// What is done about references to files that are not there.
    pub fn missing(mut self, policy: MissingPolicy) -> Self {
        self.missing = policy;
        self
    }

    /// Files that have a fingerprint in their names already, beside those that a bundler's manifest names ([`Tree::bundled`](crate::find::Tree)).
    pub fn fingerprinted(mut self, files: Fingerprinted) -> Self {
        self.fingerprinted = files;
        self
    }

    /// With the names of a bundler among those that have a fingerprint.
    pub(super) fn with(&self, bundled: &Bundled) -> Self {
        let names = bundled.fingerprinted().map(str::to_owned);
        Self { fingerprinted: self.fingerprinted.clone().names(names), ..self.clone() }
    }

    /// Whether styles and scripts get integrity values (SHA-384); they do by default.
    pub fn integrity(mut self, integrity: bool) -> Self {
        self.integrity = integrity;
        self
    }
}
