//! The suite on broken stores: a case that cannot fail proves nothing.

mod broken;
mod fault;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use storage_core::Storage;
use storage_local::MemoryStorage;

use self::broken::Broken;
use self::fault::Fault;
use crate::case::Case;
use crate::factory::{Factory, erase};
use crate::outcome::{Outcome, Stop};
use crate::{cases, runner};

/// What each fault must be noticed by.
const NOTICED_BY: [(Fault, &[&str]); 34] = [
    (
        Fault::CreateOverwrites,
        &[
            "conditional_writes::create_refuses_a_taken_key",
            "conditional_writes::create_refuses_a_taken_key_if_both_are_empty",
            "conditional_writes::create_has_one_winner_of_32",
            "conditional_writes::create_of_a_large_stream_refuses_a_taken_key",
            "concurrency::one_name_small_by_64",
            "concurrency::one_name_large_from_files_by_8",
            "concurrency::one_name_rejecting_by_64",
            "bucket_save::rejects_a_taken_name_if_told_to",
        ],
    ),
    (
        Fault::CreateLooksFirst,
        &["conditional_writes::create_has_one_winner_of_32", "concurrency::one_name_small_by_64"],
    ),
    (
        Fault::IfMatchIsIgnored,
        &[
            "conditional_writes::if_match_that_does_not_hold_writes_nothing",
            "conditional_writes::if_match_on_a_missing_key_writes_nothing",
            "conditional_writes::if_match_has_one_winner_of_16",
        ],
    ),
    (
        Fault::LosesMetadata,
        &[
            "attributes::value_plain",
            "copy::takes_content_and_attributes",
            "bucket_save::options_reach_the_store",
        ],
    ),
    (Fault::LosesNonAscii, &["attributes::value_with_umlauts", "attributes::of_a_large_object"]),
    (
        Fault::LosesHeaders,
        &[
            "attributes::every_header",
            "attributes::file_name_beyond_ascii",
            "attributes::content_encoding_is_not_undone",
            "attributes::tags_are_kept_and_copied",
            "stat::tells_size_and_content_type",
            "bucket_save::active_content_is_an_attachment",
        ],
    ),
    (
        Fault::LosesTheLastByte,
        &["put::stores_what_it_is_given", "bodies::a_reader", "bodies::a_file", "large::from_a_file"],
    ),
    (Fault::TellsNoProgress, &["put::progress_of_a_small_body", "put::progress_of_a_large_body"]),
    (
        Fault::KeepsWhatCameOfABody,
        &[
            "bodies::failing_half_way_leaves_nothing",
            "bodies::one_byte_too_few_leaves_nothing",
            "bodies::a_large_one_failing_half_way_keeps_the_old_object",
            "bucket_save::saves_nothing_of_a_body_that_fails",
        ],
    ),
    (
        Fault::WritesAPlaceholderFirst,
        &[
            "cancellation::of_a_put_leaves_nothing",
            "cancellation::of_an_overwrite_keeps_the_old_object",
            "cancellation::of_a_large_put_at_any_point_leaves_all_or_nothing",
            "bodies::failing_at_once_leaves_nothing",
            "torn_reads::content_and_metadata_belong_together",
        ],
    ),
    (Fault::DeletesBeforeItOverwrites, &["torn_reads::stat_and_listing_never_miss_it"]),
    (
        Fault::WritesAttributesAfterwards,
        &[
            "torn_reads::content_and_metadata_belong_together",
            "torn_reads::content_and_metadata_of_a_large_object_belong_together",
        ],
    ),
    (
        Fault::RangesAreOffByOne,
        &[
            "ranges::in_the_middle",
            "ranges::last_byte",
            "ranges::last_ten",
            "ranges::from_the_last_byte",
            "ranges::across_the_parts_of_a_large_object",
        ],
    ),
    (
        Fault::BadRangesGiveAll,
        &["ranges::refused_beyond_the_end", "ranges::refused_if_backwards", "errors::of_a_bad_range_name_it"],
    ),
    (
        Fault::ConditionsOnReadsAreIgnored,
        &[
            "conditional_reads::if_match_that_does_not_hold_is_an_error",
            "conditional_reads::if_none_match_of_the_same_is_not_modified",
            "conditional_reads::if_modified_since_the_last_change_is_not_modified",
        ],
    ),
    (
        Fault::FoldsCase,
        &["odd_keys::upper_and_lower_case_side_by_side", "get::a_part_of_a_name_is_not_found"],
    ),
    (Fault::DecodesKeys, &["odd_keys::percent_twenty", "odd_keys::escaped_and_plain_side_by_side"]),
    (Fault::RefusesLongSegments, &["odd_keys::segment_of_900_bytes", "odd_keys::folder_of_900_bytes"]),
    (
        Fault::ListsFoldersFirst,
        &["list::in_the_order_of_bytes", "list::in_the_order_of_bytes_with_objects_beside_folders"],
    ),
    (
        Fault::ListsOnePage,
        &["list::of_2500_keys_in_order", "list_level::of_2500_items_in_order", "list::while_all_is_deleted"],
    ),
    (Fault::StartAfterIsInclusive, &["list::starts_after_a_key", "list_level::starts_after_a_key"]),
    (
        Fault::PrefixesAreFolders,
        &["list::a_prefix_need_not_be_a_folder", "list_level::a_prefix_need_not_be_a_folder"],
    ),
    (Fault::RepeatsFolders, &["list_level::gives_a_folder_once", "list_level::of_2500_keys_in_one_folder"]),
    (Fault::DeletingNothingFails, &["delete::of_a_missing_key_is_fine", "delete::twice_is_fine"]),
    (Fault::DeletesWhatIsBelow, &["delete::of_a_folder_leaves_what_is_in_it"]),
    (Fault::DeletesOnePage, &["delete_many::of_2500_keys"]),
    (Fault::CopiesLoseAttributes, &["copy::takes_content_and_attributes", "copy::of_a_large_object"]),
    (
        Fault::CopyIfAbsentOverwrites,
        &["copy::if_absent_refuses_a_taken_key", "copy::if_absent_has_one_winner_of_8"],
    ),
    (Fault::RenameKeepsTheSource, &["rename::moves_content_and_attributes", "bucket::copies_and_renames"]),
    (
        Fault::MissingObjectsAreEmpty,
        &["get::a_missing_key_is_not_found", "stat::a_missing_key_is_not_found", "bucket::exists_and_size"],
    ),
    (
        Fault::ErrorsNameNothing,
        &["errors::of_a_missing_object_name_it", "errors::of_a_wrong_length_name_the_key"],
    ),
    (
        Fault::UrlsAreNotEncoded,
        &[
            "urls::public_ones_are_encoded",
            "urls::signed_ones_are_encoded",
            "urls::expiry_out_of_bounds_is_refused",
            "urls::windows_out_of_bounds_are_refused",
        ],
    ),
    (
        Fault::SignsAnyUpload,
        &[
            "uploads::headers_can_be_sent",
            "uploads::forms_say_what_they_are_for",
            "uploads::expiry_out_of_bounds_is_refused",
            "uploads::options_out_of_bounds_are_refused",
            "uploads::options_that_the_store_cannot_honour_are_refused",
            "uploads::conditions_that_cannot_hold_are_refused",
            "uploads::a_url_grants_what_was_signed",
            "uploads::a_url_with_other_headers_is_refused",
            "uploads::a_form_grants_what_was_signed",
            "uploads::expired_ones_are_refused",
        ],
    ),
    (
        Fault::ClaimsToBeAbleToDoNothing,
        &[
            "conditional_writes::create_is_refused_where_it_is_not_atomic",
            "conditional_writes::if_match_is_refused_where_it_is_not_atomic",
            "copy::if_absent_is_refused_where_it_is_not_atomic",
            "attributes::tags_are_refused_where_they_cannot_be_kept",
            "capabilities::digests_are_refused_where_they_are_not_checked",
            "odd_keys::segment_of_900_bytes_is_refused",
            "odd_keys::object_below_an_object_is_refused",
            "urls::are_refused_where_they_cannot_be_made",
        ],
    ),
];

