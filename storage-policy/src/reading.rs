use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use crate::keyed::{Keyed, is_well_written};
use crate::{OneOrMany, Policy, Scope, Statement};

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PolicyVisitor)
    }
}

impl<'de> Deserialize<'de> for Statement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StatementVisitor)
    }
}

struct PolicyVisitor;

impl<'de> Visitor<'de> for PolicyVisitor {
    type Value = Policy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a policy, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Policy, A::Error> {
        let (mut version, mut id, mut statement, mut unknown) = (None, None, None, Map::new());
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "Version" => once(&mut version, map.next_value()?, "Version")?,
                "Id" => once(&mut id, map.next_value()?, "Id")?,
                "Statement" => once(&mut statement, map.next_value()?, "Statement")?,
                _ => keep(&mut unknown, name, map.next_value()?, &POLICY)?,
            }
        }
        let statement = statement.ok_or_else(|| A::Error::missing_field("Statement"))?;
        Ok(Policy { version, id, statement, unknown })
    }
}

struct StatementVisitor;

impl<'de> Visitor<'de> for StatementVisitor {
    type Value = Statement;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a statement, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Statement, A::Error> {
        let (mut sid, mut effect, mut condition) = (None, None, None);
        let (mut principal, mut action, mut resource) = (None, None, None);
        let mut unknown = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "Sid" => once(&mut sid, map.next_value()?, "Sid")?,
                "Effect" => once(&mut effect, map.next_value()?, "Effect")?,
                "Principal" => once(&mut principal, Scope::In(map.next_value()?), "Principal")?,
                "NotPrincipal" => once(&mut principal, Scope::NotIn(map.next_value()?), "Principal")?,
                "Action" => once(&mut action, Scope::In(map.next_value()?), "Action")?,
                "NotAction" => once(&mut action, Scope::NotIn(map.next_value()?), "Action")?,
                "Resource" => once(&mut resource, Scope::In(map.next_value()?), "Resource")?,
                "NotResource" => once(&mut resource, Scope::NotIn(map.next_value()?), "Resource")?,
                "Condition" => {
                    let Keyed(operators) = map.next_value::<Keyed<Keyed<OneOrMany<String>>>>()?;
                    let operators = operators.into_iter().map(|(operator, Keyed(keys))| (operator, keys));
                    once(&mut condition, operators.collect(), "Condition")?;
                }
                _ => keep(&mut unknown, name, map.next_value()?, &STATEMENT)?,
            }
        }
        let effect = effect.ok_or_else(|| A::Error::missing_field("Effect"))?;
        Ok(Statement { sid, effect, principal, action, resource, condition, unknown })
    }
}

fn once<T, E: Error>(place: &mut Option<T>, value: T, name: &str) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::custom(format_args!("`{name}`, or its negation, is there twice"))),
    }
}

/// Those that mean something: a name, such as the `ID` that MinIO makes of `Id`, does not.
const POLICY: [&str; 2] = ["Version", "Statement"];

const STATEMENT: [&str; 8] =
    ["Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

fn keep<E: Error>(
    unknown: &mut Map<String, Value>,
    name: String,
    value: Value,
    known: &[&str],
) -> Result<(), E> {
    is_well_written(&name, known)?;
    match unknown.insert(name, value) {
        None => Ok(()),
        Some(_) => Err(E::custom("an element is there twice")),
    }
}

impl Policy {
    pub(crate) fn to_value(&self) -> Value {
        let mut map = self.unknown.clone();
        let mut add =
            |name: &str, value: Option<Value>| map.extend(value.map(|value| (name.to_owned(), value)));
        add("Version", self.version.as_ref().map(|version| json!(version)));
        add("Id", self.id.as_ref().map(|id| json!(id)));
        add("Statement", Some(json!(self.statement)));
        Value::Object(map)
    }
}

impl serde::Serialize for Policy {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl serde::Serialize for Statement {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = self.unknown.clone();
        let mut add = |name: &str, value: Value| map.insert(name.to_owned(), value);
        add("Effect", json!(self.effect));
        if let Some(sid) = &self.sid {
            add("Sid", json!(sid));
        }
        match &self.principal {
            Some(Scope::In(principal)) => drop(add("Principal", json!(principal))),
            Some(Scope::NotIn(principal)) => drop(add("NotPrincipal", json!(principal))),
            None => {}
        }
        match &self.action {
            Some(Scope::In(action)) => drop(add("Action", json!(action))),
            Some(Scope::NotIn(action)) => drop(add("NotAction", json!(action))),
            None => {}
        }
        match &self.resource {
            Some(Scope::In(resource)) => drop(add("Resource", json!(resource))),
            Some(Scope::NotIn(resource)) => drop(add("NotResource", json!(resource))),
            None => {}
        }
        if let Some(condition) = &self.condition {
            add("Condition", json!(condition));
        }
        Value::Object(map).serialize(serializer)
    }
}
