use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use storage_core::{Error, ErrorKind, Result};

use crate::client::CaBundle;

/// Whose certificates are trusted.
pub(super) enum Roots<'a> {
    System,
    Given(&'a CaBundle),
    /// For a store that is reached by plain HTTP: no file is read.
    Nobody,
}

/// TLS 1.2 and 1.3 by `ring`.
pub(super) fn config(roots: &Roots<'_>) -> Result<ClientConfig> {
    let roots = match roots {
        Roots::System => native_roots()?,
        Roots::Given(CaBundle::File(path)) => {
            from_pem(&read(path)?, &format!("the CA bundle `{}`", path.display()))?
        }
        Roots::Given(CaBundle::Pem(pem)) => from_pem(pem, "the given CA bundle")?,
        Roots::Nobody => RootCertStore::empty(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder =
        builder.map_err(|error| Error::new(ErrorKind::Other, "TLS cannot be set up").with_source(error))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        Error::invalid_input(format!("the CA bundle `{}` cannot be read", path.display())).with_source(error)
    })
}

fn from_pem(pem: &[u8], what: &str) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| {
            Error::invalid_input(format!("{what} is not a list of certificates in PEM: {error}"))
        })?;
        roots.add(certificate).map_err(|error| {
            Error::invalid_input(format!("{what} holds a certificate that cannot be trusted"))
                .with_source(error)
        })?;
    }
    match roots.is_empty() {
        true => Err(Error::invalid_input(format!("{what} holds no certificate in PEM"))),
        false => Ok(roots),
    }
}

fn native_roots() -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    match roots.is_empty() {
        true => Err(Error::invalid_input("the system has no trusted root certificates")
            .with_hint("install the system's CA certificates, or give a CA bundle")),
        false => Ok(roots),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_without_certificates_is_refused() {
        for pem in ["", "hello", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
            let error = config(&Roots::Given(&CaBundle::Pem(pem.into()))).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{pem}");
        }
        let error = config(&Roots::Given(&CaBundle::File("/nonexistent/ca.pem".into()))).unwrap_err();
        assert!(error.to_string().contains("/nonexistent/ca.pem"), "{error}");
    }
}