/// Cases that a store which does nothing rightly passes.
const ASK_NOTHING: [&str; 4] = [
    "list::of_nothing_is_empty",
    "list_level::of_nothing_is_empty",
    "bucket_names::bad_ones_never_reach_the_store",
    "bucket_names::bad_keys_never_reach_the_store",
];

const DEADLINE: Duration = Duration::from_secs(60);

fn healthy() -> Factory {
    erase(|| async { MemoryStorage::new() })
}

fn with(fault: Fault) -> Factory {
    erase(move || async move { Broken::new(Arc::new(MemoryStorage::new()), fault) })
}

fn case(name: &str) -> Case {
    cases::all().into_iter().find(|case| case.name() == name).unwrap_or_else(|| panic!("no case {name}"))
}

#[test]
fn each_fault_is_noticed() {
    let mut unnoticed = Vec::new();
    for (fault, names) in NOTICED_BY {
        for name in names {
            match runner::run(&case(name), &with(fault), DEADLINE) {
                Err(Stop::Failed(_)) => {}
                other => unnoticed.push(format!("{fault:?} by {name}: {other:?}")),
            }
        }
    }
    assert!(unnoticed.is_empty(), "{unnoticed:#?}");
}

#[test]
fn what_notices_a_fault_passes_on_a_healthy_store() {
    let names: BTreeSet<&str> = NOTICED_BY.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    for name in names {
        match runner::run(&case(name), &healthy(), DEADLINE) {
            Ok(()) | Err(Stop::CannotRun(_)) => {}
            Err(Stop::Failed(message)) => panic!("{name}: {message}"),
        }
    }
}

