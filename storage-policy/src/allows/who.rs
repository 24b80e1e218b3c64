use super::glob::Glob;
use crate::request::{Requester, account_and_name};
use crate::{Principal, Scope};

/// Whether a statement concerns whoever asks.
pub(super) fn concerns(principal: Option<&Scope<Principal>>, who: &Requester) -> bool {
    match principal {
        // A user's own policy names nobody.
        None => *who != Requester::Anonymous,
        Some(Scope::In(principal)) => {
            is_among(principal, who, |listed, name| is_named(listed, name) || is_account_of(listed, name))
        }
        // The account of somebody is not that somebody here: else nobody in it could be told apart.
        Some(Scope::NotIn(principal)) => !is_among(principal, who, is_named),
    }
}

fn is_among(principal: &Principal, who: &Requester, is: impl Fn(&str, &str) -> bool) -> bool {
    let Principal::Of(kinds) = principal else { return true };
    let listed = |kind: &str| kinds.get(kind).map_or(&[][..], |names| names.as_slice()).iter();
    listed("AWS").any(|name| name == "*")
        || match who {
            Requester::Anonymous => false,
            Requester::Named { kind, name } => listed(kind).any(|listed| is(listed, name)),
        }
}

/// As MinIO takes wildcards; AWS refuses any but a single `*`.
fn is_named(listed: &str, name: &str) -> bool {
    Glob::new(listed).matches(name)
}

/// An account stands for all its users and roles.
fn is_account_of(listed: &str, name: &str) -> bool {
    let account = |principal| account_and_name(principal).map(|(account, _)| account);
    account_and_name(listed).is_some_and(|(_, listed)| listed == "root") && account(listed) == account(name)
}
