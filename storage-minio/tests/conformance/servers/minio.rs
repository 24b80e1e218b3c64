//! MinIO, its last source of 2026-02.

use super::Gaps;

const LISTING: &str = "MinIO lists nothing of what lies below an object's own key, though it can be read";

pub(super) const GAPS: Gaps = &[
    ("list::in_the_order_of_bytes_with_objects_beside_folders", LISTING),
    ("list_level::an_object_beside_a_folder_of_its_name", LISTING),
    ("odd_keys::object_then_one_below_it", LISTING),
    ("odd_keys::object_then_one_above_it", LISTING),
    ("odd_keys::object_above_others_at_every_level", LISTING),
    ("odd_keys::backslash_dot_dot", "MinIO takes a backslash for a slash when it looks for `..`"),
    (
        "torn_reads::an_open_read_of_a_deleted_object_is_whole_or_fails",
        "MinIO answers a DELETE only when nobody reads the object any more; it ends in the time-out",
    ),
];

pub(super) const URL_GAPS: Gaps = &[(
    "signed_put::with_an_acl_added",
    "MinIO takes a header for an ACL that was not signed; it knows no ACLs of objects, and drops it",
)];

pub(super) const BUCKET_GAPS: Gaps = &[
    (
        "buckets::cors_rules",
        "no CORS of a bucket: it allows all origins, or what `MINIO_API_CORS_ALLOW_ORIGIN` says",
    ),
    ("buckets::default_encryption", "no encryption without a key server"),
    (
        "buckets::unfinished_uploads_are_found_and_aborted",
        "it names the unfinished uploads of one whole key only, and aborts all by itself after a day",
    ),
    ("health::wrong_region", "requests that are signed for another region are taken"),
];
