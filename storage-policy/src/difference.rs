use std::fmt;

use crate::meaning::{Atom, What, Who, says};
use crate::{Effect, Policy};

/// What two policies say differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What the one says and the other does not.
    pub only_here: Vec<Grant>,
    /// What the other says and the one does not.
    pub only_there: Vec<Grant>,
}

/// One thing that a policy says; `Display` says it in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant(Atom);

impl Grant {
    /// Whether it allows or denies.
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// Whether it concerns people without credentials.
    pub fn is_for_anyone(&self) -> bool {
        !matches!(self.0.who, Who::One { .. })
    }
}

impl Policy {
    /// What one of two policies says and the other does not, by what they mean.
    pub fn difference(&self, other: &Self) -> Difference {
        let (here, there) = (self.atoms(), other.atoms());
        let only = |these: &std::collections::BTreeSet<Atom>, those: &std::collections::BTreeSet<Atom>| {
            let is_left = |atom: &&Atom| !says(those, atom);
            these.iter().filter(is_left).cloned().map(Grant).collect()
        };
        Difference { only_here: only(&here, &there), only_there: only(&there, &here) }
    }

    /// All that it says, without what is said twice; `Display` of each is a sentence.
    pub fn grants(&self) -> Vec<Grant> {
        self.atoms().into_iter().map(Grant).collect()
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Atom { effect, who, action, resource, when } = &self.0;
        match who {
            Who::Anyone => f.write_str("anyone")?,
            Who::One { kind, name } if kind.is_empty() && name.is_empty() => {
                f.write_str("whoever has the policy")?;
            }
            Who::One { kind, name } => write!(f, "{name} ({kind})")?,
            Who::AllBut(names) => {
                let names: Vec<_> = names.iter().map(|(_, name)| name.as_str()).collect();
                write!(f, "anyone but {}", names.join(", "))?;
            }
        }
        f.write_str(match effect {
            Effect::Allow => " may ",
            Effect::Deny => " may not ",
        })?;
        match action {
            What::Like(pattern) if pattern.is_empty() => f.write_str("do nothing")?,
            What::Like(pattern) => f.write_str(pattern)?,
            What::AllBut(patterns) => write!(f, "do anything but {}", joined(patterns))?,
        }
        match resource {
            What::Like(pattern) => write!(f, " on {pattern}")?,
            What::AllBut(patterns) => write!(f, " on anything but {}", joined(patterns))?,
        }
        let mut link = " if ";
        for (operator, keys) in when {
            for (key, values) in keys {
                write!(f, "{link}{key} {operator} {}", joined(values))?;
                link = " and ";
            }
        }
        Ok(())
    }
}

fn joined(values: &std::collections::BTreeSet<String>) -> String {
    values.iter().map(String::as_str).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use crate::Preset;

    #[test]
    fn what_the_one_grants_and_the_other_does_not() {
        let (read, list) =
            (Preset::PublicRead.policy("b", ""), Preset::PublicReadWithListing.policy("b", ""));
        let difference = read.difference(&list);
        assert_eq!(difference.only_here, []);
        let sentences: Vec<_> = difference.only_there.iter().map(ToString::to_string).collect();
        assert_eq!(sentences, ["anyone may s3:listbucket on arn:aws:s3:::b"]);
        let prefixed = Preset::Download.policy("b", "sub");
        let sentences: Vec<_> = prefixed.grants().iter().map(ToString::to_string).collect();
        assert!(
            sentences
                .contains(&"anyone may s3:listbucket on arn:aws:s3:::b if s3:prefix stringequals sub".into()),
            "{sentences:?}"
        );
    }
}
