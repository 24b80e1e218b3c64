//! What flags of `storage collect` say in a word.

use std::path::{Path, PathBuf};

use storage_suite::statics::find::Source;
use storage_suite::statics::graph::Action;
use storage_suite::statics::plan::HeaderRules;

use crate::failure::Failure;

/// A folder, and what the paths of its files begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SourceFolder {
    folder: PathBuf,
    prefix: String,
}

impl SourceFolder {
    pub(super) fn source(&self) -> Source {
        Source::new(&self.folder).under(&self.prefix)
    }
}

/// `FOLDER` or `PREFIX=FOLDER`; a folder that there is may have a `=` in its name.
#[expect(clippy::unnecessary_wraps, reason = "what a parser of the command line gives")]
pub(super) fn source(text: &str) -> Result<SourceFolder, String> {
    Ok(match text.split_once('=') {
        Some((prefix, folder)) if !Path::new(text).exists() => {
            SourceFolder { folder: folder.into(), prefix: prefix.to_owned() }
        }
        _ => SourceFolder { folder: text.into(), prefix: String::new() },
    })
}

/// What is done about references that lead nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MissingRule {
    pub(crate) glob: String,
    pub(crate) action: Action,
}

/// `GLOB=ACTION`.
pub(crate) fn missing_rule(text: &str) -> Result<MissingRule, String> {
    let action = |name: &str| match name {
        "error" => Some(Action::Error),
        "warn" => Some(Action::Warn),
        "ignore" => Some(Action::Ignore),
        _ => None,
    };
    let rule = text.rsplit_once('=').and_then(|(glob, name)| Some((glob, action(name)?)));
    match rule {
        Some((glob, action)) if !glob.is_empty() => Ok(MissingRule { glob: glob.to_owned(), action }),
        _ => Err("it is written as 'vendor/*=warn', with error, warn or ignore".to_owned()),
    }
}

/// Pairs of a pattern and `name: value`; a header without a value is not sent.
pub(super) fn headers(pairs: &[String]) -> Result<HeaderRules, Failure> {
    let mut rules = HeaderRules::default();
    for pair in pairs.chunks(2) {
        let [glob, header] = pair else { continue };
        let Some((name, value)) = header.split_once(':') else {
            return Err(Failure::usage(format!(
                "the header {header:?} is written as 'cache-control: no-cache'"
            )));
        };
        rules = match value.trim() {
            "" => rules.without(glob.as_str(), name.trim()),
            value => rules.header(glob.as_str(), name.trim(), value),
        };
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_may_be_under_a_prefix() {
        let told = |text| source(text).map(|source| (source.prefix, source.folder)).unwrap();
        assert_eq!(told("static"), (String::new(), "static".into()));
        assert_eq!(told("a/b=x=y/z"), ("a/b".to_owned(), "x=y/z".into()));
        let folder = tempfile::Builder::new().prefix("a=b").tempdir().unwrap();
        let name = folder.path().to_str().unwrap();
        assert_eq!(told(name), (String::new(), folder.path().to_owned()));
    }

    #[test]
    fn what_is_missing_has_a_rule() {
        let rule = |glob: &str, action| Ok(MissingRule { glob: glob.to_owned(), action });
        assert_eq!(missing_rule("vendor/*=warn"), rule("vendor/*", Action::Warn));
        assert_eq!(missing_rule("a=b=ignore"), rule("a=b", Action::Ignore));
        for text in ["", "warn", "=warn", "a=", "a=Warn"] {
            assert!(missing_rule(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_header_has_a_name_and_a_value() {
        let pairs = ["*.html", "Cache-Control: no-cache", "*.mjs", "content-type:", "*.x", "x-amz-meta-a:b"];
        let rules = headers(&pairs.map(str::to_owned)).unwrap();
        assert_eq!(rules.plain("a.html")["cache-control"], "no-cache");
        assert!(!rules.plain("a.mjs").contains_key("content-type"));
        assert_eq!(rules.plain("a.x")["x-amz-meta-a"], "b");
        assert!(headers(&["*".to_owned(), "no-cache".to_owned()]).is_err());
    }
}
