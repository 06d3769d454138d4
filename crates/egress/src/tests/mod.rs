//! Tests against real listeners on the loopback interface.

mod addresses;
mod events;
mod exceptions;
mod limits;
mod names;
mod outcome;
mod proxies;
mod redirects;
mod requests;
mod secure;
mod server;
mod urls;

use std::net::SocketAddr;

use crate::{Egress, Exception, Policy};

/// A policy that makes exceptions for exactly these listeners.
fn policy(listeners: &[SocketAddr]) -> Policy {
    let exception = |address: &SocketAddr| Exception::host(address.ip(), address.port()).unwrap();
    Policy::new(listeners.iter().map(exception).collect())
}

fn egress(listeners: &[SocketAddr]) -> Egress {
    Egress::new(policy(listeners)).unwrap()
}
