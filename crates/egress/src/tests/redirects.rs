//! Redirects: followed by us, each hop checked, nothing secret carried along.

use std::sync::{Arc, OnceLock};

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::io::AsyncWriteExt;
use url::Url;

use super::egress;
use super::server::{Canary, Server, ok, read_request, redirect};
use crate::{EgressError, Request, redirect as rules};

#[tokio::test]
async fn a_redirect_is_the_answer_unless_asked_otherwise() {
    let canary = Canary::new();
    let server = Server::answering([redirect(302, &format!("http://{}/", canary.address()))]).await;
    let response = egress(&[server.address]).send(Request::get(server.url("/"))).await.unwrap();
    assert_eq!(response.status, 302);
    assert!(response.header("location").is_some());
    canary.assert_untouched();
}

#[tokio::test]
async fn a_redirect_to_a_blocked_address_ends_there() {
    let canary = Canary::new();
    let port = canary.address().port();
    for to in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("http://localhost:{port}/"),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "https://user:secret@example.com/".to_owned(),
        "https://[".to_owned(),
    ] {
        let server = Server::answering([redirect(302, &to)]).await;
        let request = Request::get(server.url("/")).redirects(3);
        let error = egress(&[server.address]).send(request).await.unwrap_err();
        assert!(matches!(&error, EgressError::Redirected { source } if source.refused_here()), "{to}: {error:?}");
        // the first server did get the request
        assert!(!error.never_sent(), "{to}");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
    canary.assert_untouched();
}

const CREDENTIALS: &[(&str, &str)] = &[
    ("authorization", "Bearer secret-a"),
    ("dpop", "secret-b"),
    ("cookie", "session=secret-c"),
    ("x-api-key", "secret-d"),
    ("idempotency-key", "secret-e"),
];

fn with_credentials(request: Request) -> Request {
    let request = request.header("accept", "text/html");
    CREDENTIALS.iter().fold(request, |request, (name, value)| request.header(name, value))
}

#[tokio::test]
async fn credentials_stay_with_their_origin() {
    let there = Server::answering([ok("arrived")]).await;
    let here = Server::answering([redirect(301, "/again"), redirect(302, &there.url("/"))]).await;
    let egress = egress(&[here.address, there.address]);
    let response = egress.send(with_credentials(Request::get(here.url("/"))).redirects(3)).await.unwrap();
    assert_eq!((response.text().as_ref(), response.final_url.as_str()), ("arrived", there.url("/").as_str()));

    for request in here.requests() {
        assert!(CREDENTIALS.iter().all(|(_, value)| request.contains(value)), "{request}");
    }
    let request = &there.requests()[0];
    assert!(!request.contains("secret"), "{request}");
    assert!(request.contains("text/html") && request.to_lowercase().contains("user-agent: sendoff/"), "{request}");
    assert!(!request.to_lowercase().contains("referer"), "{request}");
}

