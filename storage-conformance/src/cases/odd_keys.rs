use storage_core::capability::Ability;
use storage_core::key::{MAX_KEY_BYTES, RawKey};
use storage_core::{CopyOptions, ErrorKind, PutOptions};

use crate::case::{Case, case};
use crate::outcome::{Outcome, ensure_eq, refused_as};
use crate::sandbox::Sandbox;

/// Names that have tripped a store, a client or a file system somewhere.
const NAMES: [(&str, &str); 68] = [
    ("spaces", "a b  c.txt"),
    ("leading_space", " a"),
    ("trailing_space", "a "),
    ("only_a_space", "d/ /a"),
    ("plus", "a+b"),
    ("plus_and_space", "a + b"),
    ("percent", "100%"),
    ("percent_twenty", "a%20b"),
    ("percent_two_f", "a%2Fb"),
    ("percent_zero", "a%00b"),
    ("percent_no_escape", "a%zz%4"),
    ("percent_twice", "a%2520b"),
    ("hash", "a#b"),
    ("hash_and_number", "a#1"),
    ("question_mark", "a?b=c"),
    ("ampersand", "a&b"),
    ("equals", "a=b"),
    ("semicolon", "a;b"),
    ("comma", "a,b"),
    ("colon", "a:b"),
    ("drive_letter", "C:/a"),
    ("at_sign", "a@b"),
    ("dollar", "$a"),
    ("exclamation_mark", "a!b"),
    ("asterisk", "a*b"),
    ("tilde", "~/a~b"),
    ("single_quote", "a'b"),
    ("double_quote", "a\"b"),
    ("angle_brackets", "a<b>c"),
    ("parentheses", "a(b)c"),
    ("square_brackets", "a[b]c"),
    ("braces", "a{b}c"),
    ("pipe", "a|b"),
    ("caret", "a^b"),
    ("backtick", "a`b"),
    ("backslash", "a\\b"),
    ("backslash_dot_dot", "..\\a"),
    ("markup", "&amp;&#10;]]><!--"),
    ("template", "{{a}}${b}$(c)"),
    ("leading_dash", "-rf"),
    ("leading_dot", ".hidden"),
    ("leading_dots", "..a"),
    ("three_dots", "a/.../b"),
    ("folder_with_a_leading_dot", ".d/a"),
    ("trailing_dot", "a."),
    ("folder_with_a_trailing_dot", "d./a"),
    ("many_dots", "a..b...c"),
    ("windows_device", "nul.txt"),
    ("windows_device_folder", "con/aux"),
    ("looks_temporary", ".tmp/a.tmp~"),
    ("looks_like_metadata", "a.json/.meta"),
    ("umlauts_composed", "\u{e4}\u{f6}\u{fc}\u{df}/\u{e9}.txt"),
    ("umlauts_decomposed", "a\u{308}o\u{308}u\u{308}/e\u{301}.txt"),
    ("chinese_and_japanese", "中文/日本語.txt"),
    ("emoji", "😀/👩‍👩‍👧.png"),
    ("right_to_left", "שלום/مرحبا.txt"),
    ("right_to_left_override", "a\u{202e}gpj.exe"),
    ("zero_width_space", "a\u{200b}b"),
    ("no_break_space", "a\u{a0}b"),
    ("byte_order_mark", "\u{feff}a"),
    ("line_separator", "a\u{2028}b"),
    ("replacement_character", "a\u{fffd}b"),
    ("private_use", "a\u{e000}b"),
    ("noncharacter", "a\u{ffff}b"),
    ("beyond_the_basic_plane", "a\u{10000}b\u{10fffd}"),
    ("upper_case", "UPPER/Case.TXT"),
    ("dotless_i", "ı/İ"),
    ("digits", "0/00/000"),
];

pub(super) fn cases() -> Vec<Case> {
    let names = NAMES
        .into_iter()
        .map(|(case, name)| Case::new(case, move |store| async move { round_trip(store, name).await }));
    let long = [
        case!(of_1024_bytes),
        case!(of_a_hundred_folders),
        case!(segment_of_255_bytes),
        case!(segment_of_255_bytes_beyond_ascii),
        case!(segment_of_256_bytes).needs(Ability::LongSegments),
        case!(segment_of_900_bytes).needs(Ability::LongSegments),
        case!(folder_of_900_bytes).needs(Ability::LongSegments),
        case!(segment_of_900_bytes_is_refused).without(Ability::LongSegments),
    ];
    let side_by_side = [
        case!(composed_and_decomposed_side_by_side),
        case!(upper_and_lower_case_side_by_side),
        case!(escaped_and_plain_side_by_side),
        case!(with_and_without_spaces_side_by_side),
        case!(object_then_one_below_it).needs(Ability::KeyBelowKey),
        case!(object_then_one_above_it).needs(Ability::KeyBelowKey),
        case!(object_above_others_at_every_level).needs(Ability::KeyBelowKey),
        case!(object_below_an_object_is_refused).without(Ability::KeyBelowKey),
    ];
    names.chain(long).chain(side_by_side).collect()
}

