use storage_core::attributes::{Attributes, MAX_METADATA_BYTES};
use storage_core::capability::Ability;
use storage_core::content_type::DEFAULT_CONTENT_TYPE;
use storage_core::{CopyOptions, ErrorKind, PutOptions, disposition};

use crate::case::{Case, case};
use crate::content::pattern;
use crate::outcome::{Outcome, ensure_eq, refused, same_bytes};
use crate::sandbox::Sandbox;

/// Values of user metadata that a header cannot carry as they are, or that look like an encoding of something else.
const VALUES: [(&str, &str); 12] = [
    ("value_plain", "plain"),
    ("value_empty", ""),
    ("value_with_umlauts", "Jürgen Müßig"),
    ("value_in_japanese", "日本語"),
    ("value_with_emoji", "a 😀 b"),
    ("value_that_looks_encoded", "=?UTF-8?B?w7w=?="),
    ("value_with_percent_escapes", "100% %C3%BC %20"),
    ("value_with_punctuation", "a,b; c=\"d\" \\ 'e' <f>&amp;"),
    ("value_with_spaces_inside", "a  b   c"),
    (
        "value_that_is_long",
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890",
    ),
    ("value_with_a_decomposed_umlaut", "u\u{308}"),
    ("value_with_a_no_break_space", "a\u{a0}b"),
];

pub(super) fn cases() -> Vec<Case> {
    let values = VALUES.into_iter().map(|(name, value)| {
        Case::new(name, move |store| keeps(store, PutOptions::new().metadata("value", value).attributes))
            .needs(Ability::Attributes)
    });
    let others = [
        case!(every_header).needs(Ability::Attributes),
        case!(content_type_with_parameters).needs(Ability::Attributes),
        case!(none_at_all),
        case!(cache_control_with_commas).needs(Ability::Attributes),
        case!(content_encoding_is_not_undone).needs(Ability::Attributes),
        case!(file_name_beyond_ascii).needs(Ability::Attributes),
        case!(file_name_with_quotes).needs(Ability::Attributes),
        case!(metadata_names).needs(Ability::Attributes),
        case!(metadata_names_are_lower_case).needs(Ability::Attributes),
        case!(metadata_up_to_the_limit).needs(Ability::Attributes),
        case!(of_a_large_object).needs(Ability::Attributes),
        case!(a_line_break_is_refused),
        case!(a_control_character_is_refused),
        case!(a_header_beyond_ascii_is_refused),
        case!(an_empty_content_type_is_refused),
        case!(a_bad_metadata_name_is_refused),
        case!(too_much_metadata_is_refused),
        case!(tags_are_kept_and_copied).needs(Ability::Tags),
        case!(eleven_tags_are_refused).needs(Ability::Tags),
        case!(tags_are_refused_where_they_cannot_be_kept).without(Ability::Tags),
    ];
    values.chain(others).collect()
}

/// What is stored comes back, by `stat` and by `get`, and nothing else with it.
async fn keeps(store: Sandbox, attributes: Attributes) -> Outcome {
    let key = store.key("a")?;
    store.put(&key, "abc".into(), PutOptions::new().attributes(attributes.clone())).await?;
    let expected = with_default_type(attributes);
    ensure_eq!(with_default_type(store.stat(&key).await?.attributes), expected, "attributes by stat");
    let object = store.open(&key).await?;
    ensure_eq!(with_default_type(object.meta().attributes.clone()), expected, "attributes by get");
    same_bytes(&object.bytes().await?, b"abc")
}

/// A store may or may not tell that nobody gave a content type.
fn with_default_type(mut attributes: Attributes) -> Attributes {
    attributes.content_type.get_or_insert_with(|| DEFAULT_CONTENT_TYPE.to_owned());
    attributes
}

async fn every_header(store: Sandbox) -> Outcome {
    let options = PutOptions::new()
        .content_type("text/plain")
        .cache_control("no-cache")
        .content_disposition("inline")
        .content_encoding("br")
        .content_language("de-DE")
        .metadata("one", "1")
        .metadata("two", "2");
    keeps(store, options.attributes).await
}

async fn content_type_with_parameters(store: Sandbox) -> Outcome {
    let options = PutOptions::new().content_type("multipart/mixed; boundary=\"a b\"; charset=utf-8");
    keeps(store, options.attributes).await
}

async fn none_at_all(store: Sandbox) -> Outcome {
    let key = store.write("a.html", "abc").await?;
    let meta = store.stat(&key).await?;
    ensure_eq!(meta.content_type, DEFAULT_CONTENT_TYPE, "content type");
    ensure_eq!(with_default_type(meta.attributes), with_default_type(Attributes::default()), "attributes");
    Ok(())
}

async fn cache_control_with_commas(store: Sandbox) -> Outcome {
    let options = PutOptions::new().cache_control("public, max-age=31536000, immutable");
    keeps(store, options.attributes).await
}

async fn content_encoding_is_not_undone(store: Sandbox) -> Outcome {
    // The bytes are no gzip at all: who decodes them fails.
    keeps(store, PutOptions::new().content_encoding("gzip").attributes).await
}

