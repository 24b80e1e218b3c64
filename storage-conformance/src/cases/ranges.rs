use std::ops::Range;

use storage_core::capability::Ability;
use storage_core::{ByteRange, ErrorKind, GetOptions, PutOptions};

use crate::case::{Case, case};
use crate::content::pattern;
use crate::outcome::{Outcome, ensure_eq, refused, same_bytes};
use crate::sandbox::Sandbox;

const SIZE: usize = 1_000;
const END: u64 = SIZE as u64;

/// Ranges of an object of 1,000 bytes, and the bytes that they mean.
const INSIDE: [(&str, ByteRange, Range<usize>); 15] = [
    ("first_byte", ByteRange::Bounded(0, 1), 0..1),
    ("last_byte", ByteRange::Bounded(END - 1, END), SIZE - 1..SIZE),
    ("in_the_middle", ByteRange::Bounded(400, 600), 400..600),
    ("one_byte_in_the_middle", ByteRange::Bounded(500, 501), 500..501),
    ("all_bounded", ByteRange::Bounded(0, END), 0..SIZE),
    ("end_beyond_the_object", ByteRange::Bounded(900, END + 1), 900..SIZE),
    ("end_at_the_largest_number", ByteRange::Bounded(1, u64::MAX), 1..SIZE),
    ("from_the_start", ByteRange::From(0), 0..SIZE),
    ("from_the_second_byte", ByteRange::From(1), 1..SIZE),
    ("from_the_last_byte", ByteRange::From(END - 1), SIZE - 1..SIZE),
    ("last_one", ByteRange::Last(1), SIZE - 1..SIZE),
    ("last_ten", ByteRange::Last(10), SIZE - 10..SIZE),
    ("last_all", ByteRange::Last(END), 0..SIZE),
    ("last_more_than_there_are", ByteRange::Last(END + 1), 0..SIZE),
    ("last_of_the_largest_number", ByteRange::Last(u64::MAX), 0..SIZE),
];

/// Ranges that mean nothing of an object at all.
const INVALID: [(&str, ByteRange); 3] = [
    ("refused_if_empty", ByteRange::Bounded(5, 5)),
    ("refused_if_backwards", ByteRange::Bounded(6, 5)),
    ("refused_if_last_zero", ByteRange::Last(0)),
];

/// Ranges that mean nothing of an object of so many bytes.
const OUTSIDE: [(&str, ByteRange, usize); 7] = [
    ("refused_from_the_end_on", ByteRange::From(END), SIZE),
    ("refused_beyond_the_end", ByteRange::From(END + 1), SIZE),
    ("refused_from_the_largest_number", ByteRange::From(u64::MAX), SIZE),
    ("refused_bounded_beyond_the_end", ByteRange::Bounded(END, END + 10), SIZE),
    ("refused_bounded_of_an_empty_object", ByteRange::Bounded(0, 1), 0),
    ("refused_from_one_of_an_empty_object", ByteRange::From(1), 0),
    ("refused_last_of_an_empty_object", ByteRange::Last(1), 0),
];

pub(super) fn cases() -> Vec<Case> {
    let inside = INSIDE
        .into_iter()
        .map(|(name, range, bytes)| Case::new(name, move |store| reads(store, range, bytes.clone())));
    let outside = OUTSIDE.into_iter().map(|(name, range, size)| {
        Case::new(name, move |store| refuses(store, range, size, ErrorKind::RangeNotSatisfiable))
    });
    let invalid = INVALID.into_iter().map(|(name, range)| {
        Case::new(name, move |store| refuses(store, range, SIZE, ErrorKind::InvalidInput))
    });
    let others = [
        case!(from_the_start_of_an_empty_object),
        case!(of_a_missing_key_is_not_found),
        case!(bring_the_metadata_of_the_whole).needs(Ability::Attributes),
        case!(across_the_parts_of_a_large_object),
        case!(many_at_once),
    ];
    inside.chain(outside).chain(invalid).chain(others).collect()
}

async fn reads(store: Sandbox, range: ByteRange, expected: Range<usize>) -> Outcome {
    let content = pattern(1, SIZE);
    let key = store.write("a", content.clone()).await?;
    let object = store.open_with(&key, GetOptions::new().range(range)).await?;
    ensure_eq!(object.range(), expected.start as u64..expected.end as u64, "range");
    ensure_eq!(object.meta().size, END, "size of the whole object");
    same_bytes(&object.bytes().await?, &content[expected])
}

async fn refuses(store: Sandbox, range: ByteRange, size: usize, kind: ErrorKind) -> Outcome {
    let key = store.write("a", pattern(1, size)).await?;
    refused(store.open_with(&key, GetOptions::new().range(range)).await, kind)?;
    Ok(())
}

async fn from_the_start_of_an_empty_object(store: Sandbox) -> Outcome {
    let key = store.write("a", "").await?;
    let object = store.open_with(&key, GetOptions::new().range(0..)).await?;
    ensure_eq!(object.range(), 0..0, "range");
    same_bytes(&object.bytes().await?, b"")
}

async fn of_a_missing_key_is_not_found(store: Sandbox) -> Outcome {
    let key = store.key("nope")?;
    for range in [ByteRange::Bounded(0, 1), ByteRange::From(5), ByteRange::Last(5)] {
        refused(store.open_with(&key, GetOptions::new().range(range)).await, ErrorKind::NotFound)?;
    }
    Ok(())
}

async fn bring_the_metadata_of_the_whole(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let options =
        PutOptions::new().content_type("text/plain").cache_control("private").metadata("name", "value");
    store.put(&key, pattern(1, SIZE).into(), options).await?;
    let object = store.open_with(&key, GetOptions::new().range(10..20)).await?;
    ensure_eq!(*object.meta(), store.stat(&key).await?, "metadata with a range");
    Ok(())
}

async fn across_the_parts_of_a_large_object(store: Sandbox) -> Outcome {
    let content = pattern(1, store.large_bytes());
    let key = store.write("large", content.clone()).await?;
    let (part, size) = (store.part_bytes(), content.len());
    let edges = [
        0..1,
        part - 1..part + 1,
        2 * part - 70_000..2 * part + 70_000,
        part..2 * part,
        3 * part - 1..size,
        size - 1..size,
    ];
    for range in edges {
        let read = store.read_range(&key, range.start as u64..range.end as u64).await?;
        same_bytes(&read, &content[range])?;
    }
    let tail = store.read_range(&key, ByteRange::Last(20_000)).await?;
    same_bytes(&tail, &content[size - 20_000..])
}

async fn many_at_once(store: Sandbox) -> Outcome {
    let content = pattern(1, 320_000);
    let key = store.write("a", content.clone()).await?;
    let reads = (0..32u64).map(|number| {
        let (store, key) = (store.clone(), key.clone());
        async move { store.read_range(&key, number * 10_000..(number + 1) * 10_000).await }
    });
    let parts = futures_util::future::try_join_all(reads).await?;
    same_bytes(&parts.concat(), &content)
}
