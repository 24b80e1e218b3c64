use std::collections::BTreeMap;

use storage_core::url::{UploadTerms, UrlGrant, UrlMethod, UrlRefusal};
use storage_core::{ObjectKey, PutOptions};

use super::policy::Policy;
use super::signing_key::Claim;
use super::{FILE_NAME, POLICY_FIELD, SIGNATURE_FIELD, Signer, attribute_names, form};
use crate::random::from_hex;

impl Signer {
    pub(super) fn check_form(
        &self,
        path: &str,
        fields: &[(String, String)],
        file_name: &str,
    ) -> Result<UrlGrant, UrlRefusal> {
        if path != self.address.form_path() {
            return Err(UrlRefusal::UnknownPath);
        }
        let mut fields = by_name(fields)?;
        let (Some(text), Some(signature)) = (fields.remove(POLICY_FIELD), fields.remove(SIGNATURE_FIELD))
        else {
            return Err(UrlRefusal::Unsigned);
        };
        let signature = from_hex(&signature).ok_or(UrlRefusal::SignatureMismatch)?;
        if !self.key.verify(&Claim::Form { store: &self.store, policy: &text }, &signature) {
            return Err(UrlRefusal::SignatureMismatch);
        }
        let policy = Policy::decode(&text).ok_or(UrlRefusal::Malformed)?;
        let expires_at = self.end_in_future(policy.expires)?;

        // The name stands in the key before the conditions are looked at, as on S3.
        if let Some(key) = fields.get_mut("key") {
            *key = key.replace(FILE_NAME, last_segment(file_name));
        }
        if !policy.holds(&fields) {
            return Err(UrlRefusal::FieldMismatch);
        }
        let key =
            fields.remove("key").and_then(|key| ObjectKey::new(key).ok()).ok_or(UrlRefusal::FieldMismatch)?;
        let mut put = PutOptions::new();
        for (name, value) in fields {
            attribute_names::set(&mut put.attributes, &name, value);
        }
        put.validate().map_err(|_| UrlRefusal::FieldMismatch)?;
        let terms = UploadTerms::new(put)
            .with_length(policy.length.0, policy.length.1)
            .with_success(form::success(&policy).ok_or(UrlRefusal::Malformed)?);
        Ok(UrlGrant::new(key, UrlMethod::Put, Some(expires_at)).with_upload(terms))
    }
}

/// The fields by their names in lower case; none may be there twice, in whatever case.
fn by_name(fields: &[(String, String)]) -> Result<BTreeMap<String, String>, UrlRefusal> {
    let mut map = BTreeMap::new();
    for (name, value) in fields {
        if map.insert(name.to_ascii_lowercase(), value.clone()).is_some() {
            return Err(UrlRefusal::FieldMismatch);
        }
    }
    Ok(map)
}

