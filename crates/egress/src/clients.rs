//! One client per target, so that the resolver of each knows the port and scheme it resolves for and no connection is
//! ever shared between two targets or two policies.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, redirect, retry};
use rustls::ClientConfig;

use crate::resolve::Guard;
use crate::target::Target;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Below the minute after which common servers close a quiet connection: a request written into a connection that is
/// just being closed has an unknown outcome.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
const IDLE_CONNECTIONS: usize = 4;
const MAX_HEADERS: usize = 100;
const MAX_HEADER_LIST_BYTES: u32 = 64 * 1024;
const MAX_CLIENTS: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ClientKey {
    pub target: Target,
    /// Whether the exceptions of the policy count for it.
    pub exceptions: bool,
    /// Whether its connections are kept for later requests.
    pub pooled: bool,
}

/// The clients in use, the least recently used given up first.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    entries: HashMap<ClientKey, (Client, u64)>,
    uses: u64,
}

impl Clients {
    pub fn get(&mut self, key: &ClientKey) -> Option<Client> {
        self.uses += 1;
        let (client, used) = self.entries.get_mut(key)?;
        *used = self.uses;
        Some(client.clone())
    }

    pub fn insert(&mut self, key: ClientKey, client: Client) {
        if self.entries.len() >= MAX_CLIENTS {
            let oldest = self.entries.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                self.entries.remove(&oldest);
            }
        }
        self.uses += 1;
        self.entries.insert(key, (client, self.uses));
    }

    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that builds HTTP clients")]
pub(crate) fn build(guard: Guard, tls: ClientConfig, pooled: bool) -> Result<Client, reqwest::Error> {
    Client::builder()
        .user_agent(concat!("Sendoff/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(guard))
        // a proxy from the environment would resolve the names itself, behind the guard's back
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        // nothing is ever sent twice unasked: the publisher decides that, with its own records at hand
        .retry(retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(if pooled { IDLE_CONNECTIONS } else { 0 })
        .http1_max_headers(MAX_HEADERS)
        .http2_max_header_list_size(MAX_HEADER_LIST_BYTES)
        .build()
}
