use std::fmt;
#[cfg(feature = "minio")]
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

/// Where a server is: scheme, host and port. The same host with another scheme is another endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    https: bool,
    authority: String,
}

impl Endpoint {
    /// From `host[:port]` and whether to use TLS, as the environment and the file say it.
    pub(super) fn from_authority(text: &str, https: bool) -> Result<Self, String> {
        match text.contains("://") {
            true => {
                Err("it has a scheme; give host[:port], and say http or https by its `use_https` key".into())
            }
            false => Ok(Self { https, authority: authority(text)? }),
        }
    }

    /// From `http://host[:port]` or `https://host[:port]`, as code says it.
    pub(super) fn from_url(text: &str) -> Result<Self, String> {
        let (https, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            _ => return Err("in code it must be a URL such as https://host:9000".into()),
        };
        Ok(Self { https, authority: authority(rest.strip_suffix('/').unwrap_or(rest))? })
    }

    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Whether its host is an IP address.
    #[cfg(feature = "minio")]
    pub(super) fn is_ip_address(&self) -> bool {
        let host = self.authority.split(':').next().unwrap_or_default();
        self.authority.starts_with('[') || host.parse::<Ipv4Addr>().is_ok()
    }

    /// `host` or `host:port`.
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

impl fmt::Display for Endpoint {
    /// The URL, without a path: `https://host:9000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }
}

pub(super) fn authority(text: &str) -> Result<String, String> {
    if text.contains('@') {
        return Err("it names a user; give host[:port] only".into());
    }
    if text.contains(['/', '?', '#']) {
        return Err("it has a path or a query; give host[:port] only".into());
    }
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']').ok_or("its IPv6 address lacks the `]`")?;
            let address: Ipv6Addr = address.parse().map_err(|_| "its IPv6 address is not valid")?;
            match port {
                "" => (format!("[{address}]"), None),
                port => (
                    format!("[{address}]"),
                    Some(port.strip_prefix(':').ok_or("after `]` comes only :port")?),
                ),
            }
        }
        None if text.matches(':').count() > 1 => {
            return Err("an IPv6 address stands in brackets: [::1]:9000".into());
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host_name(host)?, Some(port)),
            None => (host_name(text)?, None),
        },
    };
    match port {
        None => Ok(host),
        Some(port) => Ok(format!("{host}:{}", port_number(port)?)),
    }
}

fn host_name(host: &str) -> Result<String, String> {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    match host.len() <= 253 && host.split('.').all(label) {
        true => Ok(host.to_ascii_lowercase()),
        false => Err("its host must be a name of letters, digits, `-`, `_` and `.`, or an address".into()),
    }
}

fn port_number(port: &str) -> Result<u16, String> {
    match port.parse::<u16>() {
        Ok(number) if number > 0 && port.bytes().all(|b| b.is_ascii_digit()) => Ok(number),
        _ => Err("its port must be a number from 1 to 65535".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_hosts_and_ports() {
        for (text, url) in [
            ("minio", "http://minio"),
            ("minio_1:9000", "http://minio_1:9000"),
            ("S3.Example.org", "http://s3.example.org"),
            ("10.0.0.1:1", "http://10.0.0.1:1"),
            ("[::1]:9000", "http://[::1]:9000"),
            ("[0:0::1]", "http://[::1]"),
        ] {
            assert_eq!(
                Endpoint::from_authority(text, false).map(|endpoint| endpoint.to_string()),
                Ok(url.to_owned())
            );
        }
        assert_eq!(Endpoint::from_url("HTTPS://h:1/").map(|e| e.to_string()), Ok("https://h:1".to_owned()));
        assert_ne!(Endpoint::from_url("https://h"), Endpoint::from_url("http://h"));
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "http://minio",
            "minio/",
            "minio/path",
            "user@minio",
            "user:pw@minio",
            "minio:",
            "minio:0",
            "minio:65536",
            "minio:+1",
            "minio:x",
            "a b",
            "bücher",
            "::1",
            "[::1",
            "[::1]9000",
            "[x]",
            "a..b",
            "minio?x",
            "minio#x",
            ".",
            "min\u{7}io",
            &"a".repeat(64),
        ] {
            assert!(Endpoint::from_authority(text, true).is_err(), "{text}");
        }
        for text in ["minio:9000", "ftp://minio", "https://", "https://minio/path", "https://u:p@minio"] {
            assert!(Endpoint::from_url(text).is_err(), "{text}");
        }
    }
}