/// Of a path, on whatever system the file was chosen, the file's own name.
fn last_segment(file_name: &str) -> &str {
    file_name.rsplit(['/', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use storage_core::url::{FormKey, FormOptions, FormSuccess, UploadForm, UploadSigner, UrlVerifier};

    use super::super::samples::{NOW, at, changes, key, signer_at};
    use super::*;

    const PATH: &str = "/files/photos";

    type Fields = Vec<(String, String)>;

    fn options() -> FormOptions {
        FormOptions::new()
            .expires_in(Duration::from_secs(60))
            .min_length(1)
            .max_length(1_000)
            .content_type("image/png")
            .cache_control("private")
            .metadata("author", "Jürgen")
            .field("x-amz-meta-User", "5")
            .field("note", "a  b")
            .success(FormSuccess::Created)
    }

    fn form(key: &FormKey, options: &FormOptions) -> UploadForm {
        signer_at("/files", "photos", NOW).upload_form(key, options).unwrap()
    }

    fn exact() -> UploadForm {
        form(&FormKey::Exact(key("uploads/a.png")), &options())
    }

    fn below(options: &FormOptions) -> Fields {
        form(&FormKey::Below(key("uploads/u1")), options).fields
    }

    fn verify(fields: &[(String, String)], file_name: &str) -> Result<UrlGrant, UrlRefusal> {
        signer_at("/files", "photos", NOW).verify_form(PATH, fields, file_name)
    }

    fn with(mut fields: Fields, name: &str, value: &str) -> Fields {
        fields.retain(|(known, _)| known != name);
        fields.push((name.to_owned(), value.to_owned()));
        fields
    }

    #[test]
    fn a_form_is_granted_as_it_was_signed() {
        let form = exact();
        assert_eq!((form.url.as_str(), form.method), (PATH, "POST"));
        let names: Vec<_> = form.fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "key",
                "Cache-Control",
                "Content-Type",
                "x-amz-meta-author",
                "note",
                "x-amz-meta-User",
                "success_action_status",
                "policy",
                "x-storage-signature"
            ]
        );
        let grant = verify(&form.fields, "whatever.png").unwrap();
        let put = PutOptions::new()
            .content_type("image/png")
            .cache_control("private")
            .metadata("author", "Jürgen")
            .metadata("user", "5");
        let terms = UploadTerms::new(put).with_length(1, 1_000).with_success(FormSuccess::Created);
        let wanted =
            UrlGrant::new(key("uploads/a.png"), UrlMethod::Put, Some(at(NOW + 60))).with_upload(terms);
        assert_eq!(grant, wanted);
        let mut other_order = form.fields;
        other_order.reverse();
        assert_eq!(verify(&other_order, ""), Ok(wanted));
    }

    #[test]
    fn it_tells_what_to_answer_with() {
        let redirect = FormSuccess::Redirect("https://example.org/done?x=1".to_owned());
        for success in [FormSuccess::NoContent, FormSuccess::Ok, FormSuccess::Created, redirect] {
            let fields = below(&FormOptions::new().success(success.clone()));
            assert_eq!(verify(&fields, "a").unwrap().upload.unwrap().success, Some(success));
        }
        let fields = below(&FormOptions::new());
        for field in ["success_action_status", "success_action_redirect"] {
            let changed = with(fields.clone(), field, "201");
            assert_eq!(verify(&changed, "a"), Err(UrlRefusal::FieldMismatch));
        }
    }

    #[test]
    fn no_character_of_a_value_can_be_changed() {
        let fields = exact().fields;
        for at in 0..fields.len() {
            for changed in changes(&fields[at].1) {
                let mut fields = fields.clone();
                fields[at].1 = changed;
                assert!(verify(&fields, "a").is_err(), "{:?}", fields[at]);
            }
            // Names are those of headers: their case is none of theirs.
            for changed in changes(&fields[at].0) {
                let is_same = changed.eq_ignore_ascii_case(&fields[at].0);
                let mut fields = fields.clone();
                fields[at].0 = changed;
                assert_eq!(verify(&fields, "a").is_ok(), is_same, "{:?}", fields[at]);
            }
        }
    }

    #[test]
    fn no_field_is_missing_there_twice_or_more_than_was_signed() {
        let fields = exact().fields;
        for at in 0..fields.len() {
            let mut less = fields.clone();
            let (name, _) = less.remove(at);
            let expected = match name.as_str() {
                "policy" | "x-storage-signature" => UrlRefusal::Unsigned,
                _ => UrlRefusal::FieldMismatch,
            };
            assert_eq!(verify(&less, "a"), Err(expected), "without {name}");
            let mut twice = fields.clone();
            twice.push((fields[at].0.to_ascii_uppercase(), fields[at].1.clone()));
            assert_eq!(verify(&twice, "a"), Err(UrlRefusal::FieldMismatch), "twice {name}");
        }
        for name in ["content-disposition", "x-amz-meta-b", "bucket", "file", "x", ""] {
            let more = with(fields.clone(), name, "x");
            assert_eq!(verify(&more, "a"), Err(UrlRefusal::FieldMismatch), "{name}");
        }
    }

    #[test]
    fn the_name_of_the_file_cannot_leave_the_prefix() {
        let fields = below(&FormOptions::new());
        for (name, expected) in [
            ("cat.png", Some("uploads/u1/cat.png")),
            ("Ünï ${filename}.png", Some("uploads/u1/Ünï ${filename}.png")),
            ("/etc/passwd", Some("uploads/u1/passwd")),
            ("C:\\Users\\me\\cat.png", Some("uploads/u1/cat.png")),
            ("../../x", Some("uploads/u1/x")),
            ("..\\x", Some("uploads/u1/x")),
            ("", None),
            (".", None),
            ("..", None),
            ("a/..", None),
            ("a\\", None),
            ("a/", None),
            ("a\0b", None),
            ("a\nb", None),
        ] {
            let granted = verify(&fields, name).map(|grant| grant.key.as_str().to_owned());
            assert_eq!(granted, expected.map(str::to_owned).ok_or(UrlRefusal::FieldMismatch), "{name:?}");
        }
        let long = "x".repeat(1_024);
        assert_eq!(verify(&fields, &long), Err(UrlRefusal::FieldMismatch));
    }

    #[test]
    fn a_script_may_choose_a_key_below_the_prefix_and_nowhere_else() {
        for (chosen, expected) in [
            ("uploads/u1/x/y.png", Some("uploads/u1/x/y.png")),
            ("uploads/u1/x-${filename}", Some("uploads/u1/x-cat.png")),
            ("uploads/u1/", None),
            ("uploads/u1", None),
            ("uploads/u12/x", None),
            ("uploads/u1/../x", None),
            ("uploads/u1//x", None),
            ("${filename}", None),
            ("/uploads/u1/x", None),
            ("", None),
        ] {
            let fields = with(below(&FormOptions::new()), "key", chosen);
            let granted = verify(&fields, "cat.png").map(|grant| grant.key.as_str().to_owned());
            assert_eq!(granted, expected.map(str::to_owned).ok_or(UrlRefusal::FieldMismatch), "{chosen}");
        }
        let hidden = with(below(&FormOptions::new()), "key", "${filename}/x");
        assert_eq!(verify(&hidden, "uploads"), Err(UrlRefusal::FieldMismatch));
    }

    #[test]
    fn beginnings_leave_the_rest_to_the_uploader() {
        let options = FormOptions::new().content_type_prefix("image/").field_prefix("x-amz-meta-user", "u-");
        let fields = below(&options);
        assert_eq!(verify(&fields, "a"), Err(UrlRefusal::FieldMismatch));
        let chosen = |content_type, user| {
            verify(&with(with(fields.clone(), "content-type", content_type), "x-amz-meta-user", user), "a")
        };
        let put = chosen("image/webp", "u-1").unwrap().upload.unwrap().put;
        assert_eq!(put.attributes.content_type.as_deref(), Some("image/webp"));
        assert_eq!(put.attributes.metadata["user"], "u-1");
        for (content_type, user) in [
            ("text/html", "u-1"),
            ("Image/png", "u-1"),
            ("image/\n", "u-1"),
            ("image/ü", "u-1"),
            ("image/png", "v-1"),
            ("image/png", "u- "),
        ] {
            assert_eq!(chosen(content_type, user), Err(UrlRefusal::FieldMismatch), "{content_type} {user}");
        }
    }

    #[test]
    fn a_form_is_of_one_store_one_time_and_one_path() {
        let fields = exact().fields;
        for path in [
            "/files/photos/",
            "/files/photos?x",
            "/files/videos",
            "/photos",
            "",
            "/files/photos/uploads/a.png",
        ] {
            let verdict = signer_at("/files", "photos", NOW).verify_form(path, &fields, "a");
            assert_eq!(verdict, Err(UrlRefusal::UnknownPath), "{path}");
        }
        let verdict = signer_at("/files", "videos", NOW).verify_form("/files/videos", &fields, "a");
        assert_eq!(verdict, Err(UrlRefusal::SignatureMismatch));
        let at = |seconds| signer_at("/files", "photos", seconds).verify_form(PATH, &fields, "a");
        assert!(at(NOW + 59).is_ok());
        assert_eq!(at(NOW + 60), Err(UrlRefusal::Expired));
        let forged = with(fields.clone(), "x-storage-signature", &"0".repeat(64));
        assert_eq!(
            signer_at("/files", "photos", NOW + 60).verify_form(PATH, &forged, "a"),
            Err(UrlRefusal::SignatureMismatch)
        );
    }

    #[test]
    fn what_a_url_was_signed_with_signs_no_form() {
        let signer = signer_at("/files", "photos", NOW);
        let url = signer.upload_url(&key("a"), &storage_core::url::UploadOptions::new()).unwrap();
        let signature = url.url.as_str().rsplit_once('=').unwrap().1.to_owned();
        let forged = with(exact().fields, "x-storage-signature", &signature);
        assert_eq!(verify(&forged, "a"), Err(UrlRefusal::SignatureMismatch));
    }
}
