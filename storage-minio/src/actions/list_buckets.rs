//! [ListBuckets](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html)

use storage_core::Result;

use super::xml::Xml;
use crate::client::Answer;

/// The names, in order.
pub(crate) fn answer(answer: &Answer) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut xml = Xml::open_as(&answer.document, "ListAllMyBucketsResult")?;
    while let Some(name) = xml.child()? {
        if name != "Buckets" {
            xml.skip()?;
            continue;
        }
        while xml.child()?.is_some() {
            while let Some(name) = xml.child()? {
                match name {
                    "Name" => names.push(xml.text()?.into_owned()),
                    _ => xml.skip()?,
                }
            }
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn names_in_order() {
        let document = "<ListAllMyBucketsResult><Owner><ID>x</ID></Owner><Buckets><Bucket><Name>b</Name><CreationDate>2026-01-01T00:00:00Z\
                        </CreationDate></Bucket><Bucket><Name>a</Name></Bucket></Buckets></ListAllMyBucketsResult>";
        assert_eq!(answer(&sample::answer(200, &[], document)).unwrap(), ["a", "b"]);
    }
}
