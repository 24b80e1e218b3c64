use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::actions;
use crate::meaning::{Atom, What, Who};
use crate::{Effect, Policy, Scope};

/// One thing that a policy says; `Display` says it in a sentence.
#[derive(Clone, Debug)]
pub struct Grant {
    atom: Atom,
    spelling: Arc<Spelling>,
}

/// How a policy writes actions, operators and condition keys, by their names in small letters.
#[derive(Debug)]
struct Spelling(BTreeMap<String, String>);

/// By what is said, however it is written.
impl PartialEq for Grant {
    fn eq(&self, other: &Self) -> bool {
        self.atom == other.atom
    }
}

impl Eq for Grant {}

impl Grant {
    /// Whether it allows or denies.
    pub fn effect(&self) -> Effect {
        self.atom.effect
    }

    /// Whether it concerns people without credentials.
    pub fn is_for_anyone(&self) -> bool {
        !matches!(self.atom.who, Who::One { .. })
    }

    pub(crate) fn all(policy: &Policy, atoms: BTreeSet<Atom>) -> Vec<Self> {
        let spelling = Arc::new(Spelling::of(policy));
        atoms.into_iter().map(|atom| Self { atom, spelling: Arc::clone(&spelling) }).collect()
    }
}

impl Policy {
    /// All that it says, without what is said twice; `Display` of each is a sentence.
    pub fn grants(&self) -> Vec<Grant> {
        Grant::all(self, self.atoms())
    }

    /// All that it says, in sentences.
    ///
    /// ```
    /// use storage_policy::Preset;
    ///
    /// let sentences = Preset::PublicRead.policy("photos", "open/").explain();
    /// assert_eq!(sentences, ["anyone may s3:GetObject on arn:aws:s3:::photos/open/*"]);
    /// ```
    pub fn explain(&self) -> Vec<String> {
        self.grants().iter().map(ToString::to_string).collect()
    }
}

impl Spelling {
    fn of(policy: &Policy) -> Self {
        let mut written = BTreeMap::new();
        let mut add = |name: &str| {
            written.entry(name.to_ascii_lowercase()).or_insert_with(|| name.to_owned());
        };
        for statement in policy.statements() {
            if let Some(Scope::In(actions) | Scope::NotIn(actions)) = &statement.action {
                actions.as_slice().iter().for_each(|action| add(action));
            }
            for (operator, keys) in statement.condition.iter().flatten() {
                add(operator);
                for key in keys.keys() {
                    add(key);
                }
            }
        }
        Self(written)
    }

    fn word<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// As the reference of S3 writes it, else as the policy does.
    fn action(&self, pattern: &str) -> String {
        actions::written(pattern).unwrap_or_else(|| self.word(pattern).to_owned())
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { atom: Atom { effect, who, action, resource, when }, spelling } = self;
        match who {
            Who::Anyone => f.write_str("anyone")?,
            Who::One { kind, name } if kind.is_empty() && name.is_empty() => {
                f.write_str("whoever has the policy")?;
            }
            Who::One { kind, name } => write!(f, "{name} ({kind})")?,
            Who::AllBut(names) => {
                write!(f, "anyone but {}", joined(names.iter().map(|(_, name)| name.clone()), ", "))?;
            }
        }
        f.write_str(match effect {
            Effect::Allow => " may ",
            Effect::Deny => " may not ",
        })?;
        match action {
            What::Like(pattern) if pattern.is_empty() => f.write_str("do nothing")?,
            What::Like(pattern) => f.write_str(&spelling.action(pattern))?,
            What::AllBut(patterns) => {
                let patterns = patterns.iter().map(|pattern| spelling.action(pattern));
                write!(f, "do anything but {}", joined(patterns, " or "))?;
            }
        }
        match resource {
            What::Like(pattern) => write!(f, " on {pattern}")?,
            What::AllBut(patterns) => {
                write!(f, " on anything but {}", joined(patterns.iter().cloned(), " or "))?;
            }
        }
        let mut link = " if ";
        for (operator, keys) in when {
            for (key, values) in keys {
                let (key, operator) = (spelling.word(key), spelling.word(operator));
                write!(f, "{link}{key} {operator} {}", joined(values.iter().cloned(), " or "))?;
                link = " and ";
            }
        }
        Ok(())
    }
}

fn joined(values: impl Iterator<Item = String>, by: &str) -> String {
    values.collect::<Vec<_>>().join(by)
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    #[test]
    fn names_are_written_as_people_write_them() {
        let policy = Policy::parse(
            r#"{"Statement": [
                {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["S3:GETBUCKETCORS", "s3:Get*Tagging"], "Resource": "arn:aws:s3:::b"},
                {"Effect": "Deny", "NotPrincipal": {"AWS": "x"}, "NotAction": "s3:getobject", "NotResource": "arn:aws:s3:::b/*",
                 "Condition": {"NumericLessThan": {"s3:Max-Keys": 10}}}]}"#,
        );
        assert_eq!(
            policy.unwrap().explain(),
            [
                "111122223333 (AWS) may s3:Get*Tagging on arn:aws:s3:::b",
                "111122223333 (AWS) may s3:GetBucketCORS on arn:aws:s3:::b",
                "anyone but x may not do anything but s3:GetObject on anything but arn:aws:s3:::b/* if s3:Max-Keys NumericLessThan 10",
            ]
        );
    }
}
