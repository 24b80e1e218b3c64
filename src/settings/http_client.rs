use std::path::PathBuf;
use std::time::Duration;

use super::Secret;
use super::endpoint::authority;
use super::key::{self, Key};
use super::parse::{self, Bare, Parsed};
use super::reader::Reader;

/// How the server is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpClientSettings {
    /// How long a connection may take to come about. Default: 3 s.
    pub connect_timeout: Duration,
    /// How long nothing may arrive or leave. Default: 30 s.
    pub read_timeout: Duration,
    /// How long one whole request may take, its body included. Default: no limit.
    pub request_timeout: Option<Duration>,
    /// How many idle connections are kept. Default: 32.
    pub idle_connections: u32,
    /// A PEM file of certificates to trust instead of the system's.
    pub ca_bundle: Option<PathBuf>,
    /// How often a request is tried again. Default: 3 times.
    pub retries: u32,
    /// The pause before the first retry, doubled each time. Default: 200 ms.
    pub backoff: Duration,
    /// A proxy's URL, `http://[user:password@]host:port`.
    pub proxy: Option<Secret>,
}

const MOST_RETRIES: u32 = 20;
const MOST_CONNECTIONS: u32 = 10_000;
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 3_600);

pub(super) fn read(reader: &mut Reader<'_>) -> Option<HttpClientSettings> {
    let connect_timeout = duration(reader, &key::CONNECT_TIMEOUT, LONGEST_TIMEOUT);
    let read_timeout = duration(reader, &key::READ_TIMEOUT, LONGEST_TIMEOUT);
    let request_timeout = duration(reader, &key::REQUEST_TIMEOUT, LONGEST_TIMEOUT);
    let idle_connections = reader.read(&key::IDLE_CONNECTIONS, |value| parse::count(value, MOST_CONNECTIONS));
    let ca_bundle = reader.read(&key::CA_BUNDLE, readable_file);
    let retries = reader.read(&key::RETRIES, |value| parse::count(value, MOST_RETRIES));
    let backoff = duration(reader, &key::BACKOFF, LONGEST_BACKOFF);
    let proxy = reader.read(&key::PROXY, proxy);
    Some(HttpClientSettings {
        connect_timeout: connect_timeout?,
        read_timeout: read_timeout?,
        request_timeout,
        idle_connections: idle_connections?,
        ca_bundle,
        retries: retries?,
        backoff: backoff?,
        proxy,
    })
}

fn duration(reader: &mut Reader<'_>, key: &Key, longest: Duration) -> Option<Duration> {
    reader.read(key, |value| {
        let duration = parse::duration(value, Bare::Refused)?;
        match duration.is_zero() || duration > longest {
            true => Err(format!("it must be from 1ms to {}s", longest.as_secs())),
            false => Ok(duration),
        }
    })
}

fn readable_file(value: &config::Value) -> Parsed<PathBuf> {
    let path = PathBuf::from(parse::text(value)?);
    match std::fs::File::open(&path).and_then(|file| file.metadata()) {
        Ok(meta) if meta.is_file() => Ok(path),
        Ok(_) => Err("it must be a file".into()),
        Err(error) => Err(format!("the file cannot be read: {error}")),
    }
}

fn proxy(value: &config::Value) -> Parsed<Secret> {
    let url = parse::text(value)?;
    let rest = url.strip_prefix("http://").unwrap_or_default();
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (user, address) = rest.rsplit_once('@').unwrap_or(("", rest));
    // `userinfo` of RFC 3986 §3.2.1.
    let is_user = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:%".contains(&byte);
    match authority(address).is_ok() && user.bytes().all(is_user) {
        true => Ok(Secret::new(url)),
        false => Err("it must be a URL such as http://user:password@proxy.example.org:3128, with user and password percent-encoded".into()),
    }
}
