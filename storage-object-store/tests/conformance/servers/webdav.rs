//! `rclone serve webdav`, over a folder.

use std::sync::Arc;

use storage_conformance::Suite;
use storage_core::{Result, Storage};
use storage_object_store::from_url;

use super::{Address, Gap, declare};

pub(super) fn suite(address: Address) -> Suite {
    let suite = declare(
        Suite::new(move || {
            let storage = storage(&address);
            async move { storage }
        })
        .named("webdav"),
        GAPS,
    );
    TORN.iter()
        .fold(suite, |suite, case| suite.leave_out(*case, "rclone writes into the file that others read"))
}

fn storage(server: &Address) -> Result<Arc<dyn Storage>> {
    from_url(format!("{}/", server.endpoint)).option("allow_http", "true").build()
}

const GUESSED: &str = "rclone keeps no content type, and makes one up of the name and the content";
const FOLDERS: &str = "a WebDAV server keeps a folder that has become empty";
const UNICODE: &str = "rclone takes names for one that differ in composition only";

/// rclone 1.75.2, over a folder.
const GAPS: &[Gap] = &[
    ("get::an_object_without_a_content_type", GUESSED),
    ("attributes::none_at_all", GUESSED),
    ("delete::leaves_no_empty_folder", FOLDERS),
    ("rename::into_and_out_of_a_folder", FOLDERS),
    ("list::a_prefix_is_taken_literally", UNICODE),
    ("list_level::names_are_taken_literally", UNICODE),
    ("odd_keys::composed_and_decomposed_side_by_side", UNICODE),
];

/// What sees a write half done, or not, as it happens.
const TORN: &[&str] = &[
    "cancellation::of_a_put_at_any_point_leaves_all_or_nothing",
    "cancellation::of_a_large_put_at_any_point_leaves_all_or_nothing",
    "concurrency::one_key_by_writers_readers_and_deleters",
    "put::one_key_by_many_leaves_one_of_them_whole",
    "torn_reads::an_open_read_is_of_one_object",
    "torn_reads::a_range_is_of_the_object_that_its_metadata_tells",
];
