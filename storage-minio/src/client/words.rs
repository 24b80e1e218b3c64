use storage_core::ErrorKind;

/// What Garage 2.5 means where its code says less than its message: it has one code for all that it forbids, and one for all that it
/// finds bad.
pub(super) fn kind_of_words(code: Option<&str>, message: &str) -> Option<ErrorKind> {
    match code? {
        "AccessDenied" if is_about_credentials(message) => Some(ErrorKind::Unauthenticated),
        "InvalidRequest" if message == "Bad request: Date is too old" => Some(ErrorKind::ClockSkewed),
        // Its database LMDB, the default, has keys of at most 511 bytes, of which it needs some itself.
        "ServiceUnavailable" | "InternalError" if message.contains("MDB_BAD_VALSIZE") => {
            Some(ErrorKind::Unsupported)
        }
        _ => None,
    }
}

fn is_about_credentials(message: &str) -> bool {
    let Some(reason) = message.strip_prefix("Forbidden: ") else { return false };
    reason == "Invalid signature"
        || reason.starts_with("No such key: ")
        || (reason.starts_with("Access key ") && reason.ends_with(" has expired"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garages_words_are_told_apart() {
        for (code, message, kind) in [
            ("AccessDenied", "Forbidden: Invalid signature", Some(ErrorKind::Unauthenticated)),
            ("AccessDenied", "Forbidden: No such key: GK1", Some(ErrorKind::Unauthenticated)),
            ("AccessDenied", "Forbidden: Access key GK1 has expired", Some(ErrorKind::Unauthenticated)),
            ("AccessDenied", "Forbidden: Operation is not allowed for this key.", None),
            ("AccessDenied", "No such key: x", None),
            ("InvalidRequest", "Bad request: Date is too old", Some(ErrorKind::ClockSkewed)),
            ("InvalidRequest", "Bad request: something else", None),
            ("ServiceUnavailable", "LMDB: MDB_BAD_VALSIZE: Unsupported size", Some(ErrorKind::Unsupported)),
            ("ServiceUnavailable", "LMDB: MDB_MAP_FULL", None),
        ] {
            assert_eq!(kind_of_words(Some(code), message), kind, "{message}");
        }
        assert_eq!(kind_of_words(None, "Forbidden: Invalid signature"), None);
    }
}
