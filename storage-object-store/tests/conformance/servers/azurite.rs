//! Azurite, Microsoft's own emulator of Azure Blob Storage.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use storage_conformance::Suite;
use storage_core::{Result, Storage};
use storage_object_store::from_url;

use super::{Address, Gap, declare};

const CONTAINER: &str = "object-store";

pub(super) fn suite(address: Address) -> Suite {
    declare(
        Suite::new(move || {
            let storage = storage(&address);
            async move { storage }
        })
        .named("azure"),
        GAPS,
    )
}

fn storage(server: &Address) -> Result<Arc<dyn Storage>> {
    create_container(server)?;
    from_url(format!("az://{CONTAINER}"))
        .option("azure_storage_endpoint", format!("{}/{}", server.endpoint, server.access_key))
        .option("azure_storage_account_name", &server.access_key)
        .option("azure_storage_account_key", STANDARD.encode(&server.secret_key))
        .option("allow_http", "true")
        .build()
}

/// `object_store` makes no containers. Signed as
/// [Shared Key](https://learn.microsoft.com/en-us/rest/api/storageservices/authorize-with-shared-key) wants it.
fn create_container(server: &Address) -> Result<()> {
    let account = &server.access_key;
    let date = httpdate::fmt_http_date(std::time::SystemTime::now());
    let canonical = format!(
        "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:2021-08-06\n/{account}/{account}/{CONTAINER}\nrestype:container"
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(server.secret_key.as_bytes()).expect("a key of any length");
    mac.update(canonical.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let host = server.endpoint.trim_start_matches("http://");
    let mut connection = TcpStream::connect(host)?;
    write!(
        connection,
        "PUT /{account}/{CONTAINER}?restype=container HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nx-ms-date: {date}\r\n\
         x-ms-version: 2021-08-06\r\nAuthorization: SharedKey {account}:{signature}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    assert!(answer.starts_with("HTTP/1.1 201") || answer.contains("ContainerAlreadyExists"), "{answer}");
    Ok(())
}

const BACKSLASH: &str = "Azurite takes a backslash for a slash";
const IDENTIFIERS: &str = "Azure takes identifiers only as names of metadata, which is a typed error";

/// Azurite 3.35.
const GAPS: &[Gap] = &[
    (
        "conditional_reads::if_match_on_a_missing_key_is_not_found",
        "Azurite says of a missing object that the condition does not hold",
    ),
    ("odd_keys::backslash", BACKSLASH),
    ("odd_keys::backslash_dot_dot", BACKSLASH),
    ("odd_keys::noncharacter", "Azurite cannot list a name with U+FFFF"),
    ("attributes::metadata_names", IDENTIFIERS),
    ("attributes::metadata_up_to_the_limit", IDENTIFIERS),
    ("attributes::metadata_names_are_lower_case", IDENTIFIERS),
];
