//! Conditional reads, in the order of [RFC 9110 §13.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2).

use std::ops::Range;
use std::time::{SystemTime, UNIX_EPOCH};

use storage_core::{ETag, Error, ErrorKind, GetOptions, Result};

/// What a read comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// These bytes are wanted.
    Send(Range<u64>),
    /// The caller has the object as it is.
    NotModified,
}

/// Decides by the object's size, entity tag and time.
pub(crate) fn decide(options: &GetOptions, size: u64, etag: &ETag, modified: SystemTime) -> Result<Decision> {
    if options.if_match.as_ref().is_some_and(|wanted| wanted != etag) {
        return Err(
            Error::new(ErrorKind::PreconditionFailed, "the object has another ETag").with_http_status(412)
        );
    }
    let unchanged = match (&options.if_none_match, options.if_modified_since) {
        (Some(known), _) => known == etag,
        (None, Some(since)) => whole_seconds(modified) <= whole_seconds(since),
        (None, None) => false,
    };
    if unchanged {
        return Ok(Decision::NotModified);
    }
    match options.range {
        None => Ok(Decision::Send(0..size)),
        Some(range) => range.resolve(size).map(Decision::Send).map_err(|error| error.with_http_status(416)),
    }
}

/// HTTP dates know no fractions.
fn whole_seconds(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::from(after.as_secs()),
        Err(before) => {
            let before = before.duration();
            -i128::from(before.as_secs()) - i128::from(before.subsec_nanos() > 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(millis: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(millis)
    }

    fn outcome(options: GetOptions) -> std::result::Result<Decision, ErrorKind> {
        decide(&options, 10, &ETag::new("now"), at(5_700)).map_err(|error| error.kind())
    }

    #[test]
    fn if_match_comes_first() {
        let options = GetOptions::new().if_match("old".into()).if_none_match("now".into());
        assert_eq!(outcome(options), Err(ErrorKind::PreconditionFailed));
        let options = GetOptions::new().if_match("now".into()).if_none_match("now".into());
        assert_eq!(outcome(options), Ok(Decision::NotModified));
    }

    #[test]
    fn a_known_tag_outweighs_the_time() {
        let options = GetOptions::new().if_none_match("old".into()).if_modified_since(at(9_000));
        assert_eq!(outcome(options), Ok(Decision::Send(0..10)));
    }

    #[test]
    fn times_are_compared_in_whole_seconds() {
        assert_eq!(outcome(GetOptions::new().if_modified_since(at(5_000))), Ok(Decision::NotModified));
        assert_eq!(outcome(GetOptions::new().if_modified_since(at(4_999))), Ok(Decision::Send(0..10)));
        assert_eq!(whole_seconds(UNIX_EPOCH - Duration::from_millis(1)), -1);
    }

    #[test]
    fn not_modified_outweighs_a_bad_range() {
        let options = GetOptions::new().range(20..30).if_none_match("now".into());
        assert_eq!(outcome(options), Ok(Decision::NotModified));
        assert_eq!(outcome(GetOptions::new().range(20..30)), Err(ErrorKind::RangeNotSatisfiable));
    }
}
