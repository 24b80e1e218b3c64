//! The server inside the test process, by `s3s`.

use super::Gaps;

const UNSIGNED: &str = "s3s takes headers of S3 that were not signed";
const FIELDS: &str = "s3s takes the attributes of a form from the headers of its request";

pub(super) const URL_GAPS: Gaps = &[
    ("signed_put::with_metadata_added", UNSIGNED),
    ("signed_put::with_an_acl_added", UNSIGNED),
    ("form::keeps_what_it_was_told", FIELDS),
    ("form::of_a_kind_of_type", FIELDS),
    ("form::to_any_name_below_a_prefix", "s3s does not put the name of the file into the key of a form"),
];
