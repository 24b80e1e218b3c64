use storage_core::{Error, Result};
use url::Url;

/// What a URL may look like.
pub(super) const KNOWN: &str = "s3://bucket, gs://bucket, az://container, https://host, file:///folder or memory:///, each with a path or without";

/// A URL without anything that could be a secret.
pub(super) fn parse(url: &str) -> Result<Url> {
    let parsed = Url::parse(url).map_err(|error| {
        Error::invalid_input(format!("the store's URL cannot be read: {error}")).with_hint(KNOWN)
    })?;
    // `abfss://container@account…` has the container where others have a user.
    let is_container = matches!(parsed.scheme(), "abfs" | "abfss" | "az" | "azure" | "adl");
    if parsed.password().is_some() || (!is_container && !parsed.username().is_empty()) {
        return Err(Error::invalid_input("the store's URL holds credentials; give them as options"));
    }
    match parsed.query().is_none() && parsed.fragment().is_none() {
        true => Ok(parsed),
        false => {
            Err(Error::invalid_input("the store's URL has a query or a fragment; give options as options"))
        }
    }
}
