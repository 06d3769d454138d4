//! TLS settings: rustls with ring, certificates judged by the platform's own store.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::sync::OnceCell;

use crate::target::Scheme;

/// Makes the TLS settings on first use: reading the platform's certificates takes milliseconds that the start of the
/// program should not pay, and a machine without any must still start.
#[derive(Debug)]
pub(crate) struct Tls {
    config: OnceCell<ClientConfig>,
    none: ClientConfig,
}

impl Tls {
    pub fn platform() -> Result<Tls, rustls::Error> {
        Ok(Tls { config: OnceCell::new(), none: with_roots(RootCertStore::empty())? })
    }

    /// Trusts only the given certificates.
    #[cfg(test)]
    pub fn only(roots: RootCertStore) -> Result<Tls, rustls::Error> {
        Ok(Tls { config: OnceCell::new_with(Some(with_roots(roots)?)), none: with_roots(RootCertStore::empty())? })
    }

    /// The settings for a client of this scheme. Clients for plain HTTP get settings that trust nobody.
    pub async fn config(&self, scheme: Scheme) -> Result<ClientConfig, String> {
        if scheme == Scheme::Http {
            return Ok(self.none.clone());
        }
        let load = || async {
            let loaded = tokio::task::spawn_blocking(with_platform_roots).await;
            match loaded {
                Ok(Ok(config)) => Ok(config),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("reading the certificates of this machine was interrupted".to_owned()),
            }
        };
        self.config.get_or_try_init(load).await.cloned()
    }
}

fn provider() -> Arc<CryptoProvider> {
    // passed explicitly: which provider is the process default is for the program to say, not for a library
    Arc::new(rustls::crypto::ring::default_provider())
}

fn with_platform_roots() -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(offer_http2(builder.with_platform_verifier()?.with_no_client_auth()))
}

fn with_roots(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(offer_http2(builder.with_root_certificates(roots).with_no_client_auth()))
}

fn offer_http2(mut config: ClientConfig) -> ClientConfig {
    // the client adds no protocols to settings it is given
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // early data would be sent before the server has proven itself, and could be replayed
    config.enable_early_data = false;
    config
}
