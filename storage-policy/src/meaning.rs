//! What a document means: atoms, each of one kind of principal, one pattern of actions and one of resources, without those that others
//! cover.

use std::collections::{BTreeMap, BTreeSet};

use crate::pattern::covers;
use crate::{Effect, OneOrMany, Policy, Principal, Scope, Statement};

/// Operators and keys in small letters, values as a set.
pub(crate) type Meant = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// One thing that a policy says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Atom {
    pub(crate) effect: Effect,
    pub(crate) who: Who,
    /// In small letters: actions are the same however they are written.
    pub(crate) action: What,
    pub(crate) resource: What,
    pub(crate) when: Meant,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Anyone,
    One { kind: String, name: String },
    AllBut(BTreeSet<(String, String)>),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    Like(String),
    AllBut(BTreeSet<String>),
}

impl Policy {
    /// Whether both documents allow and deny the same. Order, lists of one, names of statements, redundant statements and unknown elements
    /// make no difference, nor do the ways to write "everybody".
    ///
    /// Documents that say the same in ways that only a comparison of all possible requests would show, such as one pattern and the many that
    /// it stands for, count as different.
    ///
    /// ```
    /// use storage_policy::{Policy, Statement};
    ///
    /// let narrow = || Statement::allow_anyone(["s3:GetObject"], ["arn:aws:s3:::photos/cats/*".into()]);
    /// let wide = || Statement::allow_anyone(["s3:Get*"], ["arn:aws:s3:::photos/*".into()]);
    /// assert!(Policy::new([narrow(), wide()]).means_the_same_as(&Policy::new([wide()])));
    /// assert!(!Policy::new([narrow()]).means_the_same_as(&Policy::new([wide()])));
    /// ```
    pub fn means_the_same_as(&self, other: &Self) -> bool {
        say_the_same(&self.atoms(), &other.atoms())
    }

    /// In order, each once, without what another one covers.
    pub(crate) fn atoms(&self) -> BTreeSet<Atom> {
        let all: BTreeSet<Atom> = self.statements().iter().flat_map(atoms_of).collect();
        // Of those that say the same in other words, such as `a*` and `a**`, the first one stays.
        let is_better =
            |other: &Atom, atom: &Atom| other.covers(atom) && (other < atom || !atom.covers(other));
        let is_needed = |atom: &&Atom| !all.iter().any(|other| other != *atom && is_better(other, atom));
        all.iter().filter(is_needed).cloned().collect()
    }
}

/// Whether two policies are the same by what their atoms say. As none of them covers another, there are as many.
pub(crate) fn say_the_same(one: &BTreeSet<Atom>, other: &BTreeSet<Atom>) -> bool {
    let has = |these: &BTreeSet<Atom>, atom: &Atom| these.iter().any(|this| this.covers(atom));
    one.len() == other.len()
        && one.iter().all(|atom| has(other, atom))
        && other.iter().all(|atom| has(one, atom))
}

impl Atom {
    /// Whether it says all that the other one says.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let wanted = |(operator, keys): (&String, &BTreeMap<String, BTreeSet<String>>)| {
            keys.iter()
                .all(|(key, values)| other.when.get(operator).and_then(|keys| keys.get(key)) == Some(values))
        };
        self.effect == other.effect
            && self.who.covers(&other.who)
            && self.action.covers(&other.action)
            && self.resource.covers(&other.resource)
            && self.when.iter().all(wanted)
    }
}

impl Who {
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Anyone, _) => true,
            (one, other) => one == other,
        }
    }
}

impl What {
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Like(wide), Self::Like(narrow)) => covers(wide, narrow),
            (Self::Like(wide), Self::AllBut(_)) => wide.chars().all(|c| c == '*') && !wide.is_empty(),
            (Self::AllBut(left_out), Self::AllBut(more)) => left_out.is_subset(more),
            (Self::AllBut(left_out), Self::Like(like)) => {
                !left_out.iter().any(|pattern| crate::pattern::overlap(pattern, like))
            }
        }
    }
}

fn atoms_of(statement: &Statement) -> Vec<Atom> {
    let when = meant(statement);
    let mut atoms = Vec::new();
    for who in who(statement.principal.as_ref()) {
        for action in what(statement.action.as_ref(), str::to_ascii_lowercase) {
            for resource in what(statement.resource.as_ref(), str::to_owned) {
                let (who, action, when) = (who.clone(), action.clone(), when.clone());
                atoms.push(Atom { effect: statement.effect, who, action, resource, when });
            }
        }
    }
    atoms
}

fn meant(statement: &Statement) -> Meant {
    let mut meant = Meant::new();
    for (operator, keys) in statement.condition.iter().flatten() {
        for (key, values) in keys {
            let known = meant.entry(operator.to_ascii_lowercase()).or_default();
            known.entry(key.to_ascii_lowercase()).or_default().extend(values.as_slice().iter().cloned());
        }
    }
    meant
}