#[test]
fn no_case_passes_on_stores_that_do_nothing() {
    let is_passed = |case: &Case, fault| runner::run(case, &with(fault), DEADLINE).is_ok();
    let passed: Vec<String> = cases::all()
        .into_iter()
        .filter(|case| is_passed(case, Fault::RefusesEverything) && is_passed(case, Fault::ForgetsEverything))
        .map(|case| case.name().to_owned())
        .collect();
    assert_eq!(passed, ASK_NOTHING);
}

#[test]
fn a_case_that_hangs_or_panics_has_failed() {
    let hangs = Case::new("hangs", |_| std::future::pending());
    let outcome = runner::run(&hangs, &healthy(), Duration::from_millis(50));
    assert!(matches!(&outcome, Err(Stop::Failed(message)) if message.contains("50ms")), "{outcome:?}");

    let panics = Case::new("panics", |_| async { panic!("on purpose") });
    let outcome = runner::run(&panics, &healthy(), DEADLINE);
    assert!(
        matches!(&outcome, Err(Stop::Failed(message)) if message == "panicked: on purpose"),
        "{outcome:?}"
    );
}

#[test]
fn a_factory_that_fails_fails_the_case() {
    let factory = erase(|| async { Err::<MemoryStorage, _>("no server") });
    let outcome = runner::run(&case("put::stores_what_it_is_given"), &factory, DEADLINE);
    assert!(matches!(&outcome, Err(Stop::Failed(message)) if message.ends_with("no server")), "{outcome:?}");
}

#[test]
fn a_case_clears_up_after_itself() {
    let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
    let shared = Arc::clone(&storage);
    let factory = erase(move || std::future::ready(Arc::clone(&shared)));
    for name in ["put::many_keys_at_once", "delete_many::leaves_the_others", "odd_keys::emoji"] {
        assert!(runner::run(&case(name), &factory, DEADLINE).is_ok(), "{name}");
    }
    assert_eq!(listed(&storage), Ok(0));
}

fn listed(storage: &Arc<dyn Storage>) -> Result<usize, std::io::ErrorKind> {
    use futures_util::StreamExt;

    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.kind())?;
    Ok(runtime.block_on(storage.list("".into()).count()))
}

#[test]
fn names_are_unique() {
    let cases = cases::all();
    let names: BTreeSet<&str> = cases.iter().map(Case::name).collect();
    assert_eq!(names.len(), cases.len());
}

#[test]
fn a_case_is_ignored_where_the_store_lacks_the_ability() {
    let outcome: Outcome = runner::run(
        &case("conditional_writes::create_takes_a_free_key"),
        &with(Fault::ClaimsToBeAbleToDoNothing),
        DEADLINE,
    );
    let reason = "needs: create an object only if its key is free";
    assert!(matches!(&outcome, Err(Stop::CannotRun(text)) if text == reason), "{outcome:?}");
}
