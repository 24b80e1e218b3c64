#![allow(
    missing_docs,
    clippy::missing_errors_doc,
    clippy::inline_always,
    reason = "the macro makes items of its own, without these"
)]

use super::Statics;

/// A filter for askama: `{{ "css/site.css"|static_url(statics) }}`, where `statics` is a field of the template, a `&Statics`, and the
/// filter is in the template's `mod filters`. A name that there is no file for is an error of rendering.
#[askama::filter_fn]
pub fn static_url(
    name: impl AsRef<str>,
    _: &dyn askama::Values,
    statics: &Statics,
) -> askama::Result<String> {
    let url = statics.url(name.as_ref()).map_err(|unknown| askama::Error::Custom(Box::new(unknown)))?;
    Ok(url.into_owned())
}
