use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use storage_core::{Error, ErrorKind, Result};

/// TLS 1.2 and 1.3 by `ring`, with the system's certificates. Where plain HTTP is allowed a system without any is no fault.
pub(super) fn config(allow_http: bool) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() && !allow_http {
        return Err(Error::invalid_input("the system has no trusted root certificates")
            .with_hint("install the system's CA certificates"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder =
        builder.map_err(|error| Error::new(ErrorKind::Other, "TLS cannot be set up").with_source(error))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
