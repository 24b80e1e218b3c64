/// What a server deletes by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lifecycle {
    /// The rules that say no more than [`LifecycleRule`] can.
    pub rules: Vec<LifecycleRule>,
    /// Rules that say more, as the server wrote them. They are sent back as they are, so that what others have set stays.
    pub foreign: Vec<String>,
}

impl Lifecycle {
    /// The rule of this name.
    pub fn rule(&self, id: &str) -> Option<&LifecycleRule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The rule of this name that says more, as the server wrote it. A name is that of one rule alone.
    pub fn foreign_rule(&self, id: &str) -> Option<&str> {
        self.foreign.iter().find(|rule| is_called(rule, id)).map(String::as_str)
    }

    /// Adds a rule, in the place of the one of its name, also of one that says more.
    pub fn set(&mut self, rule: LifecycleRule) {
        self.foreign.retain(|foreign| !is_called(foreign, &rule.id));
        match self.rules.iter_mut().find(|known| known.id == rule.id) {
            Some(known) => *known = rule,
            None => self.rules.push(rule),
        }
    }

    /// Takes the rule of this name away, also one that says more.
    pub fn remove(&mut self, id: &str) {
        self.rules.retain(|rule| rule.id != id);
        self.foreign.retain(|foreign| !is_called(foreign, id));
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.foreign.is_empty()
    }
}

/// Of a rule as XML.
fn is_called(rule: &str, id: &str) -> bool {
    let id = id.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    rule.contains(&format!("<ID>{id}</ID>"))
}

/// A rule of a bucket's lifecycle
/// ([S3 User Guide, "Lifecycle configuration elements"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html)).
///
/// Servers carry rules out once a day or so, not to the minute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LifecycleRule {
    /// What the rule is called; at most 255 characters.
    pub id: String,
    /// Whether it is carried out.
    pub enabled: bool,
    /// Which keys it concerns: those that begin so. Empty for all.
    pub prefix: String,
    /// Objects are deleted when they are so old; at least 1.
    pub expire_after_days: Option<u32>,
    /// Uploads in parts are aborted when they were begun so long ago; at least 1.
    pub abort_uploads_after_days: Option<u32>,
}

impl LifecycleRule {
    /// A rule of this name that is carried out, concerns all keys and does nothing yet.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            enabled: true,
            prefix: String::new(),
            expire_after_days: None,
            abort_uploads_after_days: None,
        }
    }

    /// Is kept, and not carried out.
    pub fn disabled(mut self) -> Self {
        self.enabled = false;
        self
    }

    /// Concerns only keys that begin with `prefix`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Deletes objects after so many days.
    pub fn expire_after_days(mut self, days: u32) -> Self {
        self.expire_after_days = Some(days);
        self
    }

    /// Aborts unfinished uploads after so many days.
    pub fn abort_uploads_after_days(mut self, days: u32) -> Self {
        self.abort_uploads_after_days = Some(days);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_takes_the_place_of_its_name() {
        let mut lifecycle = Lifecycle { foreign: vec!["<ID>other</ID>".into()], ..Lifecycle::default() };
        lifecycle.set(LifecycleRule::new("a").expire_after_days(1));
        lifecycle.set(LifecycleRule::new("b").expire_after_days(2));
        lifecycle.set(LifecycleRule::new("a").prefix("x/"));
        assert_eq!(lifecycle.rules.len(), 2);
        assert_eq!(lifecycle.rule("a"), Some(&LifecycleRule::new("a").prefix("x/")));
        assert!(lifecycle.rule("other").is_none() && !lifecycle.is_empty());
        lifecycle.remove("a");
        assert!(lifecycle.rule("a").is_none() && lifecycle.rule("b").is_some());
    }

    #[test]
    fn a_name_is_that_of_one_rule_alone() {
        let more = "<ID>a &amp; b</ID><Status>Enabled</Status><Transition></Transition>";
        let mut lifecycle = Lifecycle { foreign: vec![more.into()], ..Lifecycle::default() };
        assert_eq!((lifecycle.foreign_rule("a & b"), lifecycle.foreign_rule("a")), (Some(more), None));
        lifecycle.set(LifecycleRule::new("a").expire_after_days(1));
        assert_eq!((lifecycle.rules.len(), lifecycle.foreign.len()), (1, 1));
        lifecycle.set(LifecycleRule::new("a & b").expire_after_days(1));
        assert_eq!((lifecycle.rules.len(), lifecycle.foreign.len()), (2, 0));
        lifecycle.foreign.push(more.into());
        lifecycle.remove("a & b");
        assert_eq!((lifecycle.rules.len(), lifecycle.foreign.len()), (1, 0));
    }
}
