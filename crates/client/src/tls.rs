//! Whom an encrypted connection trusts.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::ClientError;

/// The variable that names a file of further certificates to trust, as OpenSSL and curl know it.
const EXTRA_TRUST: &str = "SSL_CERT_FILE";

/// TLS that trusts Mozilla's list of authorities, and those in the file named by `SSL_CERT_FILE`.
pub(crate) fn config() -> Result<Arc<ClientConfig>, ClientError> {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    if let Some(path) = std::env::var_os(EXTRA_TRUST) {
        add(&mut roots, path.as_ref())?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows the default versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Adds the certificates in the file at `path`; a whole list of a system may hold some that rustls does not take.
fn add(roots: &mut RootCertStore, path: &Path) -> Result<(), ClientError> {
    let unusable = |why: String| ClientError::Certificates { path: path.display().to_string(), why };
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(error.to_string()))?;
    match roots.add_parsable_certificates(certificates) {
        (0, _) => Err(unusable("there is no certificate in it".into())),
        _ => Ok(()),
    }
}
