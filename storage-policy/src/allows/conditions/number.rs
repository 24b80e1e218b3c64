use std::cmp::Ordering;

#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Whole(i128),
    Decimal(f64),
}

/// `3`, `-3`, `0.5`, `1e3`.
pub(super) fn parse(text: &str) -> Option<Number> {
    let whole = text.parse().ok().map(Number::Whole);
    let is_one = |c: u8| c.is_ascii_digit() || matches!(c, b'+' | b'-' | b'.' | b'e' | b'E');
    let decimal =
        || text.bytes().all(is_one).then(|| text.parse().ok())?.filter(|number: &f64| number.is_finite());
    whole.or_else(|| decimal().map(Number::Decimal))
}

pub(super) fn compare(one: Number, other: Number) -> Option<Ordering> {
    #[allow(clippy::cast_precision_loss, reason = "against a decimal number no more can be had")]
    let decimal = |number: Number| match number {
        Number::Whole(number) => number as f64,
        Number::Decimal(number) => number,
    };
    match (one, other) {
        (Number::Whole(one), Number::Whole(other)) => Some(one.cmp(&other)),
        (one, other) => decimal(one).partial_cmp(&decimal(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_decimal() {
        let order = |one: &str, other: &str| compare(parse(one).unwrap(), parse(other).unwrap()).unwrap();
        assert_eq!(
            order("9007199254740993", "9007199254740992"),
            Ordering::Greater,
            "beyond what f64 tells apart"
        );
        assert_eq!(order("1.5", "2"), Ordering::Less);
        assert_eq!(order("2.0", "2"), Ordering::Equal);
        for wrong in ["", "x", "inf", "NaN", "1e999", "0x1", " 1", "1,5"] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }
}
