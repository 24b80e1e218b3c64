//! What a policy says to a request
//! ([IAM, "Policy evaluation logic"](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)).

mod conditions;
pub(crate) mod glob;
mod target;
mod truth;
mod view;
mod who;

pub(crate) use conditions::{Operator, Quantifier, Test};
pub(crate) use target::{Place, Target, arn};
use truth::Truth;
pub(crate) use view::Mode;
use view::View;

use crate::decision::Doubt;
use crate::{Decision, Effect, OneOrMany, Policy, Request, Statement, StatementId};

impl Policy {
    /// What the policy says to a request: a statement that denies it wins, else one that allows it, and without any it is denied.
    ///
    /// What cannot be judged, such as an operator or a condition key that nobody knows, counts against the request, and is said. Actions are
    /// the same in upper and lower case, resources are not. An account as principal stands for all its users and roles. A policy without
    /// principals, as users have, concerns anybody but people without credentials. Other policies, ACLs and settings that a server has
    /// besides are not looked at.
    ///
    /// ```
    /// use storage_policy::{Preset, Request};
    ///
    /// let policy = Preset::PublicRead.policy("photos", "open/");
    /// let read = policy.allows(&Request::anonymous("s3:GetObject", "photos/open/tom.jpg"));
    /// assert!(read.is_allowed());
    /// assert_eq!(read.to_string(), "allowed by Statement[0]");
    /// let list = policy.allows(&Request::anonymous("s3:ListBucket", "photos"));
    /// assert_eq!(list.to_string(), "denied, as no statement allows it");
    /// ```
    pub fn allows(&self, request: &Request) -> Decision {
        self.decide(request, &Target::of(request), Mode::Cautious)
    }

    /// What one of its statements comes to by itself, without what the others deny.
    pub(crate) fn with_denials_and(&self, allowing: &Statement) -> Self {
        let denials = self.statements().iter().filter(|statement| statement.effect == Effect::Deny);
        let statements = denials.chain([allowing]).cloned().collect();
        Self { statement: OneOrMany::Many(statements), ..self.clone() }
    }

    pub(crate) fn decide(&self, request: &Request, target: &Target, mode: Mode) -> Decision {
        let view = View::new(self, request, mode);
        let (mut allowed, mut denied, mut doubts) = (None, None, Vec::new());
        for (index, statement) in self.statements().iter().enumerate() {
            let id = || StatementId::new(index, statement);
            match (statement.effect, applies(statement, target, &view), mode) {
                (_, Truth::No, _) | (Effect::Deny, Truth::Doubtful(_), Mode::Generous) => {}
                (Effect::Deny, Truth::Yes, _) => {
                    return Decision {
                        effect: Some(Effect::Deny),
                        statement: Some(id()),
                        doubts: Vec::new(),
                    };
                }
                (Effect::Deny, Truth::Doubtful(reason), Mode::Cautious) => {
                    denied.get_or_insert_with(|| Doubt { statement: id(), reason });
                }
                (Effect::Allow, Truth::Yes, _) | (Effect::Allow, Truth::Doubtful(_), Mode::Generous) => {
                    allowed.get_or_insert_with(id);
                }
                (Effect::Allow, Truth::Doubtful(reason), Mode::Cautious) => {
                    doubts.push(Doubt { statement: id(), reason });
                }
            }
        }
        match (denied, allowed) {
            (Some(doubt), _) => Decision {
                effect: Some(Effect::Deny),
                statement: Some(doubt.statement.clone()),
                doubts: vec![doubt],
            },
            (None, Some(id)) => {
                Decision { effect: Some(Effect::Allow), statement: Some(id), doubts: Vec::new() }
            }
            (None, None) => Decision { effect: None, statement: None, doubts },
        }
    }
}

fn applies(statement: &Statement, target: &Target, view: &View<'_>) -> Truth {
    if !who::concerns(statement.principal.as_ref(), &view.request.who) {
        return Truth::No;
    }
    match Truth::all([target.has_action(statement), target.has_resource(statement, view)]) {
        Truth::No => Truth::No,
        target => Truth::all([target, conditions::hold(statement.condition.as_ref(), view)]),
    }
}
