use crate::allows::glob::Glob;
use crate::allows::truth::Truth;

/// The parts of an ARN; the last one may have colons.
const PARTS: usize = 6;

/// Each part is compared by itself: a `*` stands for nothing beyond a colon.
pub(super) fn matches(wanted: &Glob, actual: &str) -> Truth {
    let wanted = wanted.split(PARTS);
    let actual: Vec<_> = actual.splitn(PARTS, ':').collect();
    if wanted.len() < PARTS {
        return Truth::doubtful("a value that it compares with is no ARN");
    }
    if actual.len() < PARTS {
        return Truth::doubtful("the request's value is no ARN");
    }
    wanted.iter().zip(actual).all(|(wanted, actual)| wanted.matches(actual)).into()
}
