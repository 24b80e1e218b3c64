//! What a document means: atoms, each of one kind of principal, one pattern of actions and one of resources, without those that others
//! cover.

use std::collections::{BTreeMap, BTreeSet};

use crate::pattern;
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
    /// let narrow = || Statement::allow_anyone(["s3:GetObject"], ["arn:aws:s3:::photos/cats/*"]);
    /// let wide = || Statement::allow_anyone(["s3:Get*"], ["arn:aws:s3:::photos/*"]);
    /// assert!(Policy::new([narrow(), wide()]).means_the_same_as(&Policy::new([wide()])));
    /// assert!(!Policy::new([narrow()]).means_the_same_as(&Policy::new([wide()])));
    /// ```
    pub fn means_the_same_as(&self, other: &Self) -> bool {
        say_the_same(&self.atoms(), &other.atoms())
    }

    /// In order, each once, without what another one covers.
    pub(crate) fn atoms(&self) -> BTreeSet<Atom> {
        let blocks: Vec<_> = self.statements().iter().map(Block::new).collect();
        let mut atoms = BTreeSet::new();
        for (place, block) in blocks.iter().enumerate() {
            let others = blocks.iter().enumerate().filter(|(other, _)| *other != place);
            let coverings: Vec<_> =
                others.filter_map(|(other, by)| Some((other < place, block.covering(by)?))).collect();
            for (w, who) in block.who.iter().enumerate() {
                for (a, action) in block.action.iter().enumerate() {
                    for (r, resource) in block.resource.iter().enumerate() {
                        let is_said_by = |(is_before, by): &(bool, Covering)| by.takes(w, a, r, *is_before);
                        if !coverings.iter().any(is_said_by) {
                            let (who, action, resource) = (who.clone(), action.clone(), resource.clone());
                            atoms.insert(Atom {
                                effect: block.effect,
                                who,
                                action,
                                resource,
                                when: block.when.clone(),
                            });
                        }
                    }
                }
            }
        }
        atoms
    }
}

/// A statement: it says each of its actions of each of its resources to each of its principals. In each list none covers another.
struct Block {
    effect: Effect,
    who: Vec<Who>,
    action: Vec<What>,
    resource: Vec<What>,
    when: Meant,
}

/// How the lists of a block are covered by those of another one.
struct Covering {
    who: Vec<Cover>,
    action: Vec<Cover>,
    resource: Vec<Cover>,
    when: Cover,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cover {
    Not,
    /// By what says the same, perhaps in other words, such as `a*` and `a**`.
    Same,
    /// By what says more.
    More,
}

impl Block {
    fn new(statement: &Statement) -> Self {
        Self {
            effect: statement.effect,
            who: least(who(statement.principal.as_ref()), Who::covers),
            action: least(what(statement.action.as_ref(), str::to_ascii_lowercase), What::covers),
            resource: least(what(statement.resource.as_ref(), str::to_owned), What::covers),
            when: meant(statement),
        }
    }