#[tokio::test]
async fn credentials_do_not_come_back_with_a_second_redirect() {
    let back = Arc::new(OnceLock::new());
    let to = Arc::clone(&back);
    let there = Server::start(move |mut stream, requests| {
        let to = Arc::clone(&to);
        async move {
            let request = read_request(&mut stream).await.unwrap();
            requests.lock().unwrap().push(request);
            let answer: &String = to.get().unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    })
    .await;
    let here = Server::answering([redirect(302, &there.url("/")), ok("home")]).await;
    back.set(redirect(302, &here.url("/home"))).unwrap();

    let egress = egress(&[here.address, there.address]);
    let response = egress.send(with_credentials(Request::get(here.url("/"))).redirects(3)).await.unwrap();
    assert_eq!(response.text(), "home");
    let requests = here.requests();
    assert!(requests[0].contains("secret-a") && requests[1].starts_with("GET /home"));
    assert!(!requests[1].contains("secret"), "{}", requests[1]);
}

#[tokio::test]
async fn chains_end() {
    for (redirects, allowed) in [(1, 1), (2, 2), (3, 3), (200, 3)] {
        let server = Server::answering([redirect(302, "/round")]).await;
        let request = Request::get(server.url("/")).redirects(redirects);
        let error = egress(&[server.address]).send(request).await.unwrap_err();
        assert!(matches!(error, EgressError::TooManyRedirects { .. }), "{error:?}");
        assert!(!error.never_sent());
        assert_eq!(server.requests().len(), allowed + 1);
    }
}

#[tokio::test]
async fn a_post_is_sent_again_only_to_its_own_origin() {
    let post = |server: &Server| Request::post(server.url("/")).body("text/plain", "the-post").redirects(3);
    for status in [307, 308] {
        let server = Server::answering([redirect(status, "/new"), ok("done")]).await;
        let response = egress(&[server.address]).send(post(&server)).await.unwrap();
        assert_eq!(response.text(), "done");
        let again = &server.requests()[1];
        assert!(again.starts_with("POST /new") && again.contains("the-post"), "{again}");
    }
    for status in [301, 302, 307, 308] {
        let other = Server::answering([ok("reached")]).await;
        let server = Server::answering([redirect(status, &other.url("/"))]).await;
        let response = egress(&[server.address, other.address]).send(post(&server)).await.unwrap();
        assert_eq!(response.status, status);
        assert_eq!(other.connections(), 0);
    }
    for status in [301, 302] {
        let server = Server::answering([redirect(status, "/new"), ok("done")]).await;
        let response = egress(&[server.address]).send(post(&server)).await.unwrap();
        assert_eq!((response.status, server.requests().len()), (status, 1));
    }
    let server = Server::answering([redirect(303, "/result"), ok("done")]).await;
    assert_eq!(egress(&[server.address]).send(post(&server)).await.unwrap().text(), "done");
    let result = &server.requests()[1];
    assert!(result.starts_with("GET /result") && !result.contains("the-post"), "{result}");
    assert!(!result.to_lowercase().contains("content-type"), "{result}");
}

#[tokio::test]
async fn a_failure_after_a_redirect_counts_as_sent() {
    let gone = Server::answering([ok("")]).await;
    let gone_url = gone.url("/");
    let gone_address = gone.address;
    let server = Server::answering([redirect(302, &gone_url)]).await;
    let egress = egress(&[server.address, gone_address]);
    drop(gone);
    tokio::task::yield_now().await;
    let error = egress.send(Request::get(server.url("/")).redirects(1)).await.unwrap_err();
    assert!(matches!(error, EgressError::Redirected { .. }), "{error:?}");
    assert!(!error.never_sent() && !error.refused_here());
}

fn located(to: &str) -> HeaderMap {
    HeaderMap::from_iter([(reqwest::header::LOCATION, HeaderValue::from_str(to).unwrap())])
}

#[test]
fn https_is_not_left() {
    let url = Url::parse("https://example.com/a").unwrap();
    let error = rules::next(&Method::GET, &url, 302, &located("http://example.com/a")).unwrap_err();
    assert!(matches!(error, EgressError::SchemeNotAllowed { .. }));
    let next = rules::next(&Method::GET, &url, 302, &located("//other.example/b")).unwrap().unwrap();
    assert_eq!((next.url.as_str(), next.same_origin), ("https://other.example/b", false));
}

#[test]
fn an_origin_is_scheme_host_and_port() {
    let url = Url::parse("https://example.com/a").unwrap();
    for (to, same) in [
        ("/b", true),
        ("https://example.com:443/b", true),
        ("https://EXAMPLE.com/b", true),
        ("https://example.com:8443/b", false),
        ("https://sub.example.com/b", false),
        ("https://example.com./b", false),
        ("https://example.org/b", false),
    ] {
        let next = rules::next(&Method::GET, &url, 302, &located(to)).unwrap().unwrap();
        assert_eq!(next.same_origin, same, "{to}");
    }
}

#[test]
fn what_is_no_redirect_is_an_answer() {
    let url = Url::parse("https://example.com/a").unwrap();
    for status in [200, 201, 300, 304, 305, 306, 400, 500] {
        assert_eq!(rules::next(&Method::GET, &url, status, &located("/b")), Ok(None));
    }
    assert_eq!(rules::next(&Method::GET, &url, 302, &HeaderMap::new()), Ok(None));
}
