//! SeaweedFS 4.48.

use super::Gaps;

const TYPE: &str = "SeaweedFS drops `application/octet-stream` and guesses a type from the content";
const ORDER: &str =
    "SeaweedFS lists folder by folder, and `start-after` skips folders that sort after it by bytes";
const FOLDER: &str = "SeaweedFS keeps a folder that has become empty";
const LARGE_IF_MATCH: &str = "SeaweedFS does not replace a large object on a condition atomically; it is refused as unsupported before anything is sent";
const BACKSLASH: &str = "SeaweedFS takes a backslash for a slash";

pub(super) const GAPS: Gaps = &[
    ("get::an_object_without_a_content_type", TYPE),
    ("attributes::none_at_all", TYPE),
    ("list::in_the_order_of_bytes", ORDER),
    ("list::in_the_order_of_bytes_with_objects_beside_folders", ORDER),
    ("list::starts_after_a_key_that_is_not_there", ORDER),
    ("list::starts_after_a_key_beyond_a_folder_with_a_longer_name", ORDER),
    ("conditional_writes::if_match_of_a_large_body", LARGE_IF_MATCH),
    ("conditional_writes::if_match_of_a_large_body_has_one_winner_of_6", LARGE_IF_MATCH),
    ("delete::leaves_no_empty_folder", FOLDER),
    ("rename::into_and_out_of_a_folder", FOLDER),
    ("list_level::of_a_missing_folder_is_empty", "SeaweedFS finds a folder below `a//` where there is none"),
    ("odd_keys::backslash", BACKSLASH),
    ("odd_keys::backslash_dot_dot", BACKSLASH),
    (
        "capabilities::encryption_is_done_or_refused",
        "SeaweedFS without a key service answers 500 to a request to encrypt",
    ),
];

pub(super) const LEFT_OUT: Gaps = &[(
    "concurrency::an_object_and_those_below_it_at_once",
    "SeaweedFS loses an object that it has acknowledged, `f`, if the first one below it, `f/g`, is written in the same moment",
)];

const NOT_MENTIONED: &str =
    "SeaweedFS takes fields of a form that its policy does not mention; demand a content type in every form";
const FUTURE: &str = "SeaweedFS answers a URL that was signed for a later time";

pub(super) const URL_GAPS: Gaps = &[
    ("signed_get::before_its_time", FUTURE),
    ("form::with_a_type_that_was_not_mentioned", NOT_MENTIONED),
    ("form::with_an_acl_added", NOT_MENTIONED),
    (
        "form::does_not_take_the_type_of_the_file",
        "SeaweedFS stores what the browser says of the file as its type, unless the form has one; demand a content type in every form",
    ),
    ("form::redirects", "SeaweedFS drops the query of the URL that a form redirects to"),
];

pub(super) const BUCKET_GAPS: Gaps =
    &[("health::wrong_region", "requests that are signed for another region are taken")];
