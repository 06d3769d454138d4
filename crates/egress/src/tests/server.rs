//! Scripted HTTP/1.1 servers, and a listener that nobody should ever reach.

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(super) struct Server {
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers the n-th request with the n-th answer, later ones with the last, and keeps connections open.
    pub async fn answering<A: Into<Vec<u8>>>(answers: impl IntoIterator<Item = A>) -> Server {
        let answers: Arc<Vec<Vec<u8>>> = Arc::new(answers.into_iter().map(Into::into).collect());
        let next = Arc::new(AtomicUsize::new(0));
        Server::start(move |mut stream, requests| {
            let (answers, next) = (Arc::clone(&answers), Arc::clone(&next));
            async move {
                while let Some(request) = read_request(&mut stream).await {
                    requests.lock().unwrap().push(request);
                    let turn = next.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
                    if stream.write_all(&answers[turn]).await.is_err() {
                        return;
                    }
                }
            }
        })
        .await
    }

    /// Gives each connection to `serve`.
    pub async fn start<F, S>(serve: F) -> Server
    where
        F: Fn(TcpStream, Arc<Mutex<Vec<String>>>) -> S + Send + 'static,
        S: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (counted, recorded) = (Arc::clone(&connections), Arc::clone(&requests));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&recorded)));
            }
        });
        Server { address, connections, requests, task }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads one request, head and body, as text. `None` when the client has gone.
pub(super) async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let head_end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        if let Some(head_end) = head_end {
            let head = String::from_utf8_lossy(&bytes[..head_end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |text| {
                let length: usize = text.trim().parse().unwrap();
                length
            });
            if bytes.len() >= head_end + length {
                return Some(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

pub(super) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

pub(super) fn redirect(status: u16, to: &str) -> String {
    format!("HTTP/1.1 {status} Elsewhere\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
}

/// A listener that records nothing because nothing may come.
pub(super) struct Canary(StdListener);

impl Canary {
    pub fn new() -> Canary {
        let listener = StdListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Canary(listener)
    }

    pub fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    /// Connections wait in the backlog until they are taken, so one made at any time before is seen here.
    pub fn assert_untouched(&self) {
        match self.0.accept() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            other => panic!("the listener was reached: {other:?}"),
        }
    }
}

#[test]
fn a_canary_notices_a_connection() {
    let canary = Canary::new();
    canary.assert_untouched();
    let _connection = std::net::TcpStream::connect(canary.address()).unwrap();
    let noticed = std::panic::catch_unwind(|| canary.assert_untouched());
    assert!(noticed.is_err());
}
