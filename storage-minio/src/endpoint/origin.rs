use std::fmt::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr};

use super::InvalidEndpoint;

/// Scheme, host and port of a URL, normalised.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    is_tls: bool,
    /// As it stands in a URL: a name in lower case, an IPv4 address, or an IPv6 address in brackets.
    host: String,
    is_ip: bool,
    port: u16,
}

impl Origin {
    /// Splits a URL into its origin and its path, which is empty or begins with `/`.
    pub(super) fn parse(url: &str) -> Result<(Self, &str), InvalidEndpoint> {
        // Checked first, so that no later error shows a part of a password.
        if url.contains('@') {
            return Err(InvalidEndpoint::UserInfo);
        }
        if url.contains('#') {
            return Err(InvalidEndpoint::Fragment);
        }
        if url.contains('?') {
            return Err(InvalidEndpoint::Query);
        }
        let (scheme, rest) = url.split_once("://").ok_or(InvalidEndpoint::MissingScheme)?;
        let is_tls = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(InvalidEndpoint::UnknownScheme),
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = split_port(authority);
        let default_port = if is_tls { 443 } else { 80 };
        let port = port.map_or(Ok(default_port), parse_port)?;
        let (host, is_ip) =
            parse_host(host).ok_or_else(|| InvalidEndpoint::Host(InvalidEndpoint::excerpt(host)))?;
        Ok((Self { is_tls, host, is_ip, port }, path))
    }

    pub(crate) const fn is_tls(&self) -> bool {
        self.is_tls
    }

    pub(crate) const fn scheme(&self) -> &'static str {
        if self.is_tls { "https" } else { "http" }
    }

    pub(crate) const fn is_ip(&self) -> bool {
        self.is_ip
    }

    /// Without the brackets of an IPv6 address.
    pub(super) fn host(&self) -> &str {
        self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&self.host)
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// The value of the `Host` header: `sub.host[:port]`, a default port left out, as every client does.
    pub(crate) fn authority(&self, sub_domain: Option<&str>) -> String {
        let mut authority = sub_domain.map_or_else(String::new, |name| format!("{name}."));
        authority.push_str(&self.host);
        if self.port != if self.is_tls { 443 } else { 80 } {
            let _ = write!(authority, ":{}", self.port);
        }
        authority
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.authority(None))
    }
}

/// The colons of an IPv6 address are inside its brackets.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    let after_brackets = authority.rfind(']').unwrap_or(0);
    match authority[after_brackets..].find(':') {
        None => (authority, None),
        Some(colon) => (&authority[..after_brackets + colon], Some(&authority[after_brackets + colon + 1..])),
    }
}

fn parse_port(port: &str) -> Result<u16, InvalidEndpoint> {
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse() {
        Ok(number) if is_number && number > 0 => Ok(number),
        _ => Err(InvalidEndpoint::Port(InvalidEndpoint::excerpt(port))),
    }
}

/// The normalised host, and whether it is an IP address.
fn parse_host(host: &str) -> Option<(String, bool)> {
    if let Some(inner) = host.strip_prefix('[') {
        let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
        return Some((format!("[{address}]"), true));
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Some((address.to_string(), true));
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            // Docker Compose makes host names with underscores.
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    // What ends in a number is read as an IPv4 address by browsers, and here it is none.
    let ends_in_number =
        host.rsplit('.').next().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    let is_name = host.len() <= 253 && host.split('.').all(is_label) && !ends_in_number;
    is_name.then(|| (host.to_ascii_lowercase(), false))
}
