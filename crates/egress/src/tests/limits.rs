//! Answers that are too large, too slow, or not what they claim.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use futures::future::join_all;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::egress;
use super::server::{Server, ok, read_request};
use crate::{EgressError, Request};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let body = gzip(bytes);
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.into_bytes(), body].concat()
}

/// Reads a request, writes the answer, hangs up.
async fn once(answer: Vec<u8>) -> Server {
    Server::start(move |mut stream, _| {
        let answer = answer.clone();
        async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(&answer).await;
        }
    })
    .await
}

async fn get(server: &Server) -> Result<Vec<u8>, EgressError> {
    egress(&[server.address]).send(Request::get(server.url("/"))).await.map(|response| response.body)
}

#[tokio::test]
async fn compressed_answers_are_unpacked() {
    let server = Server::answering([gzipped(b"hello")]).await;
    assert_eq!(get(&server).await.unwrap(), b"hello");
    assert!(server.requests()[0].to_lowercase().contains("accept-encoding: gzip"));
}

#[tokio::test]
async fn a_zip_bomb_is_cut_at_the_limit() {
    let bomb = gzipped(&vec![0; 64 * 1024 * 1024]);
    assert!(bomb.len() < 100 * 1024);
    let server = Server::answering([bomb]).await;
    let error = get(&server).await.unwrap_err();
    assert_eq!(error, EgressError::TooLarge { host: "127.0.0.1".to_owned(), limit: 2 * 1024 * 1024 });
    assert!(!error.never_sent());
}

#[tokio::test]
async fn the_limit_is_exact() {
    let server = Server::answering([ok("0123456789"), ok("0123456789")]).await;
    let egress = egress(&[server.address]);
    let request = Request::get(server.url("/"));
    assert_eq!(egress.send(request.clone().max_response_bytes(10)).await.unwrap().body.len(), 10);
    let error = egress.send(request.clone().max_response_bytes(9)).await.unwrap_err();
    assert!(matches!(error, EgressError::TooLarge { limit: 9, .. }), "{error:?}");

    let packed = Server::answering([gzipped(b"0123456789")]).await;
    let egress = super::egress(&[packed.address]);
    let request = Request::get(packed.url("/"));
    assert_eq!(egress.send(request.clone().max_response_bytes(10)).await.unwrap().body.len(), 10);
    assert!(egress.send(request.max_response_bytes(9)).await.is_err());
}

#[tokio::test]
async fn a_length_is_not_believed() {
    // announces far too much: refused on the announcement, without waiting for it
    let server = once(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx".to_vec()).await;
    assert!(matches!(get(&server).await, Err(EgressError::TooLarge { .. })));
    // announces more than it sends
    let server = once(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345".to_vec()).await;
    assert!(matches!(get(&server).await, Err(EgressError::Io { sent: true, .. })));
    // sends more than it announces: the rest belongs to nobody
    let server = once(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n1234567890".to_vec()).await;
    assert_eq!(get(&server).await.unwrap(), b"12345");
    // announces nonsense
    for length in ["-1", "0x10", "1, 2", "18446744073709551616"] {
        let server = once(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\nx").into_bytes()).await;
        assert!(matches!(get(&server).await, Err(EgressError::Io { sent: true, .. })), "{length}");
    }
    // announces a compressed body that is none
    let server = once(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nplain".to_vec()).await;
    assert!(matches!(get(&server).await, Err(EgressError::Io { sent: true, .. })));
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    async fn endless(mut stream: TcpStream) {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
        let chunk = [b"2000\r\n".as_slice(), &[b'x'; 0x2000], b"\r\n"].concat();
        while stream.write_all(&chunk).await.is_ok() {}
    }
    let server = Server::start(|stream, _| endless(stream)).await;
    assert!(matches!(get(&server).await, Err(EgressError::TooLarge { .. })));
}

#[tokio::test]
async fn headers_have_a_limit() {
    let with = |headers: String| format!("HTTP/1.1 200 OK\r\n{headers}content-length: 0\r\n\r\n").into_bytes();
    let server = once(with(format!("x-large: {}\r\n", "x".repeat(60_000)))).await;
    assert_eq!(get(&server).await.unwrap(), b"");
    let server = once(with(format!("x-large: {}\r\n", "x".repeat(70_000)))).await;
    assert!(matches!(get(&server).await, Err(EgressError::TooLarge { .. })));
    let server = once(with(format!("x-huge: {}\r\n", "x".repeat(1_000_000)))).await;
    assert!(matches!(get(&server).await, Err(EgressError::Io { sent: true, .. })));
    let server = once(with("x-many: x\r\n".repeat(1000))).await;
    assert!(matches!(get(&server).await, Err(EgressError::Io { sent: true, .. })));
}

/// Writes the answer's body one byte at a time for as long as anybody listens.
async fn drip(mut stream: TcpStream) {
    read_request(&mut stream).await;
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await;
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    while stream.write_all(b"x").await.is_ok() {
        tick.tick().await;
    }
}

#[tokio::test]
async fn a_slow_drip_is_cut_by_the_total_time() {
    let server = Server::start(|stream, _| drip(stream)).await;
    let started = Instant::now();
    let request = Request::get(server.url("/")).timeout(Duration::from_millis(300));
    let error = egress(&[server.address]).send(request).await.unwrap_err();
    assert_eq!(error, EgressError::Timeout { host: "127.0.0.1".to_owned(), sent: true });
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(290) && took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test]
async fn the_total_time_spans_redirects() {
    // each hop alone is far below the limit; together they are above it
    let server = Server::start(|mut stream, _| async move {
        let mut tick = tokio::time::interval(Duration::from_millis(150));
        tick.tick().await;
        while read_request(&mut stream).await.is_some() {
            tick.reset();
            tick.tick().await;
            let answer = super::server::redirect(302, "/on");
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    })
    .await;
    let request = Request::get(server.url("/")).redirects(3).timeout(Duration::from_millis(400));
    let error = egress(&[server.address]).send(request).await.unwrap_err();
    assert!(matches!(&error, EgressError::Redirected { source } if matches!(**source, EgressError::Timeout { .. })));
    assert!(!error.never_sent());
}

#[tokio::test]
async fn fifty_slow_servers_hold_nobody_up() {
    let slow = Server::start(|stream, _| drip(stream)).await;
    let quick = Server::answering([ok("quick")]).await;
    let egress = egress(&[slow.address, quick.address]);
    let p95 = async |egress: &crate::Egress| {
        let mut times = Vec::new();
        for _ in 0..100 {
            let started = Instant::now();
            assert_eq!(egress.send(Request::get(quick.url("/"))).await.unwrap().text(), "quick");
            times.push(started.elapsed());
        }
        times.sort();
        times[94]
    };
    let alone = p95(&egress).await;
    let held = {
        let egress = egress.clone();
        let url = slow.url("/");
        tokio::spawn(async move {
            let request = || Request::get(&url).timeout(Duration::from_secs(30));
            join_all((0..50).map(|_| egress.send(request()))).await
        })
    };
    while slow.connections() < 50 {
        tokio::task::yield_now().await;
    }
    let beside = p95(&egress).await;
    assert!(!held.is_finished());
    held.abort();
    println!("p95 of a request: {alone:?} alone, {beside:?} beside 50 slow answers");
    // twice, and room for a machine that is busy with something else
    assert!(beside <= alone * 2 + Duration::from_millis(250), "{alone:?} alone, {beside:?} beside");
}
