use std::collections::BTreeMap;

use storage_core::content_type;

use super::PlanFault;
use crate::glob::Glob;
use crate::manifest::Headers;

/// Which headers objects are stored with.
///
/// By default files with fingerprints may be cached for a year, plain names for a minute, and manifest and index are always asked for. The
/// media type is that of the extension. Rules change that for files whose plain names are of a pattern; later ones go first.
///
/// ```
/// use storage_static::plan::HeaderRules;
///
/// let rules = HeaderRules::default().header("*.html", "cache-control", "no-cache").media_type("*.geojson", "application/geo+json");
/// assert_eq!(rules.plain("index.html")["cache-control"], "no-cache");
/// assert_eq!(rules.fingerprinted("a.mjs")["content-type"], "text/javascript");
/// assert_eq!(rules.fingerprinted("a.geojson")["content-type"], "application/geo+json");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct HeaderRules {
    rules: Vec<HeaderRule>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct HeaderRule {
    glob: Glob,
    name: String,
    /// Nothing: the header is not sent.
    value: Option<String>,
}

const CACHE: &str = "cache-control";
const TYPE: &str = "content-type";

impl HeaderRules {
    /// This header has this value. Its name is one of `cache-control`, `content-disposition`, `content-encoding`, `content-language`,
    /// `content-type`, `x-amz-meta-…`; in any case of letters.
    pub fn header(mut self, glob: impl Into<Glob>, name: impl AsRef<str>, value: impl Into<String>) -> Self {
        let name = name.as_ref().to_ascii_lowercase();
        self.rules.push(HeaderRule { glob: glob.into(), name, value: Some(value.into()) });
        self
    }

    /// This header is not sent.
    pub fn without(mut self, glob: impl Into<Glob>, name: impl AsRef<str>) -> Self {
        let name = name.as_ref().to_ascii_lowercase();
        self.rules.push(HeaderRule { glob: glob.into(), name, value: None });
        self
    }

    /// The media type is this.
    pub fn media_type(self, glob: impl Into<Glob>, media_type: impl Into<String>) -> Self {
        self.header(glob, TYPE, media_type)
    }

    /// Those of a file with a fingerprint, by its plain name.
    pub fn fingerprinted(&self, name: &str) -> Headers {
        self.of(name, "public, max-age=31536000, immutable")
    }

    /// Those of a file that is stored by its plain name.
    pub fn plain(&self, name: &str) -> Headers {
        self.of(name, "max-age=60")
    }

    /// Those of the manifest and of the index.
    pub fn document() -> Headers {
        let headers = [(CACHE, "no-cache"), (TYPE, "application/json")];
        Headers::new(headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }

    fn of(&self, path: &str, cache: &str) -> Headers {
        let media_type = content_type::from_name(path).unwrap_or(content_type::DEFAULT_CONTENT_TYPE);
        let mut headers: BTreeMap<_, _> = [(CACHE, cache), (TYPE, media_type)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        for rule in self.rules.iter().filter(|rule| rule.glob.matches(path)) {
            match &rule.value {
                Some(value) => _ = headers.insert(rule.name.clone(), value.clone()),
                None => _ = headers.remove(&rule.name),
            }
        }
        Headers::new(headers)
    }

    /// What is wrong with the rules.
    pub(super) fn faults(&self) -> Vec<PlanFault> {
        let faults = self.rules.iter().filter_map(|rule| {
            let (name, glob) = (rule.name.clone(), rule.glob.to_string());
            Some(PlanFault::BadHeader { name, glob, rule: broken_rule(rule)? })
        });
        faults.collect()
    }
}

fn broken_rule(rule: &HeaderRule) -> Option<&'static str> {
    const KNOWN: [&str; 5] = [CACHE, "content-disposition", "content-encoding", "content-language", TYPE];
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let metadata = rule
        .name
        .strip_prefix("x-amz-meta-")
        .is_some_and(|name| !name.is_empty() && name.bytes().all(is_token));
    if !metadata && !KNOWN.contains(&rule.name.as_str()) {
        return Some(
            "stores keep cache-control, content-disposition, content-encoding, content-language, content-type and x-amz-meta-…",
        );
    }
    let value = rule.value.as_deref().unwrap_or("-");
    (value.trim().is_empty() || value.chars().any(char::is_control))
        .then_some("its value is empty, or has a control character")
}
