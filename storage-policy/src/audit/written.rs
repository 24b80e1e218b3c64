use super::{Findings, WarningKind};
use crate::access::is_of;
use crate::actions::{self, Level};
use crate::allows::glob::Glob;
use crate::{Effect, Scope, allows, condition_keys};

pub(super) fn unknown(name: &str) -> String {
    format!("nobody knows the element `{name}`: servers refuse the policy or overlook it; correct its name")
}

impl Findings<'_> {
    /// What the words of a statement mean, and people overlook.
    pub(super) fn written(&mut self) {
        self.negations();
        self.actions();
        self.conditions();
        self.foreign_resources();
        for name in self.statement.unknown.keys() {
            self.add(WarningKind::UnknownElement, unknown(name));
        }
    }

    fn negations(&mut self) {
        let statement = self.statement;
        if statement.effect != Effect::Allow {
            return;
        }
        if matches!(statement.principal, Some(Scope::NotIn(_))) {
            self.add(
                WarningKind::AllowNotPrincipal,
                "`NotPrincipal` with `Allow` lets everybody else in, people without credentials too: use `Principal`",
            );
        }
        if matches!(statement.action, Some(Scope::NotIn(_))) {
            self.add(
                WarningKind::AllowNotAction,
                "`NotAction` with `Allow` allows every other action, those to come too: list what is meant in `Action`",
            );
        }
        if matches!(statement.resource, Some(Scope::NotIn(_))) {
            self.add(
                WarningKind::AllowNotResource,
                "`NotResource` with `Allow` allows it everywhere else: list what is meant in `Resource`",
            );
        }
    }

    fn actions(&mut self) {
        let Some(Scope::In(actions) | Scope::NotIn(actions)) = &self.statement.action else { return };
        let is_allowed =
            self.statement.effect == Effect::Allow && matches!(self.statement.action, Some(Scope::In(_)));
        for action in actions.as_slice() {
            let pattern = action.to_ascii_lowercase();
            if is_allowed && matches!(pattern.trim_end_matches('*'), "" | "s3:") && pattern.contains('*') {
                self.add(
                    WarningKind::EveryAction,
                    format!("`{action}` allows every action, such as to change this policy: list those that are needed"),
                );
                continue;
            }
            let glob = Glob::new(&pattern);
            let levels: Vec<_> = actions::all()
                .filter(|one| glob.matches(&format!("s3:{}", one.name).to_ascii_lowercase()))
                .map(|one| one.level)
                .collect();
            if levels.is_empty() {
                if !actions::may_be_elsewhere(&pattern) {
                    self.add(
                        WarningKind::UnknownAction,
                        format!("no action of S3 is called `{action}`: correct its name"),
                    );
                }
            } else if matches!(self.statement.action, Some(Scope::In(_))) {
                self.resources_of(action, &levels);
            }
        }
    }

    fn resources_of(&mut self, action: &str, levels: &[Level]) {
        let Some(Scope::In(resources)) = &self.statement.resource else { return };
        let name = |resource: &String| {
            resource.rsplit_once(":::").map_or(resource.clone(), |(_, name)| name.to_owned())
        };
        let names: Vec<_> = resources.as_slice().iter().map(name).collect();
        let may_be_object = names.iter().any(|name| name.contains(['/', '*', '$']));
        let may_be_bucket = names.iter().any(|name| !name.contains('/'));
        if names.is_empty() {
            return;
        }
        if levels.iter().all(|level| *level == Level::Object) && !may_be_object {
            self.add(
                WarningKind::WrongResource,
                format!("`{action}` is of objects, and the resources name none: add one that ends with `/*`"),
            );
        }
        if levels.iter().all(|level| *level == Level::Bucket) && !may_be_bucket {
            self.add(
                WarningKind::WrongResource,
                format!("`{action}` is of buckets, and the resources name objects: MinIO takes it so, others do not; add the bucket alone"),
            );
        }
    }

    fn conditions(&mut self) {
        let conditions = self.statement.condition.iter().flatten();
        let effect = match self.statement.effect {
            Effect::Allow => "a server may refuse the policy, or let in whom it was meant to keep out",
            Effect::Deny => "a server may refuse the policy, or not deny what was meant to be",
        };
        for (operator, keys) in conditions {
            if allows::Operator::parse(operator).is_none() {
                let message =
                    format!("nobody knows the condition operator `{operator}`: {effect}; correct its name");
                self.add(WarningKind::UnknownCondition, message);
            }
            for key in keys.keys().filter(|key| !condition_keys::is_known(&key.to_lowercase())) {
                let message = format!("nobody knows the condition key `{key}`: {effect}; correct its name");
                self.add(WarningKind::UnknownCondition, message);
            }
        }
    }

    fn foreign_resources(&mut self) {
        let Some(bucket) = self.options.bucket.as_deref() else { return };
        let Some(Scope::In(resources)) = &self.statement.resource else { return };
        for resource in resources.as_slice().iter().filter(|resource| !is_of(resource, bucket)) {
            self.add(
                WarningKind::ForeignResource,
                format!("`{resource}` is not of the bucket `{bucket}` alone: servers refuse the policy; name arn:aws:s3:::{bucket}"),
            );
        }
    }
}
