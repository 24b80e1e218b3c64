//! Uploads that somebody else does, by a signed URL or a form.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use storage_core::capability::Ability;
use storage_core::options::{CustomerKey, PutMode, ServerSideEncryption};
use storage_core::url::{
    FormKey, FormOptions, FormSuccess, MAX_EXPIRY, MAX_FORM_BYTES, MIN_EXPIRY, SignedUpload, UploadForm,
    UploadOptions, UploadSigner, UploadTerms, UrlMethod, UrlRefusal, UrlVerifier,
};
use storage_core::{Body, ErrorKind, PutOptions};

use super::urls::{NO_VERIFIER, is_encoded, odd_keys, request_target};
use crate::case::{Case, case};
use crate::outcome::{Outcome, Stop, ensure, ensure_eq, refused, refused_as};
use crate::sandbox::Sandbox;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(urls_are_encoded),
        case!(headers_can_be_sent),
        case!(forms_say_what_they_are_for),
        case!(are_signed_without_a_runtime),
        case!(expiry_at_its_bounds),
        case!(expiry_out_of_bounds_is_refused),
        case!(options_out_of_bounds_are_refused),
        case!(options_that_the_store_cannot_honour_are_refused),
        case!(conditions_that_cannot_hold_are_refused),
        case!(a_url_grants_what_was_signed),
        case!(a_url_with_other_headers_is_refused),
        case!(a_changed_url_is_refused),
        case!(a_form_grants_what_was_signed),
        case!(a_form_stays_below_its_prefix),
        case!(a_changed_form_is_refused),
        case!(expired_ones_are_refused),
    ]
}

const NO_SIGNER: &str = "needs: a store that signs uploads";

fn signer(store: &Sandbox) -> Outcome<&dyn UploadSigner> {
    store.upload_signer().ok_or_else(|| Stop::cannot_run(NO_SIGNER))
}

fn verifier(store: &Sandbox) -> Outcome<&dyn UrlVerifier> {
    signer(store)?;
    store.url_verifier().ok_or_else(|| Stop::cannot_run(NO_VERIFIER))
}

fn put_options(store: &Sandbox) -> PutOptions {
    match store.capabilities().has(Ability::Attributes) {
        true => {
            PutOptions::new().content_type("image/png").metadata("author", "Jürgen  Ä").metadata("a", "b c")
        }
        false => PutOptions::new(),
    }
}

fn form_options(store: &Sandbox) -> FormOptions {
    let options = FormOptions::new().expires_in(Duration::from_secs(60)).min_length(1).max_length(1_000);
    match store.capabilities().has(Ability::Attributes) {
        true => options.content_type("image/png").metadata("author", "me"),
        false => options,
    }
}

async fn urls_are_encoded(store: Sandbox) -> Outcome {
    for key in odd_keys(&store)? {
        let upload = signer(&store)?.upload_url(&key, &UploadOptions::new().put(put_options(&store)))?;
        ensure_eq!(upload.method, "PUT", "method");
        is_encoded(&upload.url, &key)?;
    }
    Ok(())
}

async fn headers_can_be_sent(store: Sandbox) -> Outcome {
    let options = UploadOptions::new().content_length(7).put(put_options(&store));
    let upload = signer(&store)?.upload_url(&store.key("a")?, &options)?;
    ensure_eq!(upload.content_length, Some(7), "length");
    for (name, value) in &upload.headers {
        ensure!(
            !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("host"),
            "a script may not set {name}"
        );
        ensure!(
            !value.is_empty() && value.bytes().all(|byte| (0x20..0x7f).contains(&byte)),
            "the value of {name} is not what every client can send: {value:?}"
        );
    }
    if store.capabilities().has(Ability::Attributes) {
        let sent = sent(&upload)?;
        for name in ["content-type", "x-amz-meta-a", "x-amz-meta-author"] {
            ensure!(sent.contains_key(name), "nobody is told to send {name}");
        }
    }
    Ok(())
}

/// The headers of a client that does as it is told.
fn sent(upload: &SignedUpload) -> Outcome<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in &upload.headers {
        headers.insert(name.parse::<HeaderName>()?, HeaderValue::from_str(value)?);
    }
    if let Some(length) = upload.content_length {
        headers.insert("content-length", length.into());
    }
    Ok(headers)
}

