use std::fmt;

use crate::StatementId;

/// What people regret about a policy; `Display` says in a sentence where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// Of what kind it is.
    pub kind: WarningKind,
    /// In which statement; none if it is about the document as a whole.
    pub statement: Option<StatementId>,
    /// What it is, and what to do.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.statement.as_ref().map_or(Ok(()), |statement| write!(f, "{statement}: "))?;
        f.write_str(&self.message)
    }
}

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum WarningKind {
    /// People without credentials see which objects or unfinished uploads there are.
    AnonymousList,
    /// They store and overwrite objects.
    AnonymousWrite,
    /// They delete objects.
    AnonymousDelete,
    /// They do something else, such as change the policy.
    AnonymousOther,
    /// Everybody is let in without a condition, to read.
    Unconditional,
    /// It is allowed over plain HTTP.
    PlainHttp,
    /// `NotPrincipal` with `Allow` lets everybody else in.
    AllowNotPrincipal,
    /// Every action is allowed.
    EveryAction,
    /// `NotAction` with `Allow` allows every other action.
    AllowNotAction,
    /// `NotResource` with `Allow` allows it everywhere else.
    AllowNotResource,
    /// The statement has no effect.
    NeverApplies,
    /// No action of S3 is called so.
    UnknownAction,
    /// An action on buckets with objects as resources, or the other way round.
    WrongResource,
    /// A condition operator or key that nobody knows.
    UnknownCondition,
    /// An element that nobody knows.
    UnknownElement,
    /// Another version than `2012-10-17`, or none.
    OldVersion,
    /// A resource of another bucket.
    ForeignResource,
}

impl WarningKind {
    /// The name in JSON: `anonymous-list`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AnonymousList => "anonymous-list",
            Self::AnonymousWrite => "anonymous-write",
            Self::AnonymousDelete => "anonymous-delete",
            Self::AnonymousOther => "anonymous-other",
            Self::Unconditional => "unconditional",
            Self::PlainHttp => "plain-http",
            Self::AllowNotPrincipal => "allow-not-principal",
            Self::EveryAction => "every-action",
            Self::AllowNotAction => "allow-not-action",
            Self::AllowNotResource => "allow-not-resource",
            Self::NeverApplies => "never-applies",
            Self::UnknownAction => "unknown-action",
            Self::WrongResource => "wrong-resource",
            Self::UnknownCondition => "unknown-condition",
            Self::UnknownElement => "unknown-element",
            Self::OldVersion => "old-version",
            Self::ForeignResource => "foreign-resource",
        }
    }
}
