//! URLs that must not lead anywhere, in every spelling.

use std::net::Ipv4Addr;

use url::Url;

use super::addresses::embeddings;
use super::server::{Canary, Server, ok};
use super::{egress, policy};
use crate::policy::Policy;
use crate::target::Target;
use crate::{Egress, EgressError, Request};

const LOCAL: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.1",
    "017700000001",
    "0177.1",
    "127.0.0.1.",
    "127.000.000.001",
    "%31%32%37.0.0.1",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "127.255.255.254",
    "0.0.0.0",
    "0",
    "0x0",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fec0::1]",
];

const ELSEWHERE: &[&str] = &[
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "255.255.255.255",
    "224.0.0.1",
    "[ff02::1]",
    "198.18.0.1",
    "[2001:db8::1]",
];

/// Exceptions that open the ports used here for a network that nothing here is in, so that only the address decides.
fn decoy(port: u16) -> Policy {
    Policy::new(vec![format!("44.128.0.0/10:{port}").parse().unwrap()])
}

#[tokio::test]
async fn no_spelling_of_a_local_address_reaches_a_listener() {
    let canary = Canary::new();
    let port = canary.address().port();
    for policy in [Policy::default(), decoy(port)] {
        let egress = Egress::new(policy).unwrap();
        for host in LOCAL {
            for scheme in ["http", "https"] {
                let error = egress.send(Request::get(format!("{scheme}://{host}:{port}/"))).await.unwrap_err();
                assert!(error.refused_here() && error.never_sent(), "{scheme}://{host}: {error:?}");
            }
        }
    }
    canary.assert_untouched();
}

#[tokio::test]
async fn localhost_is_resolved_and_refused() {
    let canary = Canary::new();
    let port = canary.address().port();
    let egress = Egress::new(decoy(port)).unwrap();
    for host in ["localhost", "LOCALHOST", "localhost.", "%6cocalhost"] {
        let error = egress.send(Request::get(format!("http://{host}:{port}/"))).await.unwrap_err();
        // a machine whose resolver does not know one of the spellings is as good
        let expected = matches!(error, EgressError::AddressBlocked { .. } | EgressError::Dns { .. });
        assert!(expected && error.never_sent(), "{host}: {error:?}");
    }
    canary.assert_untouched();
}

#[test]
fn the_address_decides_when_the_port_is_open() {
    for (port, policy) in [(443, Policy::default()), (8443, Policy::default()), (3000, decoy(3000))] {
        for host in LOCAL.iter().chain(ELSEWHERE) {
            let url = Url::parse(&format!("https://{host}:{port}/")).unwrap();
            let error = Target::check(&url, &policy).unwrap_err();
            assert!(matches!(error, EgressError::AddressBlocked { .. }), "{url}: {error:?}");
        }
    }
}

#[test]
fn embedded_addresses_are_refused_in_urls() {
    for octets in [[127, 0, 0, 1], [10, 0, 0, 1], [169, 254, 169, 254], [192, 168, 0, 1], [100, 64, 0, 1], [0, 0, 0, 0]]
    {
        for embedded in embeddings(Ipv4Addr::from(octets), 0x00c0_ffee) {
            let url = Url::parse(&format!("https://[{embedded}]/")).unwrap();
            let error = Target::check(&url, &Policy::default()).unwrap_err();
            assert!(matches!(error, EgressError::AddressBlocked { .. }), "{url}: {error:?}");
        }
    }
}

#[test]
fn public_urls_pass() {
    for text in [
        "https://bsky.social/xrpc/x",
        "https://mastodon.example:8443",
        "https://1.1.1.1/",
        "https://[2606:4700::1111]/",
    ] {
        let target = Target::check(&Url::parse(text).unwrap(), &Policy::default()).unwrap();
        assert!(target.port == 443 || target.port == 8443);
    }
}

#[tokio::test]
async fn other_schemes_ports_and_user_names_are_refused() {
    let egress = Egress::new(Policy::default()).unwrap();
    let refused = async |url: &str| {
        let error = egress.send(Request::get(url)).await.unwrap_err();
        assert!(error.refused_here() && error.never_sent(), "{url}: {error:?}");
        error
    };
    for url in ["http://example.com/", "http://1.1.1.1/"] {
        assert!(matches!(refused(url).await, EgressError::SchemeNotAllowed { .. }));
    }
    for url in ["https://example.com:22/", "https://1.1.1.1:80/", "https://example.com:0/"] {
        assert!(matches!(refused(url).await, EgressError::PortNotAllowed { .. }));
    }
    for url in [
        "",
        "example.com",
        "//example.com/",
        "https://",
        "https:///",
        "https://exa mple.com/",
        "https://[::1%25eth0]/",
        "https://[1:2]/",
        "https://256.256.256.256/",
        "https://1.2.3.4.5/",
        "https://example.com:99999/",
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "unix:/run/x",
        "ws://example.com/",
        "https://user@example.com/",
        "https://:secret@example.com/",
        "https://user:secret@example.com/",
        "https://bsky.social@127.0.0.1/",
    ] {
        assert!(matches!(refused(url).await, EgressError::BadUrl { .. }), "{url}");
    }
}

#[tokio::test]
async fn an_exception_opens_one_listener_until_it_is_taken_back() {
    let server = Server::answering([ok("hello")]).await;
    let canary = Canary::new();
    let egress = egress(&[server.address]);
    assert_eq!(egress.policy(), policy(&[server.address]));
    assert_eq!(egress.send(Request::get(server.url("/"))).await.unwrap().text(), "hello");

    let other = egress.send(Request::get(format!("http://{}/", canary.address()))).await.unwrap_err();
    assert!(matches!(other, EgressError::AddressBlocked { .. } | EgressError::SchemeNotAllowed { .. }), "{other:?}");
    canary.assert_untouched();

    let public = egress.send(Request::get(server.url("/")).public_only()).await.unwrap_err();
    assert!(public.refused_here());

    // the kept connection must not outlive the exception
    egress.set_policy(Policy::default());
    let after = egress.send(Request::get(server.url("/"))).await.unwrap_err();
    assert!(matches!(after, EgressError::AddressBlocked { .. }), "{after:?}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn errors_and_debug_output_name_the_host_at_most() {
    let request = Request::post("https://example.com/secret-path?token=secret-query")
        .bearer("secret-token")
        .body("text/plain", "secret-body");
    assert!(!format!("{request:?}").contains("secret"));
    let url = Url::parse("https://user:secret@example.com/secret?secret").unwrap();
    let error = Target::check(&url, &Policy::default()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"));
}
