use std::collections::BTreeSet;

use super::{Findings, WarningKind};
use crate::allows::{Operator, Quantifier, Test};
use crate::{Effect, OneOrMany, Principal, Scope};

impl Findings<'_> {
    /// Why a statement has no effect, if it has none.
    pub(super) fn ineffective(&mut self) {
        let reason = self.lacking().or_else(|| self.contradiction()).or_else(|| self.taken_back());
        if let Some(reason) = reason {
            self.add(
                WarningKind::NeverApplies,
                format!("it never applies: {reason}; correct it or take it away"),
            );
        }
    }

    fn lacking(&self) -> Option<String> {
        let lacks = |scope: Option<&Scope<OneOrMany<String>>>| match scope {
            None => true,
            Some(Scope::In(values)) => values.as_slice().is_empty(),
            Some(Scope::NotIn(_)) => false,
        };
        let nobody = match &self.statement.principal {
            None | Some(Scope::In(Principal::Anyone)) => false,
            Some(Scope::In(Principal::Of(kinds))) => kinds.values().all(|names| names.as_slice().is_empty()),
            Some(Scope::NotIn(Principal::Anyone)) => true,
            Some(Scope::NotIn(Principal::Of(kinds))) => {
                kinds.get("AWS").is_some_and(|names| names.as_slice().iter().any(|name| name == "*"))
            }
        };
        let what = match () {
            () if lacks(self.statement.action.as_ref()) => "no action",
            () if lacks(self.statement.resource.as_ref()) => "no resource",
            () if nobody => "no principal",
            () => return None,
        };
        Some(format!("it names {what}"))
    }

    /// Conditions that no request meets.
    fn contradiction(&self) -> Option<String> {
        let (mut needed, mut absent) = (BTreeSet::new(), BTreeSet::new());
        for (operator, keys) in self.statement.condition.iter().flatten() {
            let Some(known) = Operator::parse(operator) else { continue };
            for (key, values) in keys {
                let is_null =
                    |wanted: &str| values.as_slice().iter().any(|value| value.eq_ignore_ascii_case(wanted));
                let is_needed =
                    !known.is_negated && !known.if_exists && known.quantifier != Quantifier::AllValues;
                if values.as_slice().is_empty() && is_needed {
                    return Some(format!("`{operator}` compares `{key}` with nothing"));
                }
                match known.test {
                    Test::Null if is_null("true") && is_null("false") => {}
                    Test::Null if is_null("true") => drop(absent.insert(key.to_lowercase())),
                    Test::Null => drop(needed.insert(key.to_lowercase())),
                    _ if is_needed => drop(needed.insert(key.to_lowercase())),
                    _ => {}
                }
            }
        }
        let key = needed.intersection(&absent).next()?;
        Some(format!("`{key}` must be there and must not"))
    }

    fn taken_back(&self) -> Option<String> {
        let is_vain =
            self.statement.effect == Effect::Allow && !self.is_allowed_to_somebody(|request| request);
        is_vain.then(|| "all that it allows is denied by others".to_owned())
    }
}
