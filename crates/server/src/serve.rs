//! Connections: how many, how long they may say nothing, and how they end.
//!
//! hyper is driven directly. `axum::serve` sets no timer, so a header could take forever; `hyper-util`'s automatic choice of
//! the protocol waits without a limit for the first bytes. Here plain connections speak HTTP/1.1, and TLS says by ALPN which.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::Response;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::address::{ClientAddress, Peer};
use crate::app::App;

/// Bounds of a listener.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Connections at a time.
    pub connections: usize,
    /// Connections of one IPv4 address or IPv6 /64 at a time; proxies of ours are not counted.
    pub connections_each: usize,
    /// From the first byte, or the end of the last answer, to the end of a request's head; also of the TLS handshake.
    pub head: Duration,
    /// What still runs this long after the signal to stop is cut.
    pub stop: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: 1024, connections_each: 64, head: Duration::from_secs(10), stop: Duration::from_secs(10) }
    }
}

const HEADERS_MAX: usize = 64;
const HEAD_BYTES_MAX: usize = 32 * 1024;
const STREAMS_MAX: u32 = 64;
const RESETS_MAX: usize = 20;
const PING_AFTER: Duration = Duration::from_secs(20);
const PING_ANSWER: Duration = Duration::from_secs(10);
/// After an error of `accept` that is not the peer's (no more file descriptors): long enough not to spin.
const BREATH: Duration = Duration::from_millis(100);

/// Counts connections by bucket, and forgets a bucket with its last one.
#[derive(Debug, Default)]
struct Counted(Mutex<HashMap<IpAddr, usize>>);

struct Place {
    counted: Arc<Counted>,
    bucket: IpAddr,
}

impl Counted {
    fn take(self: &Arc<Self>, bucket: IpAddr, most: usize) -> Option<Place> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(bucket).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { counted: Arc::clone(self), bucket })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.counted.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.bucket) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.bucket);
            }
        }
    }
}

/// One listening socket with what is served there.
pub struct Listener {
    pub socket: TcpListener,
    pub router: Router,
    pub tls: Option<TlsAcceptor>,
    pub proxies: Vec<IpNet>,
    pub bounds: Bounds,
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener").field("socket", &self.socket).field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

impl Listener {
    /// Serves until `stop` is ready; then takes no more connections, lets requests end, and cuts what takes too long.
    pub async fn serve(self, app: App, stop: impl Future<Output = ()> + Send) {
        let places = Arc::new(Semaphore::new(self.bounds.connections));
        let counted = Arc::new(Counted::default());
        let graceful = GracefulShutdown::new();
        let shared = Arc::new(self);
        tokio::pin!(stop);
        let mut tasks = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = shared.socket.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) if of_the_peer(&error) => continue,
                Err(error) => {
                    tracing::warn!(reason = %error, "no connection can be taken");
                    let _ = tokio::time::timeout(BREATH, std::future::pending::<()>()).await;
                    continue;
                }
            };
            let address = peer.ip().to_canonical();
            let ours = shared.proxies.iter().any(|net| net.contains(&address));
            let most = if ours { usize::MAX } else { shared.bounds.connections_each };
            let place = counted.take(ClientAddress(address).bucket(), most);
            let (Some(place), Ok(permit)) = (place, Arc::clone(&places).try_acquire_owned()) else {
                app.metrics.connections_refused.inc();
                continue;
            };
            let (shared, app, watcher) = (Arc::clone(&shared), app.clone(), graceful.watcher());
            // the finished ones are taken out as new ones come, so the set stays as large as what runs
            while tasks.try_join_next().is_some() {}
            tasks.spawn(async move {
                let _held = (place, permit);
                app.metrics.connections.inc();
                shared.connection(stream, peer, watcher).await;
                app.metrics.connections.dec();
            });
        }
        let stop = shared.bounds.stop;
        drop(shared);
        if tokio::time::timeout(stop, graceful.shutdown()).await.is_err() {
            tracing::warn!("requests took too long and were cut");
        }
        tasks.abort_all();
    }

    async fn connection(&self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        // small answers are not held back to be sent together
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else {
            return self.http1(stream, peer, watcher).await;
        };
        let Ok(Ok(stream)) = tokio::time::timeout(self.bounds.head, tls.accept(stream)).await else { return };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.http2(stream, peer, watcher).await;
        } else {
            self.http1(stream, peer, watcher).await;
        }
    }

    async fn http1(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        watcher: Watcher,
    ) {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.bounds.head)
            .max_headers(HEADERS_MAX)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service_fn(|request| self.answer(request, peer)));
        report(watcher.watch(connection).await);
    }

    async fn http2(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        watcher: Watcher,
    ) {
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_AFTER)
            .keep_alive_timeout(PING_ANSWER)
            .max_concurrent_streams(STREAMS_MAX)
            .max_header_list_size(HEAD_BYTES_MAX as u32)
            .max_pending_accept_reset_streams(RESETS_MAX)
            .max_local_error_reset_streams(RESETS_MAX)
            .serve_connection(TokioIo::new(stream), {
                let router = self.router.clone();
                service_fn(move |request| answer(router.clone(), request, peer))
            });
        report(watcher.watch(connection).await);
    }

    fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> impl Future<Output = Result<Response<Body>, std::convert::Infallible>> + use<> {
        answer(self.router.clone(), request, peer)
    }
}

async fn answer(
    router: Router,
    mut request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response<Body>, std::convert::Infallible> {
    request.extensions_mut().insert(Peer(peer));
    router.oneshot(request.map(Body::new)).await
}

fn report(ended: Result<(), hyper::Error>) {
    // peers that go away or talk nonsense are nothing an operator can do something about
    if let Err(error) = ended {
        tracing::debug!(reason = %error, "a connection ended badly");
    }
}

fn of_the_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}
