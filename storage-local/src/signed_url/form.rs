use std::collections::BTreeMap;

use storage_core::attributes::Attributes;
use storage_core::key::MAX_KEY_BYTES;
use storage_core::url::{FormKey, FormOptions, FormSuccess, UploadForm};
use storage_core::{Error, FileUrl, Result};

use super::attribute_names::{self, METADATA_PREFIX};
use super::policy::Policy;
use super::sign::end;
use super::signing_key::Claim;
use super::{FILE_NAME, POLICY_FIELD, SIGNATURE_FIELD, Signer};
use crate::random::hex;

const STATUS_FIELD: &str = "success_action_status";
const REDIRECT_FIELD: &str = "success_action_redirect";

impl Signer {
    pub(super) fn sign_form(&self, key: &FormKey, options: &FormOptions) -> Result<UploadForm> {
        options.validate()?;
        let validity = options.validity(self.clock.now(), self.default_expiry)?;
        let mut form = Draft {
            policy: Policy {
                expires: end(validity),
                length: options.length(),
                exact: BTreeMap::new(),
                beginnings: BTreeMap::new(),
            },
            fields: Vec::new(),
        };
        form.key(key)?;
        form.attributes(options)?;
        form.success(&options.success);
        form.check_attributes()?;
        let policy = form.policy.encode()?;
        let signature = self.key.sign(&Claim::Form { store: &self.store, policy: &policy })?;
        form.fields.push((POLICY_FIELD.to_owned(), policy));
        form.fields.push((SIGNATURE_FIELD.to_owned(), hex(&signature)));
        let url = format!("{}{}", self.address.origin(), self.address.form_path());
        Ok(UploadForm::new(FileUrl::new(url), key.clone(), form.fields))
    }
}

/// A form to be signed.
struct Draft {
    policy: Policy,
    fields: Vec<(String, String)>,
}

impl Draft {
    fn key(&mut self, key: &FormKey) -> Result<()> {
        let fixed = match key {
            FormKey::Exact(key) => key,
            FormKey::Below(prefix) => prefix,
            _ => return Err(Error::unsupported("a form's key of a later version")),
        };
        let fault = |rule: &'static str| Err(Error::invalid_input(rule).with_key(fixed));
        if fixed.as_str().contains(FILE_NAME) {
            return fault("a form puts the file's name for `${filename}`: no upload has this key");
        }
        match key {
            FormKey::Below(prefix) if prefix.as_str().len() + 2 > MAX_KEY_BYTES => {
                return fault("no key is long enough for a file below this one");
            }
            FormKey::Below(prefix) => {
                self.policy.beginnings.insert("key".to_owned(), format!("{prefix}/"));
                self.fields.push(("key".to_owned(), format!("{prefix}/{FILE_NAME}")));
            }
            _ => self.exactly("key", fixed.as_str())?,
        }
        Ok(())
    }

    fn attributes(&mut self, options: &FormOptions) -> Result<()> {
        for (name, value) in attribute_names::iter(&options.attributes) {
            self.exactly(&name, value)?;
        }
        if let (None, Some(prefix)) = (&options.attributes.content_type, &options.content_type_prefix) {
            self.policy.beginnings.insert("content-type".to_owned(), prefix.clone());
        }
        for (name, value) in &options.fields {
            check_further(name)?;
            self.exactly(name, value)?;
        }
        for (name, prefix) in &options.field_prefixes {
            check_further(name)?;
            self.beginning(name, prefix)?;
        }
        Ok(())
    }

    fn success(&mut self, success: &FormSuccess) {
        let (field, value) = match success {
            FormSuccess::Ok => (STATUS_FIELD, "200"),
            FormSuccess::Created => (STATUS_FIELD, "201"),
            FormSuccess::Redirect(url) => (REDIRECT_FIELD, url.as_str()),
            // What forms are answered with if they do not say.
            _ => return,
        };
        self.policy.exact.insert(field.to_owned(), value.to_owned());
        self.fields.push((field.to_owned(), value.to_owned()));
    }

