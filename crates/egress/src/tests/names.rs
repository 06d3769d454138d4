//! Host names whose answers are mixed, changing, or missing.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::policy;
use super::server::{Canary, Server, ok};
use crate::{Egress, EgressError, Policy, Request, Resolver};

/// Answers lookups from a list; the last answer is repeated.
#[derive(Debug)]
pub(super) struct Script {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    lookups: AtomicUsize,
}

impl Script {
    pub fn new(answers: &[&[&str]]) -> Arc<Script> {
        let parse = |answer: &&[&str]| answer.iter().map(|text| text.parse().unwrap()).collect();
        let answers = Mutex::new(answers.iter().map(parse).collect());
        Arc::new(Script { answers, lookups: AtomicUsize::new(0) })
    }

    fn lookups(&self) -> usize {
        self.lookups.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Resolver for Script {
    async fn lookup(&self, _host: &str) -> io::Result<Vec<IpAddr>> {
        self.lookups.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let last = answers.len() <= 1;
        let answer = if last { answers.front().cloned() } else { answers.pop_front() };
        answer.ok_or_else(|| io::Error::other("no such name"))
    }
}

async fn ask(script: &Arc<Script>, policy: Policy, url: &str) -> Result<String, EgressError> {
    let resolver: Arc<dyn Resolver> = Arc::<Script>::clone(script);
    let egress = Egress::with_resolver(policy, resolver).unwrap();
    egress.send(Request::get(url)).await.map(|response| response.text().into_owned())
}

fn named(address: SocketAddr) -> String {
    format!("http://some.test:{}/", address.port())
}

#[tokio::test]
async fn a_name_leads_to_the_address_that_was_checked() {
    let server = Server::answering([ok("hello")]).await;
    let script = Script::new(&[&["127.0.0.1"]]);
    let body = ask(&script, policy(&[server.address]), &named(server.address)).await.unwrap();
    assert_eq!(body, "hello");
    assert!(server.requests()[0].to_lowercase().contains(&format!("host: some.test:{}", server.address.port())));
    assert_eq!(script.lookups(), 1);
}

#[tokio::test]
async fn one_bad_answer_among_good_ones_blocks() {
    let server = Server::answering([ok("hello")]).await;
    let mixed: &[&[&str]] = &[
        &["127.0.0.1", "10.0.0.1"],
        &["10.0.0.1", "127.0.0.1"],
        &["127.0.0.1", "::1"],
        &["127.0.0.1", "::ffff:127.0.0.1"],
        &["127.0.0.1", "64:ff9b::7f00:1"],
        &["93.184.216.34", "169.254.169.254", "127.0.0.1"],
        &["2606:4700::1111", "fd00::1"],
    ];
    for answer in mixed {
        let script = Script::new(&[answer]);
        let error = ask(&script, policy(&[server.address]), &named(server.address)).await.unwrap_err();
        let refused = matches!(error, EgressError::AddressBlocked { .. } | EgressError::SchemeNotAllowed { .. });
        assert!(refused && error.never_sent(), "{answer:?}: {error:?}");
        assert_eq!(script.lookups(), 1);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn names_of_private_addresses_are_blocked_on_the_usual_port() {
    for answer in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "2002:a00:1::"] {
        for mixed in [&[answer][..], &["93.184.216.34", answer], &["2606:4700::1111", answer]] {
            let error = ask(&Script::new(&[mixed]), Policy::default(), "https://some.test/").await.unwrap_err();
            assert_eq!(error, EgressError::AddressBlocked { host: "some.test".to_owned() }, "{mixed:?}");
            assert!(error.never_sent());
        }
    }
}

#[tokio::test]
async fn an_exception_does_not_carry_plain_http_to_public_addresses() {
    let canary = Canary::new();
    let (script, url) = (Script::new(&[&["93.184.216.34"]]), named(canary.address()));
    let error = ask(&script, policy(&[canary.address()]), &url).await.unwrap_err();
    assert_eq!(error, EgressError::SchemeNotAllowed { host: "some.test".to_owned() });
    let url = url.replace("http:", "https:");
    let error = ask(&script, policy(&[canary.address()]), &url).await.unwrap_err();
    assert!(matches!(error, EgressError::PortNotAllowed { .. }), "{error:?}");
}

#[tokio::test]
async fn rebinding_finds_no_second_lookup_to_change() {
    let server = Server::answering([ok("hello")]).await;
    let script = Script::new(&[&["127.0.0.1"], &["169.254.169.254"]]);
    let resolver: Arc<dyn Resolver> = Arc::<Script>::clone(&script);
    let egress = Egress::with_resolver(policy(&[server.address]), resolver).unwrap();
    let url = named(server.address);

    // checked and dialled from the same lookup, and the connection is kept without another
    for _ in 0..3 {
        assert_eq!(egress.send(Request::get(&url)).await.unwrap().text(), "hello");
    }
    assert_eq!((script.lookups(), server.connections()), (1, 1));

    // a new connection looks up again, and that answer is checked again
    let error = egress.send(Request::get(&url).fresh_connection()).await.unwrap_err();
    assert!(matches!(error, EgressError::AddressBlocked { .. }), "{error:?}");
    assert_eq!((script.lookups(), server.connections()), (2, 1));

    egress.forget_connections();
    let error = egress.send(Request::get(&url)).await.unwrap_err();
    assert!(matches!(error, EgressError::AddressBlocked { .. }), "{error:?}");
    assert_eq!((script.lookups(), server.connections()), (3, 1));
}

#[tokio::test]
async fn a_kept_connection_does_not_outlive_its_exception() {
    let server = Server::answering([ok("hello")]).await;
    let egress = Egress::with_resolver(policy(&[server.address]), Script::new(&[&["127.0.0.1"]])).unwrap();
    let url = named(server.address);
    assert_eq!(egress.send(Request::get(&url)).await.unwrap().text(), "hello");
    // the port stays open for another network, so that nothing but the address is left to refuse
    let elsewhere = format!("10.0.0.0/8:{}", server.address.port());
    egress.set_policy(Policy::new(vec![elsewhere.parse().unwrap()]));
    let error = egress.send(Request::get(&url)).await.unwrap_err();
    assert!(matches!(error, EgressError::AddressBlocked { .. }), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_name_without_answers_was_never_sent() {
    for script in [Script::new(&[]), Script::new(&[&[]])] {
        let error = ask(&script, Policy::default(), "https://some.test/").await.unwrap_err();
        assert_eq!(error, EgressError::Dns { host: "some.test".to_owned() });
        assert!(error.never_sent() && !error.refused_here());
    }
}
