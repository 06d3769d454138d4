//! What is certain after a failure: whether the request can have been acted on.

use std::net::TcpListener as StdListener;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::egress;
use super::server::{Server, ok, read_request};
use crate::{EgressError, Request};

#[tokio::test]
async fn a_closed_port_was_never_sent_to() {
    let address = StdListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = egress(&[address]).send(Request::post(format!("http://{address}/"))).await.unwrap_err();
    assert!(matches!(error, EgressError::Connect { .. }), "{error:?}");
    assert!(error.never_sent());
}

#[tokio::test]
async fn a_server_that_hangs_up_may_have_acted() {
    let server = Server::start(|mut stream, requests| async move {
        let request = read_request(&mut stream).await.unwrap();
        requests.lock().unwrap().push(request);
    })
    .await;
    let request = Request::post(server.url("/")).body("text/plain", "the-post");
    let error = egress(&[server.address]).send(request).await.unwrap_err();
    assert!(matches!(error, EgressError::Io { sent: true, .. }), "{error:?}");
    assert!(!error.never_sent());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_server_that_says_nothing_may_have_acted() {
    let server = Server::start(|mut stream, _| async move {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    })
    .await;
    let request = Request::post(server.url("/")).timeout(Duration::from_millis(200));
    let error = egress(&[server.address]).send(request).await.unwrap_err();
    assert_eq!(error, EgressError::Timeout { host: "127.0.0.1".to_owned(), sent: true });
    assert!(!error.never_sent());
}

#[tokio::test]
async fn a_server_that_breaks_off_its_answer_has_acted() {
    for answer in
        ["HTTP/1.1 200", "HTTP/1.1 200 OK\r\n", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"]
    {
        let server = Server::start(move |mut stream, _| async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        })
        .await;
        let error = egress(&[server.address]).send(Request::post(server.url("/"))).await.unwrap_err();
        assert!(matches!(error, EgressError::Io { sent: true, .. }), "{answer}: {error:?}");
        assert!(!error.never_sent());
    }
}

/// A kept connection that dies under a request: the client must not quietly send the request a second time.
#[tokio::test]
async fn nothing_is_sent_twice() {
    let server = Server::start(|mut stream, requests| async move {
        for turn in 0..2 {
            let Some(request) = read_request(&mut stream).await else { return };
            requests.lock().unwrap().push(request);
            if turn == 0 {
                let _ = stream.write_all(ok("first").as_bytes()).await;
            }
        }
    })
    .await;
    let egress = egress(&[server.address]);
    assert_eq!(egress.send(Request::get(server.url("/"))).await.unwrap().text(), "first");
    let post = Request::post(server.url("/")).body("text/plain", "the-post");
    let error = egress.send(post).await.unwrap_err();
    assert!(matches!(error, EgressError::Io { sent: true, .. }), "{error:?}");
    assert_eq!((server.connections(), server.requests().len()), (1, 2));
}

#[tokio::test]
async fn a_fresh_connection_is_not_shared() {
    let server = Server::answering([ok("hello")]).await;
    let egress = egress(&[server.address]);
    for expected in 1..=3 {
        let request = Request::get(server.url("/")).fresh_connection();
        assert_eq!(egress.send(request).await.unwrap().text(), "hello");
        assert_eq!(server.connections(), expected);
    }
}

#[test]
fn each_error_says_whether_it_was_sent() {
    let host = || "example.com".to_owned();
    let detail = || "it broke".to_owned();
    let never = [
        EgressError::BadUrl { reason: "x" },
        EgressError::BadRequest { reason: "x" },
        EgressError::SchemeNotAllowed { host: host() },
        EgressError::PortNotAllowed { host: host(), port: 1 },
        EgressError::AddressBlocked { host: host() },
        EgressError::Dns { host: host() },
        EgressError::Connect { host: host(), detail: detail() },
        EgressError::Tls { host: host(), detail: detail() },
        EgressError::Unread { host: host() },
        EgressError::Timeout { host: host(), sent: false },
        EgressError::Io { host: host(), sent: false, detail: detail() },
    ];
    let perhaps = [
        EgressError::Timeout { host: host(), sent: true },
        EgressError::Io { host: host(), sent: true, detail: detail() },
        EgressError::TooLarge { host: host(), limit: 1 },
        EgressError::TooManyRedirects { host: host() },
        EgressError::BadJson { detail: detail() },
    ];
    for error in &never {
        assert!(error.never_sent(), "{error:?}");
        let redirected = EgressError::Redirected { source: Box::new(error.clone()) };
        assert!(!redirected.never_sent(), "{redirected:?}");
    }
    assert!(perhaps.iter().all(|error| !error.never_sent()));
}
