//! TLS and HTTP/2, with a server whose certificate is made for `sendoff.test` and 127.0.0.1:
//! `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=sendoff.test`
//! `-addext subjectAltName=DNS:sendoff.test,IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE`

use std::sync::{Arc, Mutex};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::names::Script;
use super::policy;
use super::server::Server;
use crate::tls::Tls;
use crate::{Egress, EgressError, Request};

const CERTIFICATE: &[u8] = include_bytes!("fixtures/certificate.der");
const KEY: &[u8] = include_bytes!("fixtures/key.der");

fn acceptor(protocol: &[u8]) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let mut config = builder.with_no_client_auth().with_single_cert(vec![CERTIFICATE.into()], key).unwrap();
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// Trusts the test certificate, and finds every name on the loopback interface.
fn trusting(server: &Server) -> Egress {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(CERTIFICATE)).unwrap();
    Egress::assemble(policy(&[server.address]), Script::new(&[&["127.0.0.1"]]), Tls::only(roots).unwrap())
}

fn url(host: &str, server: &Server) -> String {
    format!("https://{host}:{}/", server.address.port())
}

async fn secure_server() -> Server {
    let acceptor = acceptor(b"http/1.1");
    Server::start(move |stream, requests| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut buffer = [0; 4096];
            let Ok(read) = stream.read(&mut buffer).await else { return };
            if read > 0 {
                requests.lock().unwrap().push(String::from_utf8_lossy(&buffer[..read]).into_owned());
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecure").await;
            let _ = stream.shutdown().await;
        }
    })
    .await
}

#[tokio::test]
async fn a_trusted_server_is_reached_by_name_and_address() {
    let server = secure_server().await;
    let egress = trusting(&server);
    for host in ["sendoff.test", "127.0.0.1"] {
        assert_eq!(egress.send(Request::get(url(host, &server))).await.unwrap().text(), "secure", "{host}");
    }
}

#[tokio::test]
async fn a_wrong_name_or_an_unknown_issuer_ends_before_the_request() {
    let server = secure_server().await;
    let wrong = trusting(&server).send(Request::post(url("other.test", &server))).await.unwrap_err();
    let stranger = Tls::only(RootCertStore::empty()).unwrap();
    let egress = Egress::assemble(policy(&[server.address]), Script::new(&[&["127.0.0.1"]]), stranger);
    let unknown = egress.send(Request::post(url("sendoff.test", &server))).await.unwrap_err();
    for error in [wrong, unknown] {
        assert!(matches!(error, EgressError::Tls { .. }) && error.never_sent(), "{error:?}");
    }
    assert!(server.requests().is_empty());
}

/// With the certificates that this machine trusts, ours is nobody's.
#[tokio::test]
async fn the_platform_does_not_trust_the_test_certificate() {
    let server = secure_server().await;
    let egress = Egress::with_resolver(policy(&[server.address]), Script::new(&[&["127.0.0.1"]])).unwrap();
    let error = egress.send(Request::get(url("sendoff.test", &server))).await.unwrap_err();
    assert!(matches!(error, EgressError::Tls { .. }) && error.never_sent(), "{error:?}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_gets_no_request() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let server = Server::start(move |mut stream, _| {
        let kept = Arc::clone(&kept);
        async move {
            let mut buffer = [0; 4096];
            let read = stream.read(&mut buffer).await.unwrap_or(0);
            kept.lock().unwrap().extend_from_slice(&buffer[..read]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    })
    .await;
    let request = Request::post(url("sendoff.test", &server)).body("text/plain", "the-post");
    let error = trusting(&server).send(request).await.unwrap_err();
    assert!(matches!(error, EgressError::Tls { .. } | EgressError::Connect { .. }), "{error:?}");
    assert!(error.never_sent());
    assert!(!String::from_utf8_lossy(&seen.lock().unwrap()).contains("the-post"));
}

/// The clock stands still and jumps whenever everybody waits, so the five seconds pass at once.
#[tokio::test(start_paused = true)]
async fn a_handshake_that_never_ends_was_never_sent() {
    let server = Server::start(|mut stream, _| async move {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    })
    .await;
    let error = trusting(&server).send(Request::post(url("sendoff.test", &server))).await.unwrap_err();
    assert_eq!(error, EgressError::Timeout { host: "sendoff.test".to_owned(), sent: false });
    assert!(error.never_sent());
}

/// How an HTTP/2 server treats the streams it is given.
#[derive(Clone, Copy)]
enum Manner {
    Answer,
    Refuse(h2::Reason),
    GoAway,
}

async fn http2_server(manner: Manner) -> Server {
    let acceptor = acceptor(b"h2");
    Server::start(move |stream, requests| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve_http2(stream, manner, requests).await;
            }
        }
    })
    .await
}

async fn serve_http2(stream: TlsStream<TcpStream>, manner: Manner, requests: Arc<Mutex<Vec<String>>>) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        requests.lock().unwrap().push(request.uri().to_string());
        match manner {
            Manner::Answer => {
                let mut body = respond.send_response(Default::default(), false).unwrap();
                body.send_data(bytes::Bytes::from_static(b"two"), true).unwrap();
            }
            Manner::Refuse(reason) => respond.send_reset(reason),
            Manner::GoAway => connection.abrupt_shutdown(h2::Reason::NO_ERROR),
        }
    }
}

#[tokio::test]
async fn http2_is_spoken_where_it_is_offered() {
    let server = http2_server(Manner::Answer).await;
    let egress = trusting(&server);
    for _ in 0..3 {
        assert_eq!(egress.send(Request::get(url("sendoff.test", &server))).await.unwrap().text(), "two");
    }
    assert_eq!((server.connections(), server.requests().len()), (1, 3));
}

#[tokio::test]
async fn a_refused_stream_was_not_looked_at_and_is_not_sent_again_unasked() {
    let server = http2_server(Manner::Refuse(h2::Reason::REFUSED_STREAM)).await;
    let request = Request::post(url("sendoff.test", &server)).body("text/plain", "the-post");
    let error = trusting(&server).send(request).await.unwrap_err();
    assert_eq!(error, EgressError::Unread { host: "sendoff.test".to_owned() });
    assert!(error.never_sent());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn other_ends_of_a_stream_leave_the_outcome_open() {
    let manners = [Manner::Refuse(h2::Reason::CANCEL), Manner::Refuse(h2::Reason::INTERNAL_ERROR), Manner::GoAway];
    for manner in manners {
        let server = http2_server(manner).await;
        let request = Request::post(url("sendoff.test", &server)).body("text/plain", "the-post");
        let error = trusting(&server).send(request).await.unwrap_err();
        assert!(matches!(error, EgressError::Io { sent: true, .. }), "{error:?}");
        assert!(!error.never_sent());
        assert_eq!(server.requests().len(), 1);
    }
}
