//! [GetBucketLifecycleConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html) and its PUT.

use std::fmt::Write as _;

use storage_core::Result;
use storage_core::admin::{Lifecycle, LifecycleRule};

use super::xml::{Xml, escape};
use crate::client::Answer;

/// Rules that say more than ours can are kept as they were written.
pub(crate) fn answer(answer: &Answer) -> Result<Lifecycle> {
    let mut lifecycle = Lifecycle::default();
    let mut xml = Xml::open_as(&answer.document, "LifecycleConfiguration")?;
    while let Some(name) = xml.child()? {
        if name != "Rule" {
            xml.skip()?;
            continue;
        }
        let written = xml.inside()?;
        let document = format!("<Rule>{written}</Rule>");
        match rule(&mut Xml::open_as(document.as_bytes(), "Rule")?)? {
            Some(rule) => lifecycle.rules.push(rule),
            None => lifecycle.foreign.push(written.to_owned()),
        }
    }
    Ok(lifecycle)
}

/// `None` for a rule that says more.
fn rule(xml: &mut Xml<'_>) -> Result<Option<LifecycleRule>> {
    let mut rule = LifecycleRule::new("");
    let mut is_ours = true;
    while let Some(name) = xml.child()? {
        match name {
            "ID" => rule.id = xml.text()?.into_owned(),
            "Status" => rule.enabled = xml.text()? == "Enabled",
            "Prefix" => rule.prefix = xml.text()?.into_owned(),
            "Filter" => {
                while let Some(name) = xml.child()? {
                    if name == "Prefix" {
                        rule.prefix = xml.text()?.into_owned();
                    } else {
                        xml.skip()?;
                        is_ours = false;
                    }
                }
            }
            "Expiration" => rule.expire_after_days = days(xml, "Days", &mut is_ours)?,
            "AbortIncompleteMultipartUpload" => {
                rule.abort_uploads_after_days = days(xml, "DaysAfterInitiation", &mut is_ours)?;
            }
            _ => {
                xml.skip()?;
                is_ours = false;
            }
        }
    }
    Ok(is_ours.then_some(rule))
}

fn days(xml: &mut Xml<'_>, wanted: &str, is_ours: &mut bool) -> Result<Option<u32>> {
    let mut days = None;
    while let Some(name) = xml.child()? {
        let text = xml.text()?;
        match text.trim().parse() {
            Ok(number) if name == wanted => days = Some(number),
            // Some servers write what is not set.
            _ if name == "ExpiredObjectDeleteMarker" && text == "false" => {}
            _ => *is_ours = false,
        }
    }
    Ok(days)
}

pub(crate) fn document(lifecycle: &Lifecycle) -> String {
    let mut document =
        String::from("<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for rule in &lifecycle.rules {
        let status = if rule.enabled { "Enabled" } else { "Disabled" };
        let (id, prefix) = (escape(&rule.id), escape(&rule.prefix));
        let _ = write!(
            document,
            "<Rule><ID>{id}</ID><Filter><Prefix>{prefix}</Prefix></Filter><Status>{status}</Status>"
        );
        if let Some(days) = rule.expire_after_days {
            let _ = write!(document, "<Expiration><Days>{days}</Days></Expiration>");
        }
        if let Some(days) = rule.abort_uploads_after_days {
            let _ = write!(
                document,
                "<AbortIncompleteMultipartUpload><DaysAfterInitiation>{days}</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
            );
        }
        document.push_str("</Rule>");
    }
    for rule in &lifecycle.foreign {
        let _ = write!(document, "<Rule>{rule}</Rule>");
    }
    document.push_str("</LifecycleConfiguration>");
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;

    fn read(rules: &str) -> Lifecycle {
        let document = format!("<LifecycleConfiguration>{rules}</LifecycleConfiguration>");
        answer(&sample::answer(200, &[], &document)).unwrap()
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut lifecycle = Lifecycle::default();
        lifecycle.set(LifecycleRule::new("a & b").prefix("uploads/").expire_after_days(1));
        lifecycle.set(LifecycleRule::new("c").abort_uploads_after_days(7));
        let foreign = "<ID>x</ID><Status>Enabled</Status><Filter><Tag><Key>k</Key></Tag></Filter>";
        lifecycle.foreign.push(foreign.into());
        let answer = answer(&sample::answer(200, &[], &document(&lifecycle))).unwrap();
        assert_eq!(answer, lifecycle);
    }

    #[test]
    fn other_forms_of_the_same_and_more_than_we_say() {
        let old = read(
            "<Rule><ID>o</ID><Prefix>p/</Prefix><Status>Disabled</Status><Expiration><Days>3</Days></Expiration></Rule>",
        );
        assert_eq!(old.rules, [LifecycleRule::new("o").prefix("p/").expire_after_days(3).disabled()]);
        for more in [
            "<Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration>",
            "<Transition><Days>1</Days></Transition>",
            "<Filter><And><Prefix>p</Prefix></And></Filter>",
            "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>",
        ] {
            let lifecycle = read(&format!("<Rule><ID>o</ID><Status>Enabled</Status>{more}</Rule>"));
            assert_eq!(lifecycle.foreign, [format!("<ID>o</ID><Status>Enabled</Status>{more}")]);
            assert!(lifecycle.rules.is_empty());
        }
        assert!(read("").is_empty());
    }
}
