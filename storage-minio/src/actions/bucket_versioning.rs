//! [GetBucketVersioning](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html) and its PUT.

use storage_core::admin::Versioning;
use storage_core::{Error, Result};

use super::xml::Xml;
use crate::client::Answer;

pub(crate) fn answer(answer: &Answer) -> Result<Versioning> {
    let mut versioning = Versioning::Off;
    let mut xml = Xml::open_as(&answer.document, "VersioningConfiguration")?;
    while let Some(name) = xml.child()? {
        if name != "Status" {
            xml.skip()?;
            continue;
        }
        versioning = match &*xml.text()? {
            "Enabled" => Versioning::Enabled,
            "Suspended" => Versioning::Suspended,
            _ => Versioning::Off,
        };
    }
    Ok(versioning)
}

/// # Errors
///
/// `InvalidInput` for what cannot be set.
pub(crate) fn document(versioning: Versioning) -> Result<String> {
    let status = match versioning {
        Versioning::Enabled => "Enabled",
        Versioning::Suspended => "Suspended",
        _ => return Err(Error::invalid_input("versioning can be enabled and suspended, never undone")),
    };
    Ok(format!(
        "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>{status}</Status></VersioningConfiguration>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    #[test]
    fn what_is_written_reads_back() {
        for versioning in [Versioning::Enabled, Versioning::Suspended] {
            let document = document(versioning).unwrap();
            assert_eq!(answer(&sample::answer(200, &[], &document)).unwrap(), versioning);
        }
        document(Versioning::Off).unwrap_err();
        let never = sample::answer(200, &[], "<VersioningConfiguration/>");
        assert_eq!(answer(&never).unwrap(), Versioning::Off);
    }
}