async fn file_name_beyond_ascii(store: Sandbox) -> Outcome {
    let options = PutOptions::new().content_disposition(disposition::attachment("Übersicht 日本語 😀.pdf"));
    keeps(store, options.attributes).await
}

async fn file_name_with_quotes(store: Sandbox) -> Outcome {
    let options = PutOptions::new().content_disposition(disposition::inline("a \"b\"; c=d, 100%.pdf"));
    keeps(store, options.attributes).await
}

async fn metadata_names(store: Sandbox) -> Outcome {
    let options = PutOptions::new()
        .metadata("a", "1")
        .metadata("a-b", "2")
        .metadata("a_b", "3")
        .metadata("a.b", "4")
        .metadata("0", "5");
    keeps(store, options.attributes).await
}

async fn metadata_names_are_lower_case(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    store.put(&key, "abc".into(), PutOptions::new().metadata("Camel-Case", "Value")).await?;
    let metadata = store.stat(&key).await?.attributes.metadata;
    ensure_eq!(metadata.get("camel-case").map(String::as_str), Some("Value"), "value");
    Ok(())
}

async fn metadata_up_to_the_limit(store: Sandbox) -> Outcome {
    let options = (0..12).fold(PutOptions::new(), |options, number| {
        options.metadata(format!("name-{number:02}"), "x".repeat(MAX_METADATA_BYTES / 12 - 18))
    });
    keeps(store, options.attributes).await
}

async fn of_a_large_object(store: Sandbox) -> Outcome {
    let options = PutOptions::new()
        .content_type("video/mp4")
        .cache_control("private")
        .content_disposition(disposition::attachment("Ü.mp4"))
        .metadata("author", "Jürgen");
    let key = store.key("a")?;
    store.put(&key, pattern(1, store.large_bytes()).into(), options.clone()).await?;
    ensure_eq!(store.stat(&key).await?.attributes, options.attributes, "attributes");
    Ok(())
}

async fn a_line_break_is_refused(store: Sandbox) -> Outcome {
    is_refused(&store, PutOptions::new().cache_control("private\r\nX-Evil: 1")).await?;
    is_refused(&store, PutOptions::new().metadata("a", "x\ny")).await
}

async fn a_control_character_is_refused(store: Sandbox) -> Outcome {
    is_refused(&store, PutOptions::new().content_type("text/\0plain")).await?;
    is_refused(&store, PutOptions::new().metadata("a", "x\u{7f}")).await
}

async fn a_header_beyond_ascii_is_refused(store: Sandbox) -> Outcome {
    is_refused(&store, PutOptions::new().content_disposition("attachment; filename=\"ü\"")).await
}

async fn an_empty_content_type_is_refused(store: Sandbox) -> Outcome {
    is_refused(&store, PutOptions::new().content_type("")).await
}

async fn a_bad_metadata_name_is_refused(store: Sandbox) -> Outcome {
    for name in ["", "a b", "ü", "a:b", "a\r\nb"] {
        is_refused(&store, PutOptions::new().metadata(name, "x")).await?;
    }
    Ok(())
}

async fn too_much_metadata_is_refused(store: Sandbox) -> Outcome {
    is_refused(&store, PutOptions::new().metadata("a", "x".repeat(MAX_METADATA_BYTES))).await
}

async fn is_refused(store: &Sandbox, options: PutOptions) -> Outcome {
    let key = store.key("a")?;
    refused(store.put(&key, "abc".into(), options).await, ErrorKind::InvalidInput)?;
    store.is_free(&key).await
}

async fn tags_are_kept_and_copied(store: Sandbox) -> Outcome {
    let (small, large, copy) = (store.key("small")?, store.key("large")?, store.key("copy")?);
    let options = PutOptions::new().tag("project", "blue").tag("owner name", "a+b-c=d._:/@ 100");
    store.put(&small, "abc".into(), options.clone()).await?;
    store.put(&large, pattern(1, store.large_bytes()).into(), options.clone()).await?;
    store.copy(&small, &copy, CopyOptions::new()).await?;
    let mut copies = vec![copy];
    if store.storage().probe().await?.has(Ability::CopyIfAbsent) {
        let new = store.key("new")?;
        store.copy(&small, &new, CopyOptions::new().if_absent()).await?;
        copies.push(new);
    }
    for key in [&small, &large].into_iter().chain(&copies) {
        ensure_eq!(store.tags(key).await?, options.tags, "tags");
    }
    store.put(&small, "abc".into(), PutOptions::new()).await?;
    ensure_eq!(store.tags(&small).await?.len(), 0, "tags after an overwrite without any");
    refused(store.tags(&store.key("missing")?).await, ErrorKind::NotFound)?;
    Ok(())
}

async fn eleven_tags_are_refused(store: Sandbox) -> Outcome {
    let options = (0..11).fold(PutOptions::new(), |options, number| options.tag(number.to_string(), "x"));
    is_refused(&store, options).await
}

async fn tags_are_refused_where_they_cannot_be_kept(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    refused(store.put(&key, "abc".into(), PutOptions::new().tag("a", "b")).await, ErrorKind::Unsupported)?;
    store.is_free(&key).await
}
