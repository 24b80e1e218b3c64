use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{OneOrMany, Principal};

/// Operators, such as `StringEquals`, with keys, such as `s3:prefix`, and the values that each is compared with.
pub type Conditions = BTreeMap<String, BTreeMap<String, OneOrMany<String>>>;

/// Whether a statement allows or denies. What is denied by one is denied, whatever others allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
}

/// What a statement concerns: what is listed, or all that is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope<T> {
    /// What is listed: `Action`, `Resource`, `Principal`.
    In(T),
    /// All but what is listed: `NotAction`, `NotResource`, `NotPrincipal`. Many servers refuse these.
    NotIn(T),
}

/// One statement of a policy
/// ([IAM, "Statement elements"](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// Its name, if it has one; it means nothing.
    pub sid: Option<String>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Whom it concerns.
    pub principal: Option<Scope<Principal>>,
    /// Which actions, such as `s3:GetObject`; `*` stands for any characters, `?` for any one.
    pub action: Option<Scope<OneOrMany<String>>>,
    /// Which buckets and objects, such as `arn:aws:s3:::photos/*`.
    pub resource: Option<Scope<OneOrMany<String>>>,
    /// When: all of these must hold.
    pub condition: Option<Conditions>,
    /// Elements that are not known, as they were read.
    pub unknown: Map<String, Value>,
}

impl Statement {
    /// Allows everybody these actions on these resources.
    pub fn allow_anyone<const A: usize, const R: usize>(actions: [&str; A], resources: [String; R]) -> Self {
        Self {
            sid: None,
            effect: Effect::Allow,
            principal: Some(Scope::In(Principal::Of([("AWS".to_owned(), ["*"].into())].into()))),
            action: Some(Scope::In(actions.into())),
            resource: Some(Scope::In(resources.into())),
            condition: None,
            unknown: Map::new(),
        }
    }

    /// The same denied.
    ///
    /// ```
    /// use storage_policy::{Policy, Request, Statement};
    ///
    /// let objects = || ["arn:aws:s3:::photos/*".to_owned()];
    /// let read = Statement::allow_anyone(["s3:GetObject"], objects()).only_for(["arn:aws:iam::111122223333:role/web"]);
    /// let no_http = Statement::allow_anyone(["s3:*"], objects()).denied().named("NoHttp");
    /// let policy = Policy::new([read, no_http.when("Bool", "aws:SecureTransport", ["false"])]);
    /// let request = Request::by("arn:aws:iam::111122223333:role/web", "s3:GetObject", "photos/tom.jpg");
    /// assert!(policy.allows(&request).is_allowed());
    /// assert!(!policy.allows(&request.with("aws:SecureTransport", ["false"])).is_allowed());
    /// ```
    pub fn denied(mut self) -> Self {
        self.effect = Effect::Deny;
        self
    }

    /// For these principals alone: ARNs of users and roles, or accounts.
    pub fn only_for<const N: usize>(mut self, principals: [&str; N]) -> Self {
        self.principal = Some(Scope::In(Principal::Of([("AWS".to_owned(), principals.into())].into())));
        self
    }

    /// With a name, by which decisions and warnings call it.
    pub fn named(mut self, sid: impl Into<String>) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Holds only where a key has one of these values, by this operator.
    pub fn when<const N: usize>(mut self, operator: &str, key: &str, values: [&str; N]) -> Self {
        let keys = self.condition.get_or_insert_default().entry(operator.to_owned()).or_default();
        keys.insert(key.to_owned(), values.into());
        self
    }
}
