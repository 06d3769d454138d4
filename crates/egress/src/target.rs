//! The parts of a URL that decide where a request goes.

use std::net::IpAddr;

use url::{Host, Url};

use crate::error::EgressError;
use crate::policy::{Policy, Refusal};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// Scheme, host and port after the checks that need no lookup.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub scheme: Scheme,
    /// As the URL writes it, IPv6 addresses in brackets.
    pub host: String,
    pub port: u16,
}

impl Target {
    /// Checks a URL against the policy. An address written into the URL is judged here, because the connector never
    /// asks the resolver about one.
    pub fn check(url: &Url, policy: &Policy) -> Result<Target, EgressError> {
        let scheme = match url.scheme() {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => return Err(EgressError::BadUrl { reason: "only https addresses can be reached" }),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressError::BadUrl { reason: "a user name or password in the address is not accepted" });
        }
        let host = url.host().ok_or(EgressError::BadUrl { reason: "the address has no host" })?;
        let port = url.port_or_known_default().ok_or(EgressError::BadUrl { reason: "the address has no port" })?;
        let target = Target { scheme, host: host.to_string(), port };
        let judged = match host {
            Host::Ipv4(address) => policy.admit(scheme, IpAddr::V4(address), port),
            Host::Ipv6(address) => policy.admit(scheme, IpAddr::V6(address), port),
            // the URL parser has already turned every spelling of an IPv4 address into one; should it ever leave one
            // that the connector understands as a number, that number would go unchecked
            Host::Domain(name) if name.trim_end_matches('.').parse::<IpAddr>().is_ok() => Err(Refusal::Address),
            Host::Domain(_) => policy.admit_unresolved(scheme, port),
        };
        match judged {
            Ok(()) => Ok(target),
            Err(refusal) => Err(target.refused(refusal)),
        }
    }

    pub fn refused(&self, refusal: Refusal) -> EgressError {
        let host = self.host.clone();
        match refusal {
            Refusal::Address => EgressError::AddressBlocked { host },
            Refusal::Scheme => EgressError::SchemeNotAllowed { host },
            Refusal::Port => EgressError::PortNotAllowed { host, port: self.port },
        }
    }
}
