//! [ListMultipartUploads](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html)

use http::Method;
use percent_encoding::percent_decode_str;
use storage_core::Result;
use storage_core::admin::UnfinishedUpload;
use storage_core::backend::calendar::parse_rfc3339;
use storage_core::key::RawKey;

use super::xml::{Xml, garbled};
use crate::client::{Answer, Request};

/// Where the next page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Markers {
    pub(crate) key: String,
    pub(crate) upload: String,
}

/// Keys are asked for as they are: SeaweedFS 4.48 leaves a `+` alone where it says that it encodes.
pub(crate) fn request(prefix: &str, after: Option<&Markers>) -> Request {
    let markers = after
        .into_iter()
        .flat_map(|after| [("key-marker", after.key.as_str()), ("upload-id-marker", after.upload.as_str())]);
    let prefix = Some(("prefix", prefix)).filter(|(_, prefix)| !prefix.is_empty());
    Request::bucket(Method::GET).query([("uploads", "")].into_iter().chain(prefix).chain(markers))
}

pub(crate) fn answer(answer: &Answer) -> Result<(Vec<UnfinishedUpload>, Option<Markers>)> {
    let mut xml = Xml::open_as(&answer.document, "ListMultipartUploadsResult")?;
    let (mut uploads, mut markers) = (Vec::new(), Markers::default());
    let (mut truncated, mut encoded) = (false, false);
    while let Some(name) = xml.child()? {
        match name {
            "IsTruncated" => truncated = xml.text()? == "true",
            "EncodingType" => encoded = xml.text()? == "url",
            "NextKeyMarker" => markers.key = xml.text()?.into_owned(),
            "NextUploadIdMarker" => markers.upload = xml.text()?.into_owned(),
            "Upload" => uploads.push(upload(&mut xml)?),
            _ => xml.skip()?,
        }
    }
    if encoded {
        markers.key = decoded(&markers.key)?;
        for (key, _, _) in &mut uploads {
            *key = decoded(key)?;
        }
    }
    let uploads = uploads.into_iter().map(|(key, id, started)| {
        UnfinishedUpload::new(RawKey::new(key), id).with_started(parse_rfc3339(&started))
    });
    Ok((uploads.collect(), truncated.then_some(markers)))
}

fn upload(xml: &mut Xml<'_>) -> Result<(String, String, String)> {
    let (mut key, mut id, mut started) = (String::new(), String::new(), String::new());
    while let Some(name) = xml.child()? {
        match name {
            "Key" => key = xml.text()?.into_owned(),
            "UploadId" => id = xml.text()?.into_owned(),
            "Initiated" => started = xml.text()?.into_owned(),
            _ => xml.skip()?,
        }
    }
    Ok((key, id, started))
}

/// Spaces are written as `+`, as forms have it.
fn decoded(key: &str) -> Result<String> {
    let key = key.replace('+', " ");
    let decoded = percent_decode_str(&key).decode_utf8().map_err(|_| garbled("a key is not UTF-8"))?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn a_page_and_the_next() {
        let document = "<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
                        <NextKeyMarker>a%2Fb</NextKeyMarker><NextUploadIdMarker>u2</NextUploadIdMarker>\
                        <Upload><Key>a%2Fb+c</Key><UploadId>u1</UploadId><Initiated>1970-01-01T00:00:10.000Z</Initiated></Upload>\
                        </ListMultipartUploadsResult>";
        let (uploads, next) = answer(&sample::answer(200, &[], document)).unwrap();
        assert_eq!((uploads[0].key.as_str(), uploads[0].id.as_str()), ("a/b c", "u1"));
        assert_eq!(uploads[0].started, Some(std::time::UNIX_EPOCH + std::time::Duration::from_secs(10)));
        let next = next.unwrap();
        assert_eq!((next.key.as_str(), next.upload.as_str()), ("a/b", "u2"));
        assert_eq!(
            request("p/", Some(&next)).query.as_str(),
            "key-marker=a%2Fb&prefix=p%2F&upload-id-marker=u2&uploads="
        );
    }
}
