//! What a statement is about, by which it can be found out what a policy lets somebody do at all.

use crate::actions::{self, Action, Deed};
use crate::allows::glob::Glob;
use crate::allows::{Place, arn};
use crate::{OneOrMany, Scope, Statement};

/// Actions that a statement is about.
pub(crate) fn actions(statement: &Statement) -> Vec<(Glob, Deed)> {
    let name = |action: &Action| Glob::new(&format!("s3:{}", action.name).to_ascii_lowercase());
    let known = || actions::all().map(|action| (name(&action), action.deed));
    let (patterns, is_in) = match &statement.action {
        None => return Vec::new(),
        Some(Scope::In(patterns)) => (globs(patterns), true),
        Some(Scope::NotIn(patterns)) => (globs(patterns), false),
    };
    let is_listed = |action: &Glob| patterns.iter().any(|pattern| pattern.covers(action));
    let mut about: Vec<_> = known().filter(|(action, _)| is_listed(action) == is_in).collect();
    // What nobody knows is something else that one may do.
    let is_unknown = |pattern: &&Glob| !known().any(|(action, _)| pattern.covers(&action));
    if is_in {
        about.extend(patterns.iter().filter(is_unknown).map(|pattern| (pattern.clone(), Deed::Other)));
    } else {
        about.push((Glob::new("*"), Deed::Other));
    }
    about
}

/// Buckets and objects that a statement is about, in one bucket or anywhere.
pub(crate) fn resources(statement: &Statement, bucket: Option<&str>) -> Vec<Place> {
    let bucket = bucket.unwrap_or("*");
    let places =
        [format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/*")].map(|place| Glob::new(&place));
    match &statement.resource {
        None => Vec::new(),
        Some(Scope::In(patterns)) => {
            let globs = patterns.as_slice().iter().flat_map(|pattern| {
                // What looks like a variable may be plain text.
                let plain = pattern.contains("${").then(|| Glob::new(&arn(pattern)));
                [Some(Glob::with_any_variable(&arn(pattern))), plain].into_iter().flatten()
            });
            let both = |glob: Glob| {
                let places = places.iter().filter(|place| place.overlaps(&glob)).cloned().collect::<Vec<_>>();
                places.into_iter().map(move |place| Place::within(vec![place, glob.clone()]))
            };
            globs.flat_map(both).collect()
        }
        Some(Scope::NotIn(patterns)) => {
            // Of a variable nobody knows what it leaves out.
            let plain = patterns.as_slice().iter().filter(|pattern| !pattern.contains("${"));
            let left_out: Vec<_> = plain.map(|pattern| Glob::new(&arn(pattern))).collect();
            let place = |place| Place::within(vec![place]).without(left_out.iter().cloned());
            places.into_iter().map(place).collect()
        }
    }
}

fn globs(patterns: &OneOrMany<String>) -> Vec<Glob> {
    patterns.as_slice().iter().map(|pattern| Glob::new(&pattern.to_ascii_lowercase())).collect()
}