/// Everything that can be done with a name.
async fn round_trip(store: Sandbox, name: &str) -> Outcome {
    let key = store.key(name)?;
    store.put(&key, name.into(), store.marked("by", "me")).await?;
    store.holds(&key, name.as_bytes()).await?;
    ensure_eq!(store.stat(&key).await?.key, key, "key that stat tells");
    ensure_eq!(store.names().await?, [name], "what is listed");
    ensure_eq!(store.names_of(store.within(name)).await?, [name], "what is listed below the name as prefix");
    let parent = key.parent().map_or_else(String::new, |parent| format!("{parent}/"));
    let level = store.level(store.within(&parent[store.prefix().len()..])).await?;
    ensure_eq!(level, [name], "the level");

    let copy = store.key("copy")?;
    store.copy(&key, &copy, CopyOptions::new()).await?;
    store.delete(&key).await?;
    store.is_free(&key).await?;
    store.copy(&copy, &key, CopyOptions::new()).await?;
    store.holds(&key, name.as_bytes()).await?;
    ensure_eq!(
        store.stat(&key).await?.attributes.metadata,
        store.marked("by", "me").attributes.metadata,
        "metadata"
    );

    store.delete_many(vec![RawKey::from(&key), RawKey::from(&copy)]).await?.into_result()?;
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is left");
    Ok(())
}

async fn of_1024_bytes(store: Sandbox) -> Outcome {
    let room = MAX_KEY_BYTES - store.prefix().len();
    let name = format!("{}{}", "d".repeat(99) + "/", "x/".repeat(room))[..room - 1].to_owned() + "z";
    ensure_eq!(store.path(&name).len(), MAX_KEY_BYTES, "bytes of the key");
    round_trip(store, &name).await
}

async fn of_a_hundred_folders(store: Sandbox) -> Outcome {
    let name = "d/".repeat(100) + "a";
    round_trip(store, &name).await
}

async fn segment_of_255_bytes(store: Sandbox) -> Outcome {
    let name = format!("d/{}", "a".repeat(255));
    round_trip(store, &name).await
}

async fn segment_of_255_bytes_beyond_ascii(store: Sandbox) -> Outcome {
    let name = format!("d/{}", "語".repeat(85));
    round_trip(store, &name).await
}

async fn segment_of_256_bytes(store: Sandbox) -> Outcome {
    let name = format!("d/{}", "a".repeat(256));
    round_trip(store, &name).await
}

async fn segment_of_900_bytes(store: Sandbox) -> Outcome {
    let name = format!("d/{}.txt", "a".repeat(896));
    round_trip(store, &name).await
}

async fn folder_of_900_bytes(store: Sandbox) -> Outcome {
    let name = format!("{}/a", "d".repeat(900));
    round_trip(store, &name).await
}

async fn segment_of_900_bytes_is_refused(store: Sandbox) -> Outcome {
    let key = store.key(&"a".repeat(900))?;
    let result = store.put(&key, "abc".into(), PutOptions::new()).await;
    refused_as(result, &[ErrorKind::Unsupported, ErrorKind::InvalidInput])?;
    ensure_eq!(store.names().await?, Vec::<String>::new(), "what is listed");
    Ok(())
}

async fn composed_and_decomposed_side_by_side(store: Sandbox) -> Outcome {
    side_by_side(store, &["u\u{308}.txt", "\u{fc}.txt"]).await
}

async fn upper_and_lower_case_side_by_side(store: Sandbox) -> Outcome {
    side_by_side(store, &["D/a", "README", "d/a", "readme"]).await
}

async fn escaped_and_plain_side_by_side(store: Sandbox) -> Outcome {
    side_by_side(store, &["a b", "a%20b", "a%2520b", "a+b", "a_b"]).await
}

async fn with_and_without_spaces_side_by_side(store: Sandbox) -> Outcome {
    side_by_side(store, &[" a", "a", "a ", "a."]).await
}

async fn object_then_one_below_it(store: Sandbox) -> Outcome {
    side_by_side(store, &["f", "f/g"]).await
}

async fn object_then_one_above_it(store: Sandbox) -> Outcome {
    store.write("f/g", "f/g").await?;
    let above = store.write("f", "f").await?;
    ensure_eq!(store.names().await?, ["f", "f/g"], "what is listed");
    store.delete(&above).await?;
    store.holds(&store.key("f/g")?, b"f/g").await
}

async fn object_above_others_at_every_level(store: Sandbox) -> Outcome {
    side_by_side(store, &["f", "f/g", "f/g/h", "f/g/h/i", "f0"]).await
}

/// Each name, given in order, has an object of its own, and loses it alone.
async fn side_by_side(store: Sandbox, names: &[&str]) -> Outcome {
    for name in names {
        store.write(name, *name).await?;
    }
    ensure_eq!(store.names().await?, names, "what is listed");
    for (index, name) in names.iter().enumerate() {
        for other in &names[index..] {
            store.holds(&store.key(other)?, other.as_bytes()).await?;
        }
        let key = store.key(name)?;
        store.delete(&key).await?;
        store.is_free(&key).await?;
    }
    Ok(())
}

async fn object_below_an_object_is_refused(store: Sandbox) -> Outcome {
    let above = store.write("f", "above").await?;
    let below = store.key("f/g")?;
    let result = store.put(&below, "below".into(), PutOptions::new()).await;
    refused_as(result, &[ErrorKind::Unsupported, ErrorKind::InvalidInput])?;
    store.is_free(&below).await?;
    store.holds(&above, b"above").await
}
