use std::sync::Arc;

use super::name_type;

/// The name of a bucket, by the S3 rules.
///
/// 3 to 63 bytes; lower-case letters, digits, `-` and `.`; begins and ends with a letter or digit; no two dots together;
/// not formatted like an IPv4 address, which four numbers are whatever their size; none of the reserved prefixes and suffixes
/// ([S3 user guide, "General purpose bucket naming rules"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BucketName(Arc<str>);

name_type!(BucketName, InvalidBucketName);

impl BucketName {
    /// Checks `name`.
    ///
    /// # Errors
    ///
    /// [`InvalidBucketName`] says which rule is broken.
    pub fn new(name: impl AsRef<str>) -> Result<Self, InvalidBucketName> {
        let name = name.as_ref();
        match broken_rule(name) {
            None => Ok(Self(name.into())),
            Some(rule) => Err(InvalidBucketName { name: name.chars().take(80).collect(), rule }),
        }
    }
}

/// A string that is no [`BucketName`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid bucket name: {rule}", name.escape_debug())]
pub struct InvalidBucketName {
    name: String,
    rule: &'static str,
}

const RESERVED_PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES: [&str; 4] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3"];

fn broken_rule(name: &str) -> Option<&'static str> {
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !(3..=63).contains(&name.len()) {
        Some("it must have 3 to 63 characters")
    } else if !name.chars().all(|c| is_alphanumeric(c) || c == '-' || c == '.') {
        Some("it may have only lower-case letters, digits, `-` and `.`")
    } else if !name.starts_with(is_alphanumeric) || !name.ends_with(is_alphanumeric) {
        Some("it must begin and end with a letter or digit")
    } else if name.contains("..") {
        Some("it may not have two dots together")
    } else if is_like_an_address(name) {
        Some("it may not look like an IP address")
    } else if RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        Some("its prefix is reserved by S3")
    } else if RESERVED_SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) {
        Some("its suffix is reserved by S3")
    } else {
        None
    }
}

/// Servers refuse `999.0.0.1` and `192.168.005.4` too.
fn is_like_an_address(name: &str) -> bool {
    name.split('.').count() == 4 && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_s3_rules() {
        for name in ["abc", "my-bucket", "a.b.c", "0-0", "1.2.3", "1.2.3.4.5", &"a".repeat(63)] {
            assert!(BucketName::new(name).is_ok(), "{name}");
        }
        for name in [
            "ab",
            "Abc",
            "a_b",
            "-abc",
            "abc-",
            ".abc",
            "a..b",
            "192.168.5.4",
            "192.168.005.4",
            "999.0.0.1",
            "xn--abc",
            "abc-s3alias",
            "a b",
            "bücher",
            "sthree-x",
            "abc--x-s3",
            &"a".repeat(64),
        ] {
            assert!(BucketName::new(name).is_err(), "{name}");
        }
    }
}
