//! MinIO on four nodes: what it does otherwise than on one.

use super::Gaps;

const NO_TURN: &str = "the locks of several MinIO nodes give a writer no turn while others read without a break: it waits until it times out";

pub(super) const GAPS: Gaps = &[
    ("torn_reads::content_and_metadata_belong_together", NO_TURN),
    ("torn_reads::content_and_metadata_of_a_large_object_belong_together", NO_TURN),
];
