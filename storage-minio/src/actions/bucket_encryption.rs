//! [GetBucketEncryption](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html) and its PUT.

use storage_core::Result;
use storage_core::admin::DefaultEncryption;

use super::xml::{Xml, escape, garbled};
use crate::client::Answer;

pub(crate) fn answer(answer: &Answer) -> Result<Option<DefaultEncryption>> {
    let (mut algorithm, mut key) = (None, None);
    let mut xml = Xml::open_as(&answer.document, "ServerSideEncryptionConfiguration")?;
    // Rule > ApplyServerSideEncryptionByDefault > SSEAlgorithm, KMSMasterKeyID
    while xml.child()?.is_some() {
        while let Some(name) = xml.child()? {
            if name != "ApplyServerSideEncryptionByDefault" {
                xml.skip()?;
                continue;
            }
            while let Some(name) = xml.child()? {
                match name {
                    "SSEAlgorithm" => algorithm = Some(xml.text()?.into_owned()),
                    "KMSMasterKeyID" => key = Some(xml.text()?.into_owned()).filter(|key| !key.is_empty()),
                    _ => xml.skip()?,
                }
            }
        }
    }
    match algorithm.as_deref() {
        None => Ok(None),
        Some("AES256") => Ok(Some(DefaultEncryption::Managed)),
        Some("aws:kms" | "aws:kms:dsse") => Ok(Some(DefaultEncryption::Kms(key))),
        Some(_) => Err(garbled("its algorithm of encryption is not known")),
    }
}

pub(crate) fn document(encryption: &DefaultEncryption) -> String {
    let inside = match encryption {
        DefaultEncryption::Kms(key) => {
            let key = key.iter().map(|key| format!("<KMSMasterKeyID>{}</KMSMasterKeyID>", escape(key)));
            format!("<SSEAlgorithm>aws:kms</SSEAlgorithm>{}", key.collect::<String>())
        }
        _ => "<SSEAlgorithm>AES256</SSEAlgorithm>".to_owned(),
    };
    format!(
        "<ServerSideEncryptionConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule>\
         <ApplyServerSideEncryptionByDefault>{inside}</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn what_is_written_reads_back() {
        let ways = [
            DefaultEncryption::Managed,
            DefaultEncryption::Kms(None),
            DefaultEncryption::Kms(Some("k&".into())),
        ];
        for way in ways {
            assert_eq!(answer(&sample::answer(200, &[], &document(&way))).unwrap(), Some(way));
        }
    }
}
