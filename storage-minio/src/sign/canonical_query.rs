use std::borrow::Cow;
use std::cmp::Ordering;

use percent_encoding::utf8_percent_encode;

use crate::addressing::ENCODED_IN_QUERY;

/// A query string, encoded and sorted as signatures need it. It is sent in the same form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CanonicalQuery(String);

impl CanonicalQuery {
    /// No parameter at all.
    pub(crate) const fn none() -> Self {
        Self(String::new())
    }

    /// Encodes and sorts plain names and values; a flag such as `uploads` has an empty value.
    pub(crate) fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        sort(&mut pairs);
        let mut query = String::new();
        for pair in pairs {
            push_pair(&mut query, pair);
        }
        Self(query)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The order of the encoded names, and of the encoded values where names are equal. Copies only what is not in order yet.
pub(super) fn sorted<'p, 'a>(pairs: &'p [(&'a str, &'a str)]) -> Cow<'p, [(&'a str, &'a str)]> {
    if pairs.is_sorted_by(|left, right| order(left, right).is_le()) {
        return Cow::Borrowed(pairs);
    }
    let mut pairs = pairs.to_vec();
    sort(&mut pairs);
    Cow::Owned(pairs)
}

/// Brings plain pairs into the order that they are signed in.
pub(crate) fn sort(pairs: &mut [(&str, &str)]) {
    pairs.sort_unstable_by(order);
}

fn order(left: &(&str, &str), right: &(&str, &str)) -> Ordering {
    order_encoded(left.0, right.0).then_with(|| order_encoded(left.1, right.1))
}

/// Compares two texts as they are when encoded: an escape begins with `%`, which comes before all that stays as it is.
pub(super) fn order_encoded(left: &str, right: &str) -> Ordering {
    let rank = |byte: u8| (byte.is_ascii_alphanumeric() || b"-._~".contains(&byte), byte);
    left.bytes().map(rank).cmp(right.bytes().map(rank))
}

/// Appends a plain pair, encoded, to a query or to a URL that ends with its `?`.
pub(super) fn push_pair(query: &mut String, (name, value): (&str, &str)) {
    if !query.is_empty() && !query.ends_with('?') {
        query.push('&');
    }
    encode_into(name, query);
    query.push('=');
    encode_into(value, query);
}

/// Appends a plain text, encoded.
pub(super) fn encode_into(plain: &str, out: &mut String) {
    out.extend(utf8_percent_encode(plain, ENCODED_IN_QUERY));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn orders_as_what_is_encoded(left in "[a-c%~. é\u{0}/-]{0,6}", right in "[a-c%~. é\u{0}/-]{0,6}") {
            let encoded = |plain: &str| {
                let mut out = String::new();
                encode_into(plain, &mut out);
                out
            };
            prop_assert_eq!(order_encoded(&left, &right), encoded(&left).cmp(&encoded(&right)));
        }
    }

    #[test]
    fn sorts_by_name_then_value() {
        let query = CanonicalQuery::from_pairs([
            ("b", "2"),
            ("a-b", "1"),
            ("a", "z"),
            ("a", "1"),
            ("B", ""),
            ("ü", "+ &="),
        ]);
        assert_eq!(query.as_str(), "%C3%BC=%2B%20%26%3D&B=&a=1&a=z&a-b=1&b=2");
        assert_eq!(CanonicalQuery::from_pairs([]), CanonicalQuery::none());
    }
}
