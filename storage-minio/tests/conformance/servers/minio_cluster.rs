//! MinIO on four nodes: what it does otherwise than on one.

use super::Gaps;

const NO_TURN: &str = "the locks of several MinIO nodes give a writer no turn while others read without a break: it waits until it times out";

pub(super) const LEFT_OUT: Gaps = &[
    ("torn_reads::content_and_metadata_belong_together", NO_TURN),
    ("torn_reads::content_and_metadata_of_a_large_object_belong_together", NO_TURN),
    (
        "torn_reads::stat_and_listing_never_miss_it",
        "several MinIO nodes may leave an object out of a listing while it is being overwritten",
    ),
];
