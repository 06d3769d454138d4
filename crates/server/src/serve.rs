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
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::address::{ClientAddress, Peer};
use crate::app::App;
use crate::stall::{Watch, Watched};

/// Bounds of a listener.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Connections at a time.
    pub connections: usize,
    /// Connections of one IPv4 address or IPv6 /64 at a time; proxies of ours are not counted.
    pub connections_each: usize,
    /// From the first byte, or the end of the last answer, to the end of a request's head; also of the TLS handshake.
    pub head: Duration,
    /// A connection that takes nothing of what is written to it, or of an answer, for so long is cut.
    pub stall: Duration,
    /// What still runs this long after the signal to stop is cut.
    pub stop: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 1024,
            connections_each: 64,
            head: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            stop: Duration::from_secs(10),
        }
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
                if shared.connection(stream, peer, watcher).await == Ended::Stalled {
                    app.metrics.connections_cut.inc();
                }
                app.metrics.connections.dec();
            });
        }
        app.live.stop();
        let stop = shared.bounds.stop;
        drop(shared);
        if tokio::time::timeout(stop, graceful.shutdown()).await.is_err() {
            tracing::warn!("requests took too long and were cut");
        }
        tasks.abort_all();
    }

    async fn connection(&self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) -> Ended {
        // small answers are not held back to be sent together
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.bounds.stall));
        let stream = Box::pin(stream);
        let Some(tls) = &self.tls else {
            return self.http1(stream, peer, watcher).await;
        };
        let Ok(Ok(stream)) = tokio::time::timeout(self.bounds.head, tls.accept(stream)).await else {
            return Ended::ByItself;
        };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.http2(stream, peer, watcher).await
        } else {
            self.http1(stream, peer, watcher).await
        }
    }

    async fn http1(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        watcher: Watcher,
    ) -> Ended {
        let watch = Arc::new(Watch::default());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.bounds.head)
            .max_headers(HEADERS_MAX)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), self.service(&watch, peer));
        self.end(watcher.watch(connection), &watch).await
    }

    async fn http2(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        watcher: Watcher,
    ) -> Ended {
        let watch = Arc::new(Watch::default());
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_AFTER)
            .keep_alive_timeout(PING_ANSWER)
            .max_concurrent_streams(STREAMS_MAX)
            .max_header_list_size(HEAD_BYTES_MAX as u32)
            .max_pending_accept_reset_streams(RESETS_MAX)
            .max_local_error_reset_streams(RESETS_MAX)
            .serve_connection(TokioIo::new(stream), self.service(&watch, peer));
        self.end(watcher.watch(connection), &watch).await
    }

    fn service(
        &self,
        watch: &Arc<Watch>,
        peer: SocketAddr,
    ) -> impl hyper::service::HttpService<
        Incoming,
        ResBody = Watched<Body>,
        Error = std::convert::Infallible,
        Future: Send + 'static,
    > + use<> {
        let (router, watch) = (self.router.clone(), Arc::clone(watch));
        service_fn(move |mut request: Request<Incoming>| {
            let (router, watch) = (router.clone(), Arc::clone(&watch));
            async move {
                request.extensions_mut().insert(Peer(peer));
                let answer = router.oneshot(request.map(Body::new)).await?;
                Ok::<Response<Watched<Body>>, std::convert::Infallible>(answer.map(|body| watch.over(body)))
            }
        })
    }

    /// Drives a connection until it ends or its peer stops reading.
    async fn end(&self, connection: impl Future<Output = Result<(), hyper::Error>>, watch: &Watch) -> Ended {
        let ended = tokio::select! {
            ended = connection => ended,
            () = watch.stalled(self.bounds.stall) => return Ended::Stalled,
        };
        match ended {
            Ok(()) => Ended::ByItself,
            Err(error) if timed_out(&error) => Ended::Stalled,
            Err(error) => {
                // peers that go away or talk nonsense are nothing an operator can do something about
                tracing::debug!(reason = %error, "a connection ended badly");
                Ended::ByItself
            }
        }
    }
}

/// How a connection came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    ByItself,
    /// The peer did not read.
    Stalled,
}

/// Nothing could be written for a while, as [`TimeoutStream`] says it.
fn timed_out(error: &hyper::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(found) = cause {
        if found.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
            return true;
        }
        cause = found.source();
    }
    false
}

fn of_the_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}