    /// None if nothing of it is covered.
    fn covering(&self, by: &Self) -> Option<Covering> {
        if self.effect != by.effect || !holds_wherever(&by.when, &self.when) {
            return None;
        }
        let covering = Covering {
            who: covers(&self.who, &by.who, Who::covers)?,
            action: covers(&self.action, &by.action, What::covers)?,
            resource: covers(&self.resource, &by.resource, What::covers)?,
            when: if self.when == by.when { Cover::Same } else { Cover::More },
        };
        Some(covering)
    }
}

impl Covering {
    /// Whether an atom is said by the other block. Of two that say the same the first one stays.
    fn takes(&self, who: usize, action: usize, resource: usize, is_before: bool) -> bool {
        let covers = [self.who[who], self.action[action], self.resource[resource], self.when];
        !covers.contains(&Cover::Not) && (is_before || covers.contains(&Cover::More))
    }
}

/// Without what another one covers; of those that say the same the first one.
fn least<T: Ord>(items: Vec<T>, covers: fn(&T, &T) -> bool) -> Vec<T> {
    let items: BTreeSet<T> = items.into_iter().collect();
    let is_better = |other: &T, item: &T| covers(other, item) && (other < item || !covers(item, other));
    let is_needed: Vec<bool> =
        items.iter().map(|item| !items.iter().any(|other| other != item && is_better(other, item))).collect();
    items.into_iter().zip(is_needed).filter_map(|(item, is_needed)| is_needed.then_some(item)).collect()
}

/// How each is covered; none if none is. As none of `by` covers another, the first one that covers tells.
fn covers<T>(items: &[T], by: &[T], covers: fn(&T, &T) -> bool) -> Option<Vec<Cover>> {
    let cover = |item: &T| match by.iter().find(|by| covers(by, item)) {
        None => Cover::Not,
        Some(by) if covers(item, by) => Cover::Same,
        Some(_) => Cover::More,
    };
    let covering: Vec<_> = items.iter().map(cover).collect();
    covering.iter().any(|cover| *cover != Cover::Not).then_some(covering)
}

/// Whether the one, which is to be met, is met wherever the other is.
fn holds_wherever(one: &Meant, other: &Meant) -> bool {
    one.iter().all(|(operator, keys)| {
        let known = other.get(operator);
        keys.iter().all(|(key, values)| known.and_then(|keys| keys.get(key)) == Some(values))
    })
}

/// Whether two policies are the same by what their atoms say. As none of them covers another, there are as many.
pub(crate) fn say_the_same(one: &BTreeSet<Atom>, other: &BTreeSet<Atom>) -> bool {
    one.len() == other.len()
        && one.iter().all(|atom| says(other, atom))
        && other.iter().all(|atom| says(one, atom))
}

/// Whether one of them says all that an atom says.
pub(crate) fn says(atoms: &BTreeSet<Atom>, atom: &Atom) -> bool {
    atoms.contains(atom) || atoms.iter().any(|this| this.covers(atom))
}

impl Atom {
    /// Whether it says all that the other one says.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.effect == other.effect
            && self.who.covers(&other.who)
            && self.action.covers(&other.action)
            && self.resource.covers(&other.resource)
            && holds_wherever(&self.when, &other.when)
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
            (Self::Like(wide), Self::Like(narrow)) => pattern::covers(wide, narrow),
            (Self::Like(wide), Self::AllBut(_)) => wide.chars().all(|c| c == '*') && !wide.is_empty(),
            (Self::AllBut(left_out), Self::AllBut(more)) => left_out.is_subset(more),
            (Self::AllBut(left_out), Self::Like(like)) => {
                !left_out.iter().any(|pattern| pattern::overlap(pattern, like))
            }
        }
    }
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
    use proptest::prelude::*;

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

    /// Forty actions on four hundred resources are not compared with each other.
    #[test]
    fn a_large_policy_takes_no_time() {
        let list = |one: &dyn Fn(usize) -> String, count| (0..count).map(one).collect::<Vec<_>>().join(",");
        let actions = list(&|number| format!("\"s3:Get{number}\""), 40);
        let resources = list(&|number| format!("\"arn:aws:s3:::b/{number}/*\""), 400);
        let text = GET.replace("\"s3:GetObject\"", &format!("[{actions}]"));
        let text = text.replace("\"arn:aws:s3:::b/*\"", &format!("[{resources}]"));
        let start = std::time::Instant::now();
        assert!(same(&text, &text) && !same(&text, GET));
        assert!(start.elapsed() < std::time::Duration::from_secs(60), "{:?}", start.elapsed());
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

    /// As one would write it without a thought for time: each with each.
    fn naive(policy: &Policy) -> BTreeSet<Atom> {
        let mut all = BTreeSet::new();
        for block in policy.statements().iter().map(Block::new) {
            for who in &block.who {
                for action in &block.action {
                    for resource in &block.resource {
                        let (who, action, resource) = (who.clone(), action.clone(), resource.clone());
                        all.insert(Atom {
                            effect: block.effect,
                            who,
                            action,
                            resource,
                            when: block.when.clone(),
                        });
                    }
                }
            }
        }
        all
    }

    fn statement() -> impl Strategy<Value = String> {
        let list =
            |one: &'static str| prop::collection::vec(one, 1..4).prop_map(|values| format!("{values:?}"));
        let when =
            prop_oneof![Just(""), Just(r#","Condition":{"Bool":{"k":"true"}}"#), Just(r#","Condition":{}"#)];
        let parts =
            ("Allow|Deny", list("[*]|1|2"), "(Not)?", list("[ab][*]{0,2}|[*]"), list("[ab][*]{0,2}"), when);
        parts.prop_map(|(effect, who, not, action, resource, when)| {
            format!(r#"{{"Effect":"{effect}","Principal":{{"AWS":{who}}},"{not}Action":{action},"Resource":{resource}{when}}}"#)
        })
    }

    proptest! {
        #[test]
        fn each_is_said_once_and_nothing_is_lost(statements in prop::collection::vec(statement(), 0..5)) {
            let policy = Policy::parse(&format!("{{\"Statement\":[{}]}}", statements.join(","))).unwrap();
            let (atoms, all) = (policy.atoms(), naive(&policy));
            prop_assert!(atoms.is_subset(&all));
            for atom in &all {
                prop_assert!(says(&atoms, atom), "{:?} is lost", atom);
            }
            for atom in &atoms {
                prop_assert!(!atoms.iter().any(|other| other != atom && other.covers(atom)), "{:?} is said twice", atom);
            }
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
