//! URLs of stores and their options: whatever they are, they are taken or refused, and no secret is shown.

use crate::from_url;

/// A URL, and options behind bytes that no UTF-8 has.
pub const SEEDS: &[&[u8]] = &[
    b"s3://bucket/prefix\xffaws_region\xffeu-west-1\xffaws_endpoint\xffhttp://localhost:9000\xffallow_http\xfftrue",
    b"gs://bucket\xffgoogle_skip_signature\xfftrue\xffpart_size\xff5242880",
    b"az://container/a//b\xffazure_storage_account_name\xffa\xffazure_storage_account_key\xffc2VjcmV0",
    b"https://account.r2.cloudflarestorage.com/b\xffconditional_writes\xfffalse",
    b"abfss://c@a.dfs.core.windows.net/\xffpublic_base_url\xffhttps://cdn.example.org",
    b"memory:///../\xffheld_limit\xff-1",
];

const SECRET: &str = "hunter2hunter2";

/// Takes the input for a URL and options, and adds one that is secret.
pub fn run(data: &[u8]) {
    let mut fields = data.split(|byte| *byte == 0xff).map(String::from_utf8_lossy);
    let url = fields.next().unwrap_or_default();
    // It would make a folder.
    if url.trim().to_ascii_lowercase().starts_with("file") || url.contains(SECRET) {
        return;
    }
    let mut described = from_url(url).option("aws_secret_access_key", SECRET);
    while let (Some(name), Some(value)) = (fields.next(), fields.next()) {
        // They name a file to be read.
        if !name.to_ascii_lowercase().contains("service_account")
            && !name.to_ascii_lowercase().contains("credentials")
        {
            described = described.option(name, value);
        }
    }
    let shown = format!("{described:?}");
    let shown = match described.build() {
        Ok(store) => format!("{shown}{store:?}{}", store.name()),
        Err(error) => format!("{shown}{error:?}{error}"),
    };
    assert!(!shown.contains(SECRET), "{shown}");
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("store_urls", run, SEEDS);
}