async fn forms_say_what_they_are_for(store: Sandbox) -> Outcome {
    for (key, field) in [
        (FormKey::Exact(store.key("a/b")?), store.path("a/b")),
        (FormKey::Below(store.key("a")?), store.path("a/${filename}")),
    ] {
        let form = signer(&store)?.upload_form(&key, &form_options(&store))?;
        ensure_eq!(form.method, "POST", "method");
        ensure_eq!(form.key, key, "key");
        let last = form.field("key").unwrap_or_default();
        ensure!(last.ends_with(&field), "the field `key` is `{last}`, not `{field}`");
        ensure!(form.field("policy").is_some(), "the form has no conditions");
        let url = form.url.as_str();
        ensure!(url.bytes().all(|byte| byte.is_ascii_graphic()), "`{url}` is not encoded");
    }
    Ok(())
}

async fn are_signed_without_a_runtime(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let thread = std::thread::spawn(move || {
        signer(&store)?.upload_url(&key, &UploadOptions::new())?;
        signer(&store)?.upload_form(&FormKey::Exact(key), &FormOptions::new())?;
        Ok(())
    });
    thread.join().map_err(|_| Stop::failed("signing an upload outside a runtime panics"))?
}

async fn expiry_at_its_bounds(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    for expiry in [MIN_EXPIRY, Duration::from_millis(1_500), MAX_EXPIRY] {
        signer(&store)?.upload_url(&key, &UploadOptions::new().expires_in(expiry))?;
        let key = FormKey::Exact(key.clone());
        signer(&store)?.upload_form(&key, &FormOptions::new().expires_in(expiry))?;
    }
    Ok(())
}

async fn expiry_out_of_bounds_is_refused(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let second = Duration::from_secs(1);
    for expiry in [Duration::ZERO, second / 2, MAX_EXPIRY + second, Duration::MAX] {
        let url = signer(&store)?.upload_url(&key, &UploadOptions::new().expires_in(expiry));
        refused(url, ErrorKind::InvalidInput)?;
        let options = FormOptions::new().expires_in(expiry);
        let form = signer(&store)?.upload_form(&FormKey::Exact(key.clone()), &options);
        refused(form, ErrorKind::InvalidInput)?;
    }
    Ok(())
}

async fn options_out_of_bounds_are_refused(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    for put in [
        PutOptions::new().content_type("a\r\nX-Evil: 1"),
        PutOptions::new().content_disposition("attachment; filename=\"ü\""),
        PutOptions::new().metadata("a b", "c"),
        PutOptions::new().metadata("a", "x\0"),
        PutOptions::new().metadata("a", "x".repeat(2_000)),
        PutOptions::new().tag("", "x"),
        PutOptions::new().storage_class("a b"),
    ] {
        let mut form = FormOptions::new();
        form.attributes = put.attributes.clone();
        let has_attributes = form != FormOptions::new();
        // Of a bad storage class, either may be said first where there are none.
        let has_none = put.storage_class.is_some() && !store.capabilities().has(Ability::StorageClass);
        let kinds = [ErrorKind::InvalidInput, ErrorKind::Unsupported];
        let kinds = if has_none { &kinds[..] } else { &kinds[..1] };
        refused_as(signer(&store)?.upload_url(&key, &UploadOptions::new().put(put)), kinds)?;
        if has_attributes {
            let form = signer(&store)?.upload_form(&FormKey::Exact(key.clone()), &form);
            refused(form, ErrorKind::InvalidInput)?;
        }
    }
    Ok(())
}

async fn options_that_the_store_cannot_honour_are_refused(store: Sandbox) -> Outcome {
    let key = store.key("a")?;
    let customer = ServerSideEncryption::Customer(CustomerKey::new([7; 32]));
    let options = UploadOptions::new().put(PutOptions::new().encryption(customer));
    refused_as(
        signer(&store)?.upload_url(&key, &options),
        &[ErrorKind::InvalidInput, ErrorKind::Unsupported],
    )?;
    let demanding = [
        (Ability::ServerSideEncryption, PutOptions::new().encryption(ServerSideEncryption::Managed)),
        (Ability::StorageClass, PutOptions::new().storage_class("STANDARD_IA")),
        (Ability::Tags, PutOptions::new().tag("a", "b")),
        (Ability::Attributes, PutOptions::new().metadata("a", "b")),
        (Ability::CreateIfAbsent, PutOptions::new().mode(PutMode::Create)),
        (Ability::PutIfMatch, PutOptions::new().mode(PutMode::IfMatch("abc".into()))),
    ];
    for (ability, put) in demanding {
        let upload = signer(&store)?.upload_url(&key, &UploadOptions::new().put(put));
        match store.capabilities().has(ability) {
            true => drop(upload?),
            false => drop(refused(upload, ErrorKind::Unsupported)?),
        }
    }
    Ok(())
}