fn who(principal: Option<&Scope<Principal>>) -> Vec<Who> {
    match principal {
        // Policies of users name nobody.
        None => vec![Who::One { kind: String::new(), name: String::new() }],
        Some(Scope::In(Principal::Anyone)) => vec![Who::Anyone],
        Some(Scope::In(principal)) => {
            let one = |(kind, name): (String, String)| match (kind.as_str(), name.as_str()) {
                ("AWS", "*") => Who::Anyone,
                _ => Who::One { kind, name },
            };
            named(principal).into_iter().map(one).collect()
        }
        Some(Scope::NotIn(principal)) => vec![Who::AllBut(named(principal))],
    }
}

fn named(principal: &Principal) -> BTreeSet<(String, String)> {
    match principal {
        Principal::Anyone => [("AWS".to_owned(), "*".to_owned())].into(),
        Principal::Of(kinds) => {
            let names = |(kind, names): (&String, &OneOrMany<String>)| {
                let kind = kind.clone();
                names.as_slice().to_vec().into_iter().map(move |name| (kind.clone(), name))
            };
            kinds.iter().flat_map(names).collect()
        }
    }
}

fn what(scope: Option<&Scope<OneOrMany<String>>>, written: impl Fn(&str) -> String) -> Vec<What> {
    match scope {
        None => vec![What::Like(String::new())],
        Some(Scope::In(patterns)) => {
            patterns.as_slice().iter().map(|pattern| What::Like(written(pattern))).collect()
        }
        Some(Scope::NotIn(patterns)) => {
            vec![What::AllBut(patterns.as_slice().iter().map(|pattern| written(pattern)).collect())]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let document =
            |statements: &str| Policy::parse(&format!("{{\"Statement\":[{statements}]}}")).unwrap();
        let (one, other) = (document(one), document(other));
        assert_eq!(one.means_the_same_as(&other), other.means_the_same_as(&one));
        one.means_the_same_as(&other)
    }

    const GET: &str =
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
    const LIST: &str =
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}"#;

    #[test]
    fn what_makes_no_difference() {
        for other in [
            r#"{"Sid":"","Effect":"Allow","Principal":{"AWS":["*"]},"Action":["S3:getobject"],"Resource":["arn:aws:s3:::b/*"]}"#,
            &format!("{GET},{GET}"),
            &format!("{GET},{}", GET.replace("b/*", "b/sub/*")),
            &GET.replace("\"Effect\"", "\"Future\":1,\"Condition\":{},\"Effect\""),
        ] {
            assert!(same(GET, other), "{other}");
        }
        let joined = r#"{"Effect":"Allow","Principal":"*","Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}"#;
        assert!(same(&format!("{GET},{LIST}"), &format!("{LIST},{GET}")));
        assert!(!same(&format!("{GET},{LIST}"), joined), "it allows each action on both");
        let when = |values: &str| {
            GET.replace(
                "\"Effect\"",
                &format!("\"Condition\":{{\"StringLike\":{{\"aws:Referer\":{values}}}}},\"Effect\""),
            )
        };
        assert!(same(&when("[\"a\",\"b\"]"), &when("[\"b\",\"a\"]").replace("aws:Referer", "AWS:referer")));
        assert!(same(&format!("{GET},{}", when("\"a\"")), GET), "what is allowed anyway");
    }

    #[test]
    fn the_same_in_other_words_is_there_once() {
        let other = GET.replace("b/*", "b/**");
        assert!(same(GET, &other) && same(GET, &format!("{GET},{other}")));
        let all = GET.replace("\"s3:GetObject\"", "\"*\"");
        let none_but = all.replace("\"Action\":\"*\"", "\"NotAction\":[]");
        assert!(same(&all, &format!("{all},{none_but}")) && !same(&format!("{all},{none_but}"), ""));
    }

    #[test]
    fn what_makes_one() {
        for other in [
            &GET.replace("Allow", "Deny"),
            &GET.replace("b/*", "b/sub/*"),
            &GET.replace("\"*\",", "{\"AWS\":\"arn:aws:iam::1:root\"},"),
            &GET.replace("\"Principal\"", "\"NotPrincipal\""),
            &GET.replace("\"Action\"", "\"NotAction\""),
            &GET.replace("\"Resource\"", "\"NotResource\""),
            &GET.replace("GetObject", "GetObject*"),
            &GET.replace(
                "\"Effect\"",
                "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}},\"Effect\"",
            ),
            &format!("{GET},{LIST}"),
        ] {
            assert!(!same(GET, other), "{other}");
        }
    }

    /// As it was read back from the servers, of one policy with an empty `Sid` and single values.
    #[test]
    fn what_servers_give_back_is_the_same() {
        let put = r#"{"Version":"2012-10-17","Statement":[{"Sid":"","Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Sid":"","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
        let minio = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b/*"]}]}"#;
        let seaweedfs = format!("{put}\n");
        let put = Policy::parse(put).unwrap();
        for back in [minio, &seaweedfs] {
            assert!(put.means_the_same_as(&Policy::parse(back).unwrap()), "{back}");
        }
    }
}
