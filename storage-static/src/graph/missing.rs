use crate::glob::Glob;
use crate::references::Kind;

/// What is done about a reference to a file that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is an error: nothing is to be deployed.
    Error,
    /// It is told, and stays as it is.
    Warn,
    /// It stays as it is.
    Ignore,
}

/// What is done about references to files that are not there, by kind and by glob. The first rule that fits decides.
///
/// Where none does: what CSS refers to is an error; a source map a warning; what JavaScript refers to an error if the path has an
/// extension, else a warning, since a server may complete it. In [Django's style](super::Style::Django) nothing is an error of itself: it is a
/// warning where Django would stop, and where it does not look at the reference it is merely told.
///
/// ```
/// use storage_static::graph::{Action, MissingPolicy};
/// use storage_static::references::Kind;
///
/// let policy = MissingPolicy::default().rule(None, "vendor/*", Action::Warn);
/// assert_eq!(policy.action(Kind::CssUrl, "vendor/a.css", "vendor/a.png"), Action::Warn);
/// assert_eq!(policy.action(Kind::CssUrl, "site.css", "a.png"), Action::Error);
/// assert_eq!(policy.action(Kind::SourceMap, "site.js", "site.js.map"), Action::Warn);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct MissingPolicy {
    rules: Vec<MissingRule>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct MissingRule {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    glob: Glob,
    action: Action,
}

impl MissingPolicy {
    /// With a rule after those that there are: for references of this kind, or of all kinds, that stand in a file whose path is of this
    /// pattern, or that point at such a path.
    pub fn rule(mut self, kind: impl Into<Option<Kind>>, glob: impl Into<Glob>, action: Action) -> Self {
        self.rules.push(MissingRule { kind: kind.into(), glob: glob.into(), action });
        self
    }

    /// What is done about a reference in `file` to `target`, both as paths from the root.
    pub fn action(&self, kind: Kind, file: &str, target: &str) -> Action {
        self.told(kind, file, target).unwrap_or_else(|| by_default(kind, target))
    }

    /// What the rules say about it.
    pub(super) fn told(&self, kind: Kind, file: &str, target: &str) -> Option<Action> {
        let fits = |rule: &&MissingRule| {
            rule.kind.is_none_or(|own| own == kind) && (rule.glob.matches(file) || rule.glob.matches(target))
        };
        self.rules.iter().find(fits).map(|rule| rule.action)
    }
}

fn by_default(kind: Kind, target: &str) -> Action {
    let has_extension = target.rsplit('/').next().is_some_and(|base| base.contains('.'));
    match kind {
        Kind::CssUrl | Kind::CssImport | Kind::CssImageSet => Action::Error,
        Kind::JsImport | Kind::JsDynamicImport | Kind::JsNewUrl if has_extension => Action::Error,
        Kind::JsImport | Kind::JsDynamicImport | Kind::JsNewUrl | Kind::SourceMap | Kind::Bundled => {
            Action::Warn
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_decides() {
        let policy = MissingPolicy::default()
            .rule(Kind::SourceMap, "*", Action::Ignore)
            .rule(Kind::JsImport, "*.ts", Action::Ignore)
            .rule(None, "strict/*", Action::Error)
            .rule(None, "*", Action::Warn);
        for (kind, file, target, action) in [
            (Kind::SourceMap, "strict/a.js", "strict/a.map", Action::Ignore),
            (Kind::JsImport, "a.js", "b.ts", Action::Ignore),
            (Kind::JsDynamicImport, "strict/a.js", "b", Action::Error),
            (Kind::JsDynamicImport, "a.js", "strict/b", Action::Error),
            (Kind::CssUrl, "a.css", "b", Action::Warn),
        ] {
            assert_eq!(policy.action(kind, file, target), action, "{kind} {file} {target}");
        }
        let json = serde_json::to_string(&policy).unwrap();
        assert!(json.starts_with(r#"[{"kind":"sourceMappingURL","glob":"*","action":"ignore"},"#), "{json}");
        assert_eq!(serde_json::from_str::<MissingPolicy>(&json).unwrap(), policy);
    }

    #[test]
    fn what_a_server_may_complete_is_no_error() {
        let policy = MissingPolicy::default();
        assert_eq!(policy.action(Kind::JsImport, "a.js", "x.y/b"), Action::Warn);
        assert_eq!(policy.action(Kind::JsImport, "a.js", "x/b.js"), Action::Error);
        assert_eq!(policy.action(Kind::JsNewUrl, "a.js", "b.png"), Action::Error);
    }
}