async fn conditions_that_cannot_hold_are_refused(store: Sandbox) -> Outcome {
    let key = FormKey::Exact(store.key("a")?);
    for options in [
        FormOptions::new().min_length(2).max_length(1),
        FormOptions::new().max_length(MAX_FORM_BYTES + 1),
        FormOptions::new().content_type("text/plain").content_type_prefix("image/"),
        FormOptions::new().content_type_prefix("image/\n"),
        FormOptions::new().field("x-amz-meta-a", "b").field_prefix("x-amz-meta-a", "c"),
        FormOptions::new().field("x-amz-meta-a", "b\0"),
        FormOptions::new().field("policy", "x"),
        FormOptions::new().success(FormSuccess::Redirect("/done".to_owned())),
    ] {
        refused(signer(&store)?.upload_form(&key, &options), ErrorKind::InvalidInput)?;
    }
    Ok(())
}

async fn a_url_grants_what_was_signed(store: Sandbox) -> Outcome {
    let verifier = verifier(&store)?;
    for key in odd_keys(&store)? {
        let options = UploadOptions::new().content_length(5).put(put_options(&store));
        let upload = signer(&store)?.upload_url(&key, &options)?;
        let grant = verifier.verify_url("PUT", request_target(&upload.url), &sent(&upload)?)?;
        ensure_eq!(grant.key, key, "key");
        ensure_eq!(grant.method, UrlMethod::Put, "method");
        ensure!(grant.expires_at.is_some(), "the upload never expires");
        let terms = grant.upload.ok_or_else(|| Stop::failed("the grant says nothing of the upload"))?;
        ensure_eq!(terms, UploadTerms::new(options.put).with_length(5, 5), "terms");
        store.put(&key, Body::from_bytes("12345"), terms.put).await?;
        store.holds(&key, b"12345").await?;
        ensure_eq!(
            store.stat(&key).await?.attributes.metadata,
            put_options(&store).attributes.metadata,
            "metadata"
        );
    }
    Ok(())
}

async fn a_url_with_other_headers_is_refused(store: Sandbox) -> Outcome {
    let verifier = verifier(&store)?;
    let options = UploadOptions::new().content_length(5).put(put_options(&store));
    let upload = signer(&store)?.upload_url(&store.key("a")?, &options)?;
    let right = sent(&upload)?;
    ensure!(right.contains_key("content-length"), "the length that was asked for is not demanded");
    let target = request_target(&upload.url);
    verifier.verify_url("PUT", target, &right)?;
    for name in right.keys() {
        let mut without = right.clone();
        without.remove(name);
        let mut other = right.clone();
        other.insert(name, HeaderValue::from_static("6"));
        let mut twice = right.clone();
        twice.append(name, right[name].clone());
        for headers in [without, other, twice] {
            let verdict = verifier.verify_url("PUT", target, &headers);
            ensure_eq!(verdict, Err(UrlRefusal::HeaderMismatch), "with {name} changed");
        }
    }
    let mut more = right;
    more.insert("x-amz-meta-more", HeaderValue::from_static("1"));
    let verdict = verifier.verify_url("PUT", target, &more);
    ensure_eq!(verdict, Err(UrlRefusal::HeaderMismatch), "with metadata that nobody signed");
    Ok(())
}

async fn a_changed_url_is_refused(store: Sandbox) -> Outcome {
    let verifier = verifier(&store)?;
    let (key, other) = (store.key("a")?, store.key("b")?);
    let options = UploadOptions::new().content_length(5).put(put_options(&store));
    let upload = signer(&store)?.upload_url(&key, &options)?;
    let (target, headers) = (request_target(&upload.url), sent(&upload)?);
    for method in ["GET", "HEAD", "DELETE", "POST"] {
        let verdict = verifier.verify_url(method, target, &headers);
        ensure!(verdict.is_err(), "a URL to upload to is good for {method}");
    }
    for changed in [
        target.replacen(key.as_str(), other.as_str(), 1),
        target.replacen("content-length=5", "content-length=6", 1),
        format!("/x{target}"),
        format!("{target}0"),
        format!("{target}&x=1"),
        target[..target.len() - 1].to_owned(),
    ] {
        ensure!(changed != target, "`{target}` does not say what it is for");
        let mut headers = headers.clone();
        if changed.contains("content-length=6") {
            headers.insert("content-length", HeaderValue::from_static("6"));
        }
        ensure!(
            verifier.verify_url("PUT", &changed, &headers).is_err(),
            "`{changed}` is taken for `{target}`"
        );
    }
    Ok(())
}

