//! The server inside the test process, by `s3s`.

use super::Gaps;

const UNSIGNED: &str = "s3s takes headers of S3 that were not signed";
const FIELDS: &str = "s3s takes the attributes of a form from the headers of its request";

const NO_ACTION: &str = "the test server has no such action";

pub(super) const URL_GAPS: Gaps = &[
    ("signed_put::with_metadata_added", UNSIGNED),
    ("signed_put::with_an_acl_added", UNSIGNED),
    ("form::keeps_what_it_was_told", FIELDS),
    ("form::of_a_kind_of_type", FIELDS),
    ("form::to_any_name_below_a_prefix", "s3s does not put the name of the file into the key of a form"),
];

pub(super) const BUCKET_GAPS: Gaps = &[
    (
        "buckets::unfinished_uploads_are_found_and_aborted",
        "it calls itself MinIO, whose listing of uploads is not believed",
    ),
    ("buckets::policy_put_read_and_deleted", NO_ACTION),
    ("buckets::policy_of_a_missing_bucket", NO_ACTION),
    ("buckets::broken_policy_is_invalid_input", NO_ACTION),
    ("buckets::lifecycle_keeps_what_others_set", NO_ACTION),
    ("buckets::cors_rules", NO_ACTION),
    ("buckets::versioning_is_enabled_and_suspended", NO_ACTION),
    ("buckets::locked_objects_stay", NO_ACTION),
    ("buckets::tags", NO_ACTION),
    ("buckets::default_encryption", NO_ACTION),
    ("health::wrong_region", "requests that are signed for another region are taken"),
];