    fn exactly(&mut self, name: &str, value: &str) -> Result<()> {
        let lower = name.to_ascii_lowercase();
        self.check_new(&lower)?;
        self.policy.exact.insert(lower, value.to_owned());
        self.fields.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// What is given exactly says more than how it begins.
    fn beginning(&mut self, name: &str, prefix: &str) -> Result<()> {
        let lower = name.to_ascii_lowercase();
        match self.policy.exact.get(&lower) {
            Some(value) if value.starts_with(prefix) => Ok(()),
            Some(_) => {
                Err(Error::invalid_input(format!("the field `{lower}` does not hold its own condition")))
            }
            None => {
                self.check_new(&lower)?;
                self.policy.beginnings.insert(lower, prefix.to_owned());
                Ok(())
            }
        }
    }

    fn check_new(&self, lower: &str) -> Result<()> {
        match self.policy.exact.contains_key(lower) || self.policy.beginnings.contains_key(lower) {
            true => Err(Error::invalid_input(format!("the field `{lower}` is given twice"))),
            false => Ok(()),
        }
    }

    /// That some value holds each condition.
    fn check_attributes(&self) -> Result<()> {
        let mut attributes = Attributes::new();
        for (name, value) in &self.policy.exact {
            attribute_names::set(&mut attributes, name, value.clone());
        }
        for (name, prefix) in &self.policy.beginnings {
            attribute_names::set(&mut attributes, name, format!("{prefix}x"));
        }
        attributes.validate()
    }
}

/// Fields that S3 knows, and that would change nothing here, are refused as a put refuses them.
fn check_further(name: &str) -> Result<()> {
    let lower = name.to_ascii_lowercase();
    if lower == SIGNATURE_FIELD {
        return Err(Error::invalid_input(format!("`{name}` is the form's own")));
    }
    let is_of_s3 = matches!(lower.as_str(), "acl" | "expires" | "redirect" | "tagging")
        || (lower.starts_with("x-amz-") && !lower.starts_with(METADATA_PREFIX));
    match is_of_s3 {
        true => Err(Error::unsupported(format!("an embedded store does nothing about the field `{name}`"))),
        false => Ok(()),
    }
}

/// What the fields ask to be answered with.
pub(super) fn success(policy: &Policy) -> Option<FormSuccess> {
    if let Some(url) = policy.exact.get(REDIRECT_FIELD) {
        return Some(FormSuccess::Redirect(url.clone()));
    }
    match policy.exact.get(STATUS_FIELD).map(String::as_str) {
        None => Some(FormSuccess::NoContent),
        Some("200") => Some(FormSuccess::Ok),
        Some("201") => Some(FormSuccess::Created),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use storage_core::ErrorKind;
    use storage_core::url::UploadSigner;

    use super::super::samples::{NOW, key, signer_at};
    use super::*;

    fn refusal(key: &FormKey, options: &FormOptions) -> Option<ErrorKind> {
        let error = signer_at("/files", "photos", NOW).upload_form(key, options).err()?;
        assert_eq!((error.operation(), error.store()), (Some("upload_form"), Some("photos")));
        Some(error.kind())
    }

    #[test]
    fn conditions_that_no_upload_can_hold_are_refused() {
        let exact = FormKey::Exact(key("a"));
        for options in [
            FormOptions::new().min_length(2).max_length(1),
            FormOptions::new().expires_in(Duration::ZERO),
            FormOptions::new().content_type("a\nb"),
            FormOptions::new().metadata("a", "b").field("X-Amz-Meta-A", "b"),
            FormOptions::new().field("a", "b").field("A", "b"),
            FormOptions::new().field("a", "b").field_prefix("A", "c"),
            FormOptions::new().field_prefix("a", "b").field_prefix("A", "b"),
            FormOptions::new().metadata("a", "b").field_prefix("X-Amz-Meta-A", "c"),
            FormOptions::new().field("x-amz-meta-", "b"),
            FormOptions::new().field_prefix("x-amz-meta-a", " b"),
            FormOptions::new().field("x-amz-meta-a", "x".repeat(2_000)),
            FormOptions::new().field("X-Storage-Signature", "b"),
        ] {
            assert_eq!(refusal(&exact, &options), Some(ErrorKind::InvalidInput), "{options:?}");
        }
        for key in [
            FormKey::Exact(key("a/${filename}")),
            FormKey::Below(key("${filename}")),
            FormKey::Below(key(&"x".repeat(1_023))),
        ] {
            assert_eq!(refusal(&key, &FormOptions::new()), Some(ErrorKind::InvalidInput), "{key:?}");
        }
        assert_eq!(refusal(&FormKey::Below(key(&"x".repeat(1_022))), &FormOptions::new()), None);
        let both = FormOptions::new().field("a", "bc").field_prefix("A", "b").content_type("image/png");
        assert_eq!(refusal(&exact, &both.content_type_prefix("image/")), None);
    }

    #[test]
    fn fields_that_would_do_nothing_are_unsupported() {
        for name in
            ["acl", "tagging", "Expires", "x-amz-storage-class", "X-Amz-Server-Side-Encryption", "x-amz-acl"]
        {
            for options in [FormOptions::new().field(name, "x"), FormOptions::new().field_prefix(name, "x")] {
                assert_eq!(
                    refusal(&FormKey::Exact(key("a")), &options),
                    Some(ErrorKind::Unsupported),
                    "{name}"
                );
            }
        }
    }
}