async fn a_form_grants_what_was_signed(store: Sandbox) -> Outcome {
    let verifier = verifier(&store)?;
    let key = store.key("a")?;
    let redirect = FormSuccess::Redirect("https://example.org/done".to_owned());
    for success in [FormSuccess::NoContent, FormSuccess::Ok, FormSuccess::Created, redirect] {
        let options = form_options(&store).success(success.clone());
        let form = signer(&store)?.upload_form(&FormKey::Exact(key.clone()), &options)?;
        let grant = verifier.verify_form(request_target(&form.url), &form.fields, "cat.png")?;
        ensure_eq!(grant.key, key, "key");
        let wanted = UploadTerms::new(PutOptions::new().attributes(options.attributes))
            .with_length(1, 1_000)
            .with_success(success);
        let terms = grant.upload.ok_or_else(|| Stop::failed("the grant says nothing of the upload"))?;
        ensure_eq!(terms, wanted, "terms");
        store.put(&key, Body::from_bytes("12345"), terms.put).await?;
        store.holds(&key, b"12345").await?;
    }
    Ok(())
}

async fn a_form_stays_below_its_prefix(store: Sandbox) -> Outcome {
    let verifier = verifier(&store)?;
    let form = signer(&store)?.upload_form(&FormKey::Below(store.key("u")?), &form_options(&store))?;
    let verify = |form: &UploadForm, name: &str| {
        let grant = verifier.verify_form(request_target(&form.url), &form.fields, name)?;
        Ok::<_, UrlRefusal>(grant.key)
    };
    ensure_eq!(verify(&form, "cat ü.png")?, store.key("u/cat ü.png")?, "key");
    for name in ["/etc/x.png", "C:\\temp\\x.png", "../../x.png"] {
        ensure_eq!(verify(&form, name)?, store.key("u/x.png")?, "key of `{name}`");
    }
    for name in ["", ".", "..", "a/", "a\0"] {
        ensure_eq!(verify(&form, name), Err(UrlRefusal::FieldMismatch), "a file named {name:?}");
    }
    let chosen = form.field("key").unwrap_or_default().to_owned();
    for other in [chosen.replace("/u/", "/v/"), chosen.replace("/u/", "/u/../"), chosen.replace("/u/", "/u")]
    {
        let mut form = form.clone();
        for (name, value) in &mut form.fields {
            if name == "key" {
                value.clone_from(&other);
            }
        }
        ensure!(verify(&form, "x").is_err(), "a form for `{chosen}` is good for `{other}`");
    }
    Ok(())
}

async fn a_changed_form_is_refused(store: Sandbox) -> Outcome {
    let verifier = verifier(&store)?;
    let form = signer(&store)?.upload_form(&FormKey::Exact(store.key("a")?), &form_options(&store))?;
    let path = request_target(&form.url);
    let is_refused =
        |path: &str, fields: &[(String, String)]| verifier.verify_form(path, fields, "a").is_err();
    ensure!(!is_refused(path, &form.fields), "a form is refused as it was signed");
    ensure!(is_refused(&format!("/x{path}"), &form.fields), "a form is good for another path");
    for at in 0..form.fields.len() {
        let name = &form.fields[at].0;
        let mut less = form.fields.clone();
        less.remove(at);
        ensure!(is_refused(path, &less), "a form is good without `{name}`");
        let mut longer = form.fields.clone();
        longer[at].1.push('x');
        ensure!(is_refused(path, &longer), "a form is good with another `{name}`");
        let mut twice = form.fields.clone();
        twice.push(form.fields[at].clone());
        ensure!(is_refused(path, &twice), "a form is good with `{name}` twice");
    }
    let more = [&form.fields[..], &[("x-amz-meta-more".to_owned(), "1".to_owned())]].concat();
    ensure!(is_refused(path, &more), "a form is good with a field that nobody signed");
    Ok(())
}

async fn expired_ones_are_refused(store: Sandbox) -> Outcome {
    let verifier = verifier(&store)?;
    let key = store.key("a")?;
    let upload = signer(&store)?.upload_url(&key, &UploadOptions::new().expires_in(MIN_EXPIRY))?;
    let form =
        signer(&store)?.upload_form(&FormKey::Exact(key), &form_options(&store).expires_in(MIN_EXPIRY))?;
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let verdict = verifier.verify_url("PUT", request_target(&upload.url), &sent(&upload)?);
    ensure_eq!(verdict, Err(UrlRefusal::Expired), "a URL after two seconds");
    let verdict = verifier.verify_form(request_target(&form.url), &form.fields, "a");
    ensure_eq!(verdict, Err(UrlRefusal::Expired), "a form after two seconds");
    Ok(())
}
