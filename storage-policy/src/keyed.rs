//! Names in documents. To servers that are written in Go `action` is `Action`, and the last of two of one name wins; to others it is an
//! element that nobody knows, or the first one wins. What they read differently is not read at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Values by names, no two of which are the same in other letters.
pub(crate) struct Keyed<V>(pub(crate) BTreeMap<String, V>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Keyed<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(KeyedVisitor(PhantomData))
    }
}

struct KeyedVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for KeyedVisitor<V> {
    type Value = Keyed<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keyed<V>, A::Error> {
        let (mut values, mut seen) = (BTreeMap::new(), BTreeSet::new());
        while let Some(name) = map.next_key::<String>()? {
            if !seen.insert(folded(&name)) {
                return Err(A::Error::custom(format_args!(
                    "`{}` is there twice, perhaps in other letters: servers differ in which of them they take",
                    name.escape_debug()
                )));
            }
            values.insert(name, map.next_value()?);
        }
        Ok(Keyed(values))
    }
}

/// Whether a name is not a known one in other letters.
pub(crate) fn is_well_written<E: Error>(name: &str, known: &[&str]) -> Result<(), E> {
    let in_any_case = folded(name);
    match known.iter().find(|known| **known != name && folded(known) == in_any_case) {
        None => Ok(()),
        Some(known) => Err(E::custom(format_args!(
            "`{}` is written `{known}`: servers differ in whether they take it so",
            name.escape_debug()
        ))),
    }
}

/// As Go's `encoding/json` compares names: besides letters of two cases, those that stand for an `s` and a `k`.
fn folded(name: &str) -> String {
    let fold = |c| if c == 'ſ' { 's' } else { c };
    name.chars().flat_map(char::to_lowercase).map(fold).collect()
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    /// MinIO, SeaweedFS 4.48 and VersityGW 1.8 let anybody read by the first of these.
    #[test]
    fn what_servers_read_differently_is_not_read() {
        let right = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["a"]},"Action":"s3:GetObject","Resource":"b","Condition":{"StringLike":{"aws:Referer":"x"}}}]}"#;
        Policy::parse(right).unwrap();
        for (written, other, told, path) in [
            ("\"Action\"", "\"action\"", "`action` is written `Action`", "Statement[0]"),
            ("\"Statement\"", "\"STATEMENT\"", "`STATEMENT` is written `Statement`", ""),
            ("\"Statement\"", "\"\u{17f}tatement\"", "is written `Statement`", ""),
            ("\"Version\"", "\"version\"", "`version` is written `Version`", ""),
            ("\"AWS\"", "\"aws\"", "`aws` is written `AWS`", "Statement[0].Principal"),
            ("[\"a\"]", "[\"a\"],\"AWS\":\"*\"", "`AWS` is there twice", "Statement[0].Principal"),
            (
                "\"x\"",
                "\"x\",\"AWS:referer\":\"y\"",
                "`AWS:referer` is there twice",
                "Statement[0].Condition.StringLike",
            ),
            (
                "{\"StringLike\"",
                "{\"stringlike\":{\"aws:Referer\":\"y\"},\"StringLike\"",
                "`StringLike` is there twice",
                "Statement[0].Condition",
            ),
            (
                "{\"Effect\"",
                "{\"Effect\":\"Deny\",\"Effect\"",
                "`Effect`, or its negation, is there twice",
                "Statement[0]",
            ),
        ] {
            assert!(right.contains(written));
            let error = Policy::parse(&right.replacen(written, other, 1)).unwrap_err();
            assert!(error.message.contains(told) && error.path.starts_with(path), "{error}");
        }
        Policy::parse(&right.replace("\"Effect\"", "\"Actions\":1,\"Effect\""))
            .expect("that is no known name");
        let names =
            right.replacen('{', "{\"ID\":\"x\",", 1).replace("{\"Effect\"", "{\"sid\":\"y\",\"Effect\"");
        assert!(
            Policy::parse(&names)
                .expect("names mean nothing")
                .means_the_same_as(&Policy::parse(right).unwrap())
        );
    }
}
