//! What people regret.

mod granted;
mod ineffective;
mod options;
mod warning;
mod written;

pub use options::AuditOptions;
pub use warning::{Warning, WarningKind};

use crate::{Policy, Statement, StatementId};

impl Policy {
    /// Warnings of what people regret, in the order of the statements: what strangers may do, what is allowed more widely than it reads,
    /// and what has no effect. The presets warn of nothing but what they are for.
    ///
    /// ```
    /// use storage_policy::{AuditOptions, Preset, WarningKind};
    ///
    /// let policy = Preset::PublicReadWithListing.policy("photos", "");
    /// let warnings = policy.audit(&AuditOptions::new().bucket("photos").public());
    /// assert_eq!(warnings.len(), 1);
    /// assert_eq!(warnings[0].kind, WarningKind::AnonymousList);
    /// assert!(warnings[0].to_string().starts_with("Statement[0]: anyone sees which objects there are"));
    /// ```
    pub fn audit(&self, options: &AuditOptions) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut document = |kind, message: String| warnings.push(Warning { kind, statement: None, message });
        if self.version.as_deref() != Some("2012-10-17") {
            document(
                WarningKind::OldVersion,
                "the version is not 2012-10-17: servers refuse the policy, or take its variables for plain text; set it".into(),
            );
        }
        self.unknown.keys().for_each(|name| document(WarningKind::UnknownElement, written::unknown(name)));
        for (index, statement) in self.statements().iter().enumerate() {
            let mut about = Findings { policy: self, statement, options, found: Vec::new() };
            about.granted();
            about.written();
            about.ineffective();
            let id = StatementId::new(index, statement);
            let warning = |(kind, message)| Warning { kind, statement: Some(id.clone()), message };
            warnings.extend(about.found.into_iter().map(warning));
        }
        warnings
    }
}

/// What there is to say about one statement.
struct Findings<'a> {
    policy: &'a Policy,
    statement: &'a Statement,
    options: &'a AuditOptions,
    found: Vec<(WarningKind, String)>,
}

impl Findings<'_> {
    fn add(&mut self, kind: WarningKind, message: impl Into<String>) {
        self.found.push((kind, message.into()));
    }

    fn has_conditions(&self) -> bool {
        self.statement
            .condition
            .as_ref()
            .is_some_and(|operators| operators.values().any(|keys| !keys.is_empty()))
    }
}
