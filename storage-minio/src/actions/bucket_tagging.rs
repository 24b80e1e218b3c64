//! [PutBucketTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html); its answer to a GET is that of an object's.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::xml::escape;

pub(crate) use super::get_object_tagging::answer;

pub(crate) fn document(tags: &BTreeMap<String, String>) -> String {
    let mut document = String::from("<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>");
    for (name, value) in tags {
        let _ = write!(document, "<Tag><Key>{}</Key><Value>{}</Value></Tag>", escape(name), escape(value));
    }
    document.push_str("</TagSet></Tagging>");
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn what_is_written_reads_back() {
        let tags = BTreeMap::from([("a".into(), "<&>".into()), ("b".into(), String::new())]);
        assert_eq!(answer(&sample::answer(200, &[], &document(&tags))).unwrap(), tags);
    }
}
