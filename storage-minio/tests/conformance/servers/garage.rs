//! Garage 2.5.0 with its default database, LMDB.

use storage_core::capability::Ability;

use super::Gaps;

/// A storage class is dropped without a word. So are conditions of writes, which the store finds out by itself.
pub(super) const LACKS: &[Ability] = &[Ability::StorageClass];

pub(super) const GAPS: Gaps = &[
    (
        "attributes::tags_are_kept_and_copied",
        "Garage has no tags; they are refused as unsupported before anything is stored",
    ),
    (
        "odd_keys::of_1024_bytes",
        "Garage on LMDB, its default, takes keys of at most 479 bytes; longer ones are refused as unsupported",
    ),
];

const SAME_MILLISECOND: &str = "Garage loses a copy, which it has acknowledged, onto what was written or deleted in the same millisecond: the copy takes the time of the clock, and the later one stays";

pub(super) const LEFT_OUT: Gaps = &[
    ("copy::replaces_the_target", SAME_MILLISECOND),
    ("copy::onto_itself_replaces_the_attributes", SAME_MILLISECOND),
    ("rename::replaces_the_target", SAME_MILLISECOND),
    ("rename::onto_itself_keeps_the_object", SAME_MILLISECOND),
    ("rename::into_and_out_of_a_folder", SAME_MILLISECOND),
];

const CONDITIONS: &str =
    "Garage ignores conditions of writes; the store refuses to sign them once it has found that out";

pub(super) const URL_GAPS: Gaps = &[
    (
        "signed_get::with_a_further_parameter",
        "Garage takes every parameter of a signed URL for a header, and so no name that a header cannot have",
    ),
    ("signed_get::before_its_time", "Garage answers a URL that was signed for a later time"),
    ("signed_put::onto_a_taken_key", CONDITIONS),
    ("signed_put::onto_what_has_changed", CONDITIONS),
];

pub(super) const BUCKET_GAPS: Gaps = &[
    (
        "buckets::policy_put_read_and_deleted",
        "no policies: a bucket is opened by `garage bucket website --allow` alone",
    ),
    (
        "buckets::broken_policy_is_invalid_input",
        "no policies: a bucket is opened by `garage bucket website --allow` alone",
    ),
    ("buckets::default_encryption", "no encryption of a bucket"),
    ("buckets::locked_objects_stay", "no object lock"),
    ("buckets::tags", "no tags"),
    ("buckets::versioning_is_enabled_and_suspended", "no versions"),
    ("health::clock_behind", "no time of a signature is refused"),
    ("health::unknown_access_key", "it does not tell an unknown access key from a wrong secret"),
    ("health::wrong_secret_key", "it does not tell an unknown access key from a wrong secret"),
];
