//! Exceptions from the address and port rules.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::address::is_public;
use crate::target::Scheme;

/// Ports that a public address may be asked on: HTTPS, and its usual second home on self-hosted servers.
pub(crate) const PORTS: &[u16] = &[443, 8443];

/// The widest networks an exception may name. Wider ones would be a switch that turns the guard off.
const WIDEST_V4: u8 = 8;
const WIDEST_V6: u8 = 7;

/// What may be reached beside public addresses over HTTPS. The default allows nothing more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// One network and one port that may be reached although the rules say no; plain HTTP is allowed there too. Written
/// `127.0.0.1/32:2583` or `[::1]/128:2583`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Exception {
    net: IpNet,
    port: u16,
}

/// Why a text is not an [`Exception`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExceptionError {
    #[error("write a network and a port, like 127.0.0.1/32:2583 or [::1]/128:2583")]
    Form,
    #[error("the port must be between 1 and 65535")]
    Port,
    #[error("the network is too wide: at least /{WIDEST_V4} for IPv4, /{WIDEST_V6} for IPv6")]
    TooWide,
}

/// Why an address is not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Address,
    Scheme,
    Port,
}

impl Exception {
    /// # Errors
    /// [`ExceptionError::Port`] for port 0, [`ExceptionError::TooWide`] for a network wider than /8 (IPv4) or /7
    /// (IPv6).
    pub fn new(net: IpNet, port: u16) -> Result<Exception, ExceptionError> {
        let widest = match net {
            IpNet::V4(_) => WIDEST_V4,
            IpNet::V6(_) => WIDEST_V6,
        };
        if port == 0 {
            return Err(ExceptionError::Port);
        }
        if net.prefix_len() < widest {
            return Err(ExceptionError::TooWide);
        }
        Ok(Exception { net: net.trunc(), port })
    }

    /// One address and one port.
    ///
    /// # Errors
    /// [`ExceptionError::Port`] for port 0.
    pub fn host(address: IpAddr, port: u16) -> Result<Exception, ExceptionError> {
        Exception::new(IpNet::from(address), port)
    }

    #[must_use]
    pub fn net(&self) -> IpNet {
        self.net
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    fn covers(&self, address: IpAddr, port: u16) -> bool {
        self.port == port && self.net.contains(&address)
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.net {
            IpNet::V4(net) => write!(f, "{net}:{}", self.port),
            IpNet::V6(net) => write!(f, "[{}]/{}:{}", net.addr(), net.prefix_len(), self.port),
        }
    }
}

impl FromStr for Exception {
    type Err = ExceptionError;

    fn from_str(text: &str) -> Result<Exception, ExceptionError> {
        let (net, port) = text.trim().rsplit_once(':').ok_or(ExceptionError::Form)?;
        let (address, prefix) = net.split_once('/').ok_or(ExceptionError::Form)?;
        let address: IpAddr = match address.strip_prefix('[') {
            Some(rest) => {
                let inside = rest.strip_suffix(']').ok_or(ExceptionError::Form)?;
                IpAddr::V6(inside.parse().map_err(|_| ExceptionError::Form)?)
            }
            None => address.parse().map_err(|_| ExceptionError::Form)?,
        };
        let prefix: u8 = prefix.parse().map_err(|_| ExceptionError::Form)?;
        let net = IpNet::new(address, prefix).map_err(|_| ExceptionError::Form)?;
        Exception::new(net, port.parse().map_err(|_| ExceptionError::Port)?)
    }
}

impl TryFrom<String> for Exception {
    type Error = ExceptionError;

    fn try_from(text: String) -> Result<Exception, ExceptionError> {
        text.parse()
    }
}

impl From<Exception> for String {
    fn from(exception: Exception) -> String {
        exception.to_string()
    }
}

impl Policy {
    #[must_use]
    pub fn new(exceptions: Vec<Exception>) -> Policy {
        Policy { exceptions }
    }

    #[must_use]
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// Whether an exception names this address and port.
    pub(crate) fn excepts(&self, address: IpAddr, port: u16) -> bool {
        self.exceptions.iter().any(|exception| exception.covers(address, port))
    }

    /// Whether a redirect from a server may lead to an exception: only if the server is one itself. One on the public
    /// internet must not be able to point at the servers that the user made exceptions for.
    pub(crate) fn trusts_redirects_of(&self, server: Option<SocketAddr>) -> bool {
        server.is_some_and(|server| self.excepts(server.ip(), server.port()))
    }

    /// Judges one resolved address. Everything that is about to be connected to passes here.
    pub(crate) fn admit(&self, scheme: Scheme, address: IpAddr, port: u16) -> Result<(), Refusal> {
        if self.excepts(address, port) {
            return Ok(());
        }
        if !is_public(address) {
            return Err(Refusal::Address);
        }
        if scheme == Scheme::Http {
            return Err(Refusal::Scheme);
        }
        if PORTS.contains(&port) { Ok(()) } else { Err(Refusal::Port) }
    }

    /// Judges what can be judged before a name is resolved, so that hopeless requests cost no lookup.
    pub(crate) fn admit_unresolved(&self, scheme: Scheme, port: u16) -> Result<(), Refusal> {
        if self.exceptions.iter().any(|exception| exception.port == port) {
            return Ok(());
        }
        match scheme {
            Scheme::Http => Err(Refusal::Scheme),
            Scheme::Https if PORTS.contains(&port) => Ok(()),
            Scheme::Https => Err(Refusal::Port),
        }
    }
}
