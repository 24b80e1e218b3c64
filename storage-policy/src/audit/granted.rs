use super::{Findings, WarningKind};
use crate::actions::Deed;
use crate::allows::glob::Glob;
use crate::allows::{Mode, Place, Target};
use crate::{Effect, Principal, Request, Scope, Statement, probes};

impl Findings<'_> {
    /// What a statement lets whom do.
    pub(super) fn granted(&mut self) {
        if self.statement.effect != Effect::Allow {
            return;
        }
        self.strangers_may();
        if self.options.is_secure
            && self.is_allowed_to_somebody(|request| request.with("aws:SecureTransport", ["false"]))
        {
            self.add(
                WarningKind::PlainHttp,
                "it holds for plain HTTP too: add a statement that denies everything where the Bool aws:SecureTransport is false",
            );
        }
    }

    fn strangers_may(&mut self) {
        let resources = probes::resources(self.statement, self.options.bucket.as_deref());
        let alone = self.policy.with_denials_and(self.statement);
        let stranger = Request::anonymous("", "");
        let may = |action: &Glob, resource: &Place| {
            let target = Target { action: action.clone(), resource: resource.clone() };
            alone.decide(&stranger, &target, Mode::Generous).is_allowed()
        };
        let mut deeds: Vec<Deed> = Vec::new();
        for (action, deed) in probes::actions(self.statement) {
            if !deeds.contains(&deed) && resources.iter().any(|resource| may(&action, resource)) {
                deeds.push(deed);
            }
        }
        let when = if self.has_conditions() { " where the condition is met" } else { "" };
        let said = self.found.len();
        for (deed, kind, what) in [
            (Deed::List, WarningKind::AnonymousList, "sees which objects there are"),
            (Deed::Write, WarningKind::AnonymousWrite, "stores and overwrites objects"),
            (Deed::Delete, WarningKind::AnonymousDelete, "deletes objects"),
            (Deed::Other, WarningKind::AnonymousOther, "does more than read, list, write and delete"),
        ] {
            if deeds.contains(&deed) {
                self.add(
                    kind,
                    format!("anyone {what}{when}: name the principals who are meant, or take it away"),
                );
            }
        }
        let is_said = self.found.len() > said;
        if deeds.contains(&Deed::Read) && !self.has_conditions() && !self.options.is_public && !is_said {
            self.add(
                WarningKind::Unconditional,
                "anyone reads objects, without a condition: take it away unless the bucket is meant to be public",
            );
        }
    }

    /// Whether there is a request by anybody that the policy allows where this statement is about it.
    pub(super) fn is_allowed_to_somebody(&self, with: impl Fn(Request) -> Request) -> bool {
        let resources = probes::resources(self.statement, None);
        let somebody = with(somebody(self.statement));
        let may = |action: &Glob, resource: &Place| {
            let target = Target { action: action.clone(), resource: resource.clone() };
            self.policy.decide(&somebody, &target, Mode::Generous).is_allowed()
        };
        let actions = probes::actions(self.statement);
        actions.iter().any(|(action, _)| resources.iter().any(|resource| may(action, resource)))
    }
}

/// A request by somebody whom a statement is about, and about whom no other one says anything if it can be.
fn somebody(statement: &Statement) -> Request {
    let named = match &statement.principal {
        Some(Scope::In(Principal::Of(kinds))) => {
            kinds.iter().find_map(|(kind, names)| Some((kind, names.as_slice().first()?)))
        }
        _ => None,
    };
    match named {
        Some((kind, name)) if name != "*" && kind != "AWS" => Request::by_kind(kind, name, "", ""),
        Some((_, name)) if name != "*" => Request::by(name, "", ""),
        _ => Request::by("arn:aws:iam::000000000000:user/\u{e000}", "", ""),
    }
}
