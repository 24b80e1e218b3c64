//! Forms to upload by: what is signed is granted as it was signed, and no key outside it.

use std::time::{Duration, UNIX_EPOCH};

use storage_core::clock::Clock;
use storage_core::url::{
    FormKey, FormOptions, MAX_EXPIRY, UploadForm, UploadSigner as _, UrlRefusal, UrlVerifier as _,
};
use storage_core::{ErrorKind, ObjectKey};

use crate::signed_url::{BaseUrl, Signer, SigningKey};

/// A key, a content type, metadata, the name and the beginning of a further field, the name of a file, another key, and two numbers that
/// choose a change.
pub const SEEDS: &[&[u8]] = &[
    "uploads/u1\0image/png\0Jürgen\0note\0a\0cat.png\0uploads/u1/x/${filename}\x0041\x007".as_bytes(),
    b"u\0\0\0x-amz-meta-user\0u-\0../../x\0u/../x\x000\x001",
    b"a/${filename}\0image/\0 \0X-Amz-Meta-M\0\0..\0uploads\x009\x000",
    b"a\0text/plain\0b\0x-storage-signature\0\0C:\\x\\y.z\0a//b\x00200\x003",
];

const PATH: &str = "/files/photos";

/// Fields separated by NUL, which no key has.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split('\0');
    let mut next = || parts.next().unwrap_or_default();
    let (key, content_type, metadata, name, beginning) = (next(), next(), next(), next(), next());
    let (file_name, chosen) = (next(), next());
    let (place, change) = (next().parse().unwrap_or(0_usize), next().parse().unwrap_or(0_u8));
    let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_764_000_000));
    let key_of_store = SigningKey::given(b"0123456789abcdef").unwrap();
    let signer = Signer::new("photos", BaseUrl::default(), key_of_store, MAX_EXPIRY, clock);

    // Whoever knows no signature is granted nothing.
    let guessed = [("key", chosen), ("policy", content_type), ("x-storage-signature", metadata)];
    let guessed = guessed.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert!(signer.verify_form(PATH, &guessed, file_name).is_err());

    let Ok(key) = ObjectKey::new(key) else { return };
    let mut options = FormOptions::new().metadata("m", metadata).max_length(place as u64);
    options.attributes.content_type = Some(content_type.to_owned()).filter(|value| !value.is_empty());
    if let Ok(form) = signer.upload_form(&FormKey::Exact(key.clone()), &options) {
        let grant = signer.verify_form(PATH, &form.fields, file_name).unwrap();
        let terms = grant.upload.unwrap();
        assert_eq!((grant.key, terms.put.attributes), (key.clone(), options.attributes.clone()));
        assert_eq!((terms.min_length, terms.max_length), (0, place as u64));
        refused(&signer, &form, file_name, place, change);
    }
    if !name.is_empty() {
        options = options.field_prefix(name, beginning);
    }
    match signer.upload_form(&FormKey::Below(key.clone()), &options) {
        Ok(form) => below(&signer, &key, form, file_name, (name, beginning), chosen),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported), "{error}");
        }
    }
}

/// One character of one value less, more or other, somewhere.
fn refused(signer: &Signer, form: &UploadForm, file_name: &str, place: usize, change: u8) {
    let at = place % form.fields.len();
    let value: Vec<char> = form.fields[at].1.chars().collect();
    let split = place.checked_rem(value.len()).unwrap_or(0);
    let (before, after) = value.split_at(split);
    let other = char::from(0x20 + change % 0x5f);
    let tails = [after, after.get(1..).unwrap_or_default()];
    let changed = tails.iter().flat_map(|tail| {
        [&[][..], &[other]].map(|middle| [before, middle, tail].concat().into_iter().collect::<String>())
    });
    for changed in changed.filter(|changed| *changed != form.fields[at].1) {
        let mut fields = form.fields.clone();
        fields[at].1 = changed;
        assert!(signer.verify_form(PATH, &fields, file_name).is_err(), "{:?}", fields[at]);
    }
    let mut twice = form.fields.clone();
    twice.push(form.fields[at].clone());
    assert_eq!(signer.verify_form(PATH, &twice, file_name), Err(UrlRefusal::FieldMismatch));
}

/// Whatever is chosen, the key is below the prefix and the field begins as it must.
fn below(
    signer: &Signer,
    prefix: &ObjectKey,
    form: UploadForm,
    file_name: &str,
    field: (&str, &str),
    chosen: &str,
) {
    let mut fields = form.fields;
    if !field.0.is_empty() && !fields.iter().any(|(name, _)| name.eq_ignore_ascii_case(field.0)) {
        fields.push((field.0.to_owned(), field.1.to_owned()));
    }
    let is_below = |fields: &[(String, String)]| {
        let Ok(grant) = signer.verify_form(PATH, fields, file_name) else { return };
        let rest = grant.key.as_str().strip_prefix(prefix.as_str()).unwrap();
        assert!(rest.len() > 1 && rest.starts_with('/'), "{} for {prefix}", grant.key);
    };
    is_below(&fields);
    for (name, value) in &mut fields {
        if name == "key" {
            chosen.clone_into(value);
        }
    }
    is_below(&fields);
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("signed_forms", run, SEEDS);
}
