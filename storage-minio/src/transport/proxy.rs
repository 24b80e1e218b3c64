use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::uri::Scheme;
use http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;
use storage_core::{Error, Result};

/// An HTTP proxy: plain requests go to it in absolute form, TLS goes through it by CONNECT
/// ([RFC 9110 §9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6)).
#[derive(Clone)]
pub(super) struct Proxy {
    pub(super) uri: Uri,
    pub(super) authorization: Option<HeaderValue>,
}

impl Proxy {
    /// Reads `http://[user:password@]host[:port]`.
    pub(super) fn parse(url: &str) -> Result<Self> {
        let invalid = || Error::invalid_input("the proxy must be a URL `http://[user:password@]host[:port]`");
        let uri: Uri = url.parse().map_err(|_| invalid())?;
        let authority = uri.authority().ok_or_else(invalid)?;
        if uri.scheme() != Some(&Scheme::HTTP) || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(invalid());
        }
        let (credentials, address) = match authority.as_str().rsplit_once('@') {
            Some((credentials, address)) => (Some(credentials), address),
            None => (None, authority.as_str()),
        };
        let authorization = credentials.map(basic_authorization).transpose().map_err(|()| invalid())?;
        let port = if authority.port().is_some() { "" } else { ":80" };
        let uri = format!("http://{address}{port}").parse().map_err(|_| invalid())?;
        Ok(Self { uri, authorization })
    }
}

fn basic_authorization(credentials: &str) -> Result<HeaderValue, ()> {
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    let mut pair: Vec<u8> = percent_decode_str(user).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(password));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair))).map_err(|_| ())?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({})", self.uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_credentials_out_of_the_address() {
        let proxy = Proxy::parse("http://me:p%40ss@proxy.example.org").unwrap();
        assert_eq!(proxy.uri, "http://proxy.example.org:80");
        assert_eq!(proxy.authorization.as_ref().unwrap(), "Basic bWU6cEBzcw==");
        let shown = format!("{proxy:?}");
        assert!(!shown.contains("p%40ss") && !shown.contains("bWU6"), "{shown}");
        assert!(Proxy::parse("http://10.0.0.1:3128/").unwrap().authorization.is_none());
    }

    #[test]
    fn refuses_what_is_no_http_proxy() {
        for url in ["", "proxy:3128", "https://proxy", "socks5://proxy", "http://proxy/path", "http://"] {
            assert!(Proxy::parse(url).is_err(), "{url}");
        }
    }
}
