//! [GetBucketCors](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html) and its PUT.

use std::fmt::Write as _;
use std::time::Duration;

use storage_core::Result;
use storage_core::admin::CorsRule;

use super::xml::{Xml, escape, garbled};
use crate::client::Answer;

pub(crate) fn answer(answer: &Answer) -> Result<Vec<CorsRule>> {
    let mut rules = Vec::new();
    let mut xml = Xml::open_as(&answer.document, "CORSConfiguration")?;
    while let Some(name) = xml.child()? {
        match name {
            "CORSRule" => rules.push(rule(&mut xml)?),
            _ => xml.skip()?,
        }
    }
    Ok(rules)
}

fn rule(xml: &mut Xml<'_>) -> Result<CorsRule> {
    let mut rule = CorsRule::default();
    while let Some(name) = xml.child()? {
        let text = xml.text()?.into_owned();
        match name {
            "ID" => rule.id = Some(text).filter(|id| !id.is_empty()),
            "AllowedOrigin" => rule.allowed_origins.push(text),
            "AllowedMethod" => rule.allowed_methods.push(text),
            "AllowedHeader" => rule.allowed_headers.push(text),
            "ExposeHeader" => rule.exposed_headers.push(text),
            "MaxAgeSeconds" => {
                let seconds = text.trim().parse().map_err(|_| garbled("`MaxAgeSeconds` is no number"))?;
                rule.max_age = Some(Duration::from_secs(seconds));
            }
            _ => {}
        }
    }
    Ok(rule)
}

pub(crate) fn document(rules: &[CorsRule]) -> String {
    let mut document = String::from("<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for rule in rules {
        document.push_str("<CORSRule>");
        let elements = [
            ("ID", rule.id.as_slice()),
            ("AllowedOrigin", &rule.allowed_origins),
            ("AllowedMethod", &rule.allowed_methods),
            ("AllowedHeader", &rule.allowed_headers),
            ("ExposeHeader", &rule.exposed_headers),
        ];
        for (name, values) in elements {
            for value in values {
                let _ = write!(document, "<{name}>{}</{name}>", escape(value));
            }
        }
        if let Some(age) = rule.max_age {
            let _ = write!(document, "<MaxAgeSeconds>{}</MaxAgeSeconds>", age.as_secs());
        }
        document.push_str("</CORSRule>");
    }
    document.push_str("</CORSConfiguration>");
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn what_is_written_reads_back() {
        let rules = [CorsRule::direct_uploads(["https://a.example"]), CorsRule::default()];
        assert_eq!(answer(&sample::answer(200, &[], &document(&rules))).unwrap(), rules);
        let broken =
            "<CORSConfiguration><CORSRule><MaxAgeSeconds>x</MaxAgeSeconds></CORSRule></CORSConfiguration>";
        answer(&sample::answer(200, &[], broken)).unwrap_err();
    }
}
