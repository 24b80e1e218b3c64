use super::Encoding;

/// Whether an `Accept-Encoding` allows an encoding ([RFC 9110, section 12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3)).
/// What is not named, and `*` is not either, counts as not accepted: the plain object is right for all.
pub(crate) fn accepts(header: &str, encoding: Encoding) -> bool {
    let mut by_star = false;
    for part in header.split(',') {
        let (token, parameters) = part.split_once(';').unwrap_or((part, ""));
        let (token, is_allowed) = (token.trim(), weight(parameters) > 0.0);
        if token.eq_ignore_ascii_case(encoding.token()) {
            return is_allowed;
        }
        by_star |= token == "*" && is_allowed;
    }
    by_star
}

fn weight(parameters: &str) -> f32 {
    let mut weights = parameters.split(';').filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse().unwrap_or(0.0))
    });
    weights.next().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_with_a_weight_is_accepted() {
        for (header, is_accepted) in [
            ("br", true),
            ("gzip, deflate, BR;q=0.5", true),
            ("gzip;q=1, br;q=0", false),
            ("br;q=0.000, *", false),
            ("*", true),
            ("*;q=0", false),
            ("gzip, *;q=0.1", true),
            ("", false),
            ("brotli", false),
            ("br;q=x", false),
            ("identity, gzip", false),
        ] {
            assert_eq!(accepts(header, Encoding::Brotli), is_accepted, "{header}");
        }
    }
}
