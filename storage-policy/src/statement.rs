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
    pub fn allow_anyone(
        actions: impl IntoIterator<Item = impl Into<String>>,
        resources: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            sid: None,
            effect: Effect::Allow,
            principal: Some(Scope::In(Principal::anyone_in_a_list())),
            action: Some(Scope::In(texts(actions))),
            resource: Some(Scope::In(texts(resources))),
            condition: None,
            unknown: Map::new(),
        }
    }

    /// The same denied.
    ///
    /// ```
    /// use storage_policy::{Policy, Request, Statement};
    ///
    /// let objects = || ["arn:aws:s3:::photos/*"];
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

    /// For these principals alone, and those of other kinds that are named: ARNs of users and roles, or accounts.
    pub fn only_for(self, principals: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.only_for_kind("AWS", principals)
    }

    /// For these principals of a kind alone, `CanonicalUser`, `Federated` or `Service`, and those of other kinds that are named.
    ///
    /// ```
    /// use storage_policy::{Policy, Request, Statement};
    ///
    /// let logs = Statement::allow_anyone(["s3:PutObject"], ["arn:aws:s3:::logs/*"])
    ///     .only_for_kind("Service", ["logging.s3.amazonaws.com"])
    ///     .only_for(["111122223333"]);
    /// let policy = Policy::new([logs]);
    /// let service = Request::by_kind("Service", "logging.s3.amazonaws.com", "s3:PutObject", "logs/1");
    /// assert!(policy.allows(&service).is_allowed());
    /// assert!(!policy.allows(&Request::anonymous("s3:PutObject", "logs/1")).is_allowed());
    /// ```
    pub fn only_for_kind(
        mut self,
        kind: impl Into<String>,
        principals: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let mut kinds = match self.principal.take() {
            Some(Scope::In(Principal::Of(kinds))) if !is_anyone(&kinds) => kinds,
            _ => BTreeMap::new(),
        };
        kinds.insert(kind.into(), texts(principals));
        self.principal = Some(Scope::In(Principal::Of(kinds)));
        self
    }

    /// For everybody but these users, roles and accounts: `NotPrincipal`. With [`denied`](Self::denied) it keeps all others out; without, it
    /// lets all others in, people without credentials too.
    pub fn for_all_but(mut self, principals: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let kinds = BTreeMap::from([("AWS".to_owned(), texts(principals))]);
        self.principal = Some(Scope::NotIn(Principal::Of(kinds)));
        self
    }

    /// On its resources every action but these: `NotAction`, in the place of its actions.
    pub fn any_action_but(mut self, actions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.action = Some(Scope::NotIn(texts(actions)));
        self
    }

    /// Everywhere but there: `NotResource`, in the place of its resources.
    pub fn anywhere_but(mut self, resources: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.resource = Some(Scope::NotIn(texts(resources)));
        self
    }

    /// With a name, by which decisions and warnings call it.
    pub fn named(mut self, sid: impl Into<String>) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Holds only where a key has one of these values, by this operator.
    pub fn when(
        mut self,
        operator: impl Into<String>,
        key: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let keys = self.condition.get_or_insert_default().entry(operator.into()).or_default();
        keys.insert(key.into(), texts(values));
        self
    }

    pub(crate) fn normalized(self) -> Self {
        let principal = |principal| match principal {
            Principal::Anyone => Principal::anyone_in_a_list(),
            Principal::Of(kinds) => {
                Principal::Of(kinds.into_iter().map(|(kind, names)| (kind, names.into_many())).collect())
            }
        };
        let keys = |keys: BTreeMap<String, OneOrMany<String>>| {
            keys.into_iter().map(|(key, values)| (key, values.into_many())).collect()
        };
        Self {
            principal: self.principal.map(|scope| scope.map(principal)),
            action: self.action.map(|scope| scope.map(OneOrMany::into_many)),
            resource: self.resource.map(|scope| scope.map(OneOrMany::into_many)),
            condition: self.condition.map(|operators| {
                operators.into_iter().map(|(operator, values)| (operator, keys(values))).collect()
            }),
            ..self
        }
    }
}

impl<T> Scope<T> {
    fn map(self, change: impl FnOnce(T) -> T) -> Self {
        match self {
            Self::In(it) => Self::In(change(it)),
            Self::NotIn(it) => Self::NotIn(change(it)),
        }
    }
}

fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> OneOrMany<String> {
    texts.into_iter().collect()
}

fn is_anyone(kinds: &BTreeMap<String, OneOrMany<String>>) -> bool {
    kinds.get("AWS").is_some_and(|names| names.as_slice().iter().any(|name| name == "*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;

    #[test]
    fn what_is_built_is_what_one_would_write() {
        let actions: Vec<String> = vec!["s3:GetObject".to_owned()];
        let all_but = Statement::allow_anyone(actions, ["arn:aws:s3:::b/*"])
            .denied()
            .named("s")
            .for_all_but(["111122223333"])
            .any_action_but(["s3:Get*"])
            .anywhere_but(vec!["arn:aws:s3:::b/open/*".to_owned()])
            .when("Bool", "aws:SecureTransport", ["false"]);
        let kinds = Statement::allow_anyone(["s3:GetObject"], ["arn:aws:s3:::b/*"])
            .only_for_kind("Federated", ["accounts.google.com"])
            .only_for_kind("CanonicalUser", ["79a5"])
            .only_for(["111122223333"]);
        let built = Policy::new([all_but, kinds]).named("p");
        let written = r#"{"Version": "2012-10-17", "Id": "p", "Statement": [
            {"Sid": "s", "Effect": "Deny", "NotPrincipal": {"AWS": ["111122223333"]}, "NotAction": ["s3:Get*"],
             "NotResource": ["arn:aws:s3:::b/open/*"], "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}},
            {"Effect": "Allow", "Principal": {"AWS": ["111122223333"], "CanonicalUser": ["79a5"], "Federated": ["accounts.google.com"]},
             "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]}]}"#;
        assert_eq!(built, Policy::parse(written).unwrap());
    }
}
