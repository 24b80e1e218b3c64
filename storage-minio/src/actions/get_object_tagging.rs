//! [GetObjectTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html)

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, Method};
use storage_core::{ObjectKey, Result};

use super::headers;
use super::xml::Xml;
use crate::client::{Answer, Request};

const TAGGING_COUNT: HeaderName = HeaderName::from_static("x-amz-tagging-count");

/// Whether the headers of an object say that it has tags.
pub(crate) fn is_worth_asking(headers: &HeaderMap) -> bool {
    headers::text(headers, &TAGGING_COUNT).is_some_and(|count| count != "0")
}

pub(crate) fn request(key: &ObjectKey) -> Request {
    Request::object(Method::GET, key).query([("tagging", "")])
}

pub(crate) fn answer(answer: &Answer) -> Result<BTreeMap<String, String>> {
    let mut tags = BTreeMap::new();
    let mut xml = Xml::open_as(&answer.document, "Tagging")?;
    while let Some(name) = xml.child()? {
        if name != "TagSet" {
            xml.skip()?;
            continue;
        }
        while xml.child()?.is_some() {
            let (mut name, mut value) = (String::new(), String::new());
            while let Some(field) = xml.child()? {
                match field {
                    "Key" => name = xml.text()?.into_owned(),
                    "Value" => value = xml.text()?.into_owned(),
                    _ => xml.skip()?,
                }
            }
            tags.insert(name, value);
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn reads_every_tag() {
        assert_eq!(request(&sample::key()).query.as_str(), "tagging=");
        let document = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value/></Tag></TagSet></Tagging>";
        let tags = answer(&sample::answer(200, &[], document)).unwrap();
        assert_eq!(tags, BTreeMap::from([("a".into(), "1".into()), ("b".into(), String::new())]));
        assert!(answer(&sample::answer(200, &[], "<Tagging><TagSet><Tag><Key>a")).is_err());
    }
}
