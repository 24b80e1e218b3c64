//! VersityGW 1.8.0 over a folder.

use storage_core::capability::Ability;

use super::Gaps;

/// Keys are files in folders. A storage class is dropped without a word.
pub(super) const LACKS: &[Ability] = &[Ability::KeyBelowKey, Ability::StorageClass];

const TORN: &str = "VersityGW answers a read at times with the content of one object and the ETag of the one before, while it is being replaced";

pub(super) const LEFT_OUT: Gaps = &[
    (
        "concurrency::one_key_by_writers_readers_and_deleters",
        "VersityGW refuses a write at times (`ExistingObjectIsDirectory`) while another one is deleting the folder that became empty",
    ),
    (
        "torn_reads::stat_and_listing_never_miss_it",
        "VersityGW lists at times the file that a write goes through, `.<name>.sgwtmp.<number>`",
    ),
    ("torn_reads::content_and_metadata_belong_together", TORN),
    ("torn_reads::content_and_metadata_of_a_large_object_belong_together", TORN),
    ("torn_reads::an_open_read_is_of_one_object", TORN),
];

pub(super) const GAPS: Gaps = &[
    (
        "uploads::forms_say_what_they_are_for",
        "VersityGW takes `..` in the key of a form for the folder above; a form to any name below a prefix is refused as unsupported",
    ),
    (
        "conditional_reads::if_modified_since_the_last_change_is_not_modified",
        "VersityGW compares fractions of a second, which HTTP's times do not have",
    ),
    (
        "odd_keys::noncharacter",
        "VersityGW lists U+FFFF as U+FFFD, so that the key cannot be found by a listing",
    ),
];

pub(super) const URL_GAPS: Gaps = &[
    ("signed_get::before_its_time", "VersityGW answers a URL that was signed for a later time"),
    ("signed_get::of_a_version", "VersityGW without versions knows no version `null`"),
    (
        "form::to_any_name_below_a_prefix",
        "VersityGW does not put the name of the file into the key of a form; give forms an exact key",
    ),
    (
        "form::out_of_its_prefix_by_dots",
        "VersityGW takes `..` in the key of a form for the folder above, so that an upload leaves the prefix that its policy demands; give forms an exact key",
    ),
];

pub(super) const BUCKET_GAPS: Gaps = &[
    ("buckets::default_encryption", "no encryption of a bucket"),
    ("buckets::lifecycle_keeps_what_others_set", "no lifecycle"),
    (
        "buckets::versioning_is_enabled_and_suspended",
        "no versions, unless it is started with a folder for them",
    ),
];
