//! Name resolution that only lets checked addresses through.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::policy::{Policy, Refusal};
use crate::target::Target;

/// Where names are looked up.
#[async_trait]
pub trait Resolver: fmt::Debug + Send + Sync + 'static {
    /// All addresses of a host name, IPv4 and IPv6, in order of preference.
    async fn lookup(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The resolver of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn lookup(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let answers = tokio::net::lookup_host((host, 0)).await?;
        Ok(answers.map(|answer| answer.ip()).collect())
    }
}

/// Why a name gave no address. Travels inside the client's own error and is found there again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolveError {
    #[error("the name could not be looked up")]
    Lookup(#[source] io::Error),
    #[error("the name has no address")]
    Empty,
    #[error("the name leads to an address that is not allowed")]
    Refused(Refusal),
}

/// Resolves names for the connections to one target and judges every answer. The addresses it returns are the ones
/// the connector dials, so nothing is looked up a second time between check and use.
#[derive(Debug)]
pub(crate) struct Guard {
    pub resolver: Arc<dyn Resolver>,
    pub policy: Arc<Policy>,
    pub target: Target,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, policy, target) = (Arc::clone(&self.resolver), Arc::clone(&self.policy), self.target.clone());
        Box::pin(async move {
            let answers = resolver.lookup(name.as_str()).await.map_err(ResolveError::Lookup)?;
            if answers.is_empty() {
                return Err(ResolveError::Empty.into());
            }
            for answer in &answers {
                policy.admit(target.scheme, *answer, target.port).map_err(ResolveError::Refused)?;
            }
            let port = target.port;
            let addresses: Addrs = Box::new(answers.into_iter().map(move |answer| SocketAddr::new(answer, port)));
            Ok(addresses)
        })
    }
}
