//! What can go wrong between the program and a server: a proxy that lets requests through, until a rule says otherwise.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use rustix::net::sockopt::set_socket_linger;

/// What happens to a request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The connection is reset before the server hears of it.
    NeverArrives,
    /// The server does what it is asked; its answer does not arrive.
    AnswerLost,
    /// The answer takes this long.
    Slow(Duration),
    /// Something else answers, and the server hears nothing.
    Instead { status: u16, kind: &'static str, body: String },
    /// Announces more than it sends.
    CutShort { body: String },
    /// The server hears something else than was said: `to` in every place of `from`, which is as long.
    Altered { from: &'static str, to: &'static str },
    /// The head of the answer comes through, and nothing of what follows, for as long as both sides wait.
    Swallowed,
}

/// A request as it went by.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Method and path with the query, such as `GET /xrpc/...`.
    pub line: String,
    /// Head and body as text.
    pub text: String,
    /// When its first byte arrived.
    pub at: SystemTime,
}

type Applies = Box<dyn Fn(&Asked) -> bool + Send + Sync>;

struct Rule {
    applies: Applies,
    fault: Fault,
    /// How often it still happens.
    left: u32,
    hits: Arc<AtomicU32>,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("fault", &self.fault).field("left", &self.left).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct State {
    rules: Mutex<Vec<Rule>>,
    asked: Mutex<Vec<Asked>>,
}

/// Tells how often a rule was used.
#[derive(Debug, Clone)]
pub struct Hits(Arc<AtomicU32>);

impl Hits {
    pub fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A proxy on 127.0.0.1; it lives as long as the test program.
#[derive(Debug)]
pub struct Proxy {
    pub port: u16,
    state: Arc<State>,
}

impl Proxy {
    /// In front of the server at this port of 127.0.0.1, which need not listen yet.
    ///
    /// # Panics
    /// There is no port to be had.
    pub fn start(server: u16) -> Self {
        let socket = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = socket.local_addr().expect("an address").port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                let state = Arc::clone(&shared);
                // a connection that fails is what a proxy of this kind is for
                std::thread::spawn(move || pass(stream, server, &state).ok());
            }
        });
        Self { port, state }
    }

    /// The address by which the program reaches the server through it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on the next `times` requests that `applies` says yes to meet this fault.
    ///
    /// # Panics
    /// Another thread of the test failed.
    pub fn fault(&self, fault: Fault, times: u32, applies: impl Fn(&Asked) -> bool + Send + Sync + 'static) -> Hits {
        let hits = Arc::new(AtomicU32::new(0));
        let rule = Rule { applies: Box::new(applies), fault, left: times, hits: Arc::clone(&hits) };
        self.state.rules.lock().unwrap().push(rule);
        Hits(hits)
    }

    /// Everything goes through again.
    ///
    /// # Panics
    /// Another thread of the test failed.
    pub fn heal(&self) {
        self.state.rules.lock().unwrap().clear();
    }

    /// The requests so far that `of` says yes to.
    ///
    /// # Panics
    /// Another thread of the test failed.
    pub fn asked(&self, of: impl Fn(&Asked) -> bool) -> Vec<Asked> {
        self.state.asked.lock().unwrap().iter().filter(|asked| of(asked)).cloned().collect()
    }
}

impl State {
    /// The fault of a request, and where to note that it happened.
    fn fault_for(&self, asked: &Asked) -> Option<(Fault, Arc<AtomicU32>)> {
        self.asked.lock().unwrap().push(asked.clone());
        let mut rules = self.rules.lock().unwrap();
        let rule = rules.iter_mut().find(|rule| rule.left > 0 && (rule.applies)(asked))?;
        rule.left -= 1;
        Some((rule.fault.clone(), Arc::clone(&rule.hits)))
    }
}

/// One request per connection: both sides are told to close.
fn pass(mut client: TcpStream, server: u16, state: &State) -> io::Result<()> {
    let at = first_byte(&client)?;
    let request = read_message(&mut client)?;
    let text = String::from_utf8_lossy(&request).into_owned();
    let line = text.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
    let Some((fault, hits)) = state.fault_for(&Asked { line, text, at }) else {
        return relay(&mut client, server, &request);
    };
    let happened = meet(&fault, &mut client, server, &request);
    hits.fetch_add(1, Ordering::SeqCst);
    happened
}

fn meet(fault: &Fault, client: &mut TcpStream, server: u16, request: &[u8]) -> io::Result<()> {
    match fault {
        Fault::Slow(wait) => {
            let answer = ask(server, request)?;
            std::thread::sleep(*wait);
            deliver(client, &answer)
        }
        Fault::AnswerLost => {
            ask(server, request)?;
            reset(client)
        }
        Fault::NeverArrives => reset(client),
        Fault::Altered { from, to } => deliver(client, &ask(server, &altered(request, from, to))?),
        Fault::Instead { status, kind, body } => {
            let head = format!("HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n", body.len());
            deliver(client, format!("{head}connection: close\r\n\r\n{body}").as_bytes())
        }
        Fault::CutShort { body } => {
            let length = body.len() + 99;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n");
            deliver(client, format!("{head}connection: close\r\n\r\n{body}").as_bytes())
        }
        Fault::Swallowed => swallow(client, server, request),
    }
}

/// Passes the answer on as it comes: one that lasts comes through piece by piece.
fn relay(client: &mut TcpStream, server: u16, request: &[u8]) -> io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", server))?;
    stream.write_all(&closing(request))?;
    let mut chunk = [0; 16 * 1024];
    loop {
        match stream.read(&mut chunk)? {
            0 => return deliver(client, &[]),
            read => client.write_all(&chunk[..read])?,
        }
    }
}

fn swallow(client: &mut TcpStream, server: u16, request: &[u8]) -> io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", server))?;
    stream.write_all(&closing(request))?;
    let (mut head, mut chunk) = (Vec::new(), [0; 16 * 1024]);
    while head_end(&head).is_none() {
        match stream.read(&mut chunk)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => head.extend_from_slice(&chunk[..read]),
        }
    }
    client.write_all(&head[..head_end(&head).unwrap_or(head.len())])?;
    // until the client has had enough
    match client.read(&mut [0; 1])? {
        0 => Ok(()),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// The request with other words in it; as long as before, or the length in its head would lie.
fn altered(request: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "the words are equally long");
    String::from_utf8_lossy(request).replace(from, to).into_bytes()
}

/// The whole answer of the server.
fn ask(server: u16, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", server))?;
    stream.write_all(&closing(request))?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

fn deliver(client: &mut TcpStream, answer: &[u8]) -> io::Result<()> {
    client.write_all(answer)?;
    client.shutdown(Shutdown::Write)?;
    // until the other side has read it all
    client.set_read_timeout(Some(Duration::from_secs(10)))?;
    client.read(&mut [0; 1]).map(drop)
}

fn reset(client: &TcpStream) -> io::Result<()> {
    Ok(set_socket_linger(client, Some(Duration::ZERO))?)
}

/// The same request, asking for one answer on this connection.
fn closing(request: &[u8]) -> Vec<u8> {
    let end = head_end(request).unwrap_or(request.len());
    let head = String::from_utf8_lossy(&request[..end]);
    let lines = head.split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let mut closing = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\r\n").into_bytes();
    closing.extend_from_slice(b"\r\nconnection: close\r\n\r\n");
    closing.extend_from_slice(&request[end..]);
    closing
}

/// Where the body begins.
fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

/// Waits for a request to begin.
#[expect(clippy::disallowed_methods, reason = "when the program spoke, not a time of the program")]
fn first_byte(client: &TcpStream) -> io::Result<SystemTime> {
    client.peek(&mut [0; 1])?;
    Ok(SystemTime::now())
}

/// One whole request: its head, and a body by length or in chunks.
fn read_message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        if let Some(end) = head_end(&bytes) {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let field = |name: &str| {
                head.split("\r\n").find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
            };
            let whole = if field("transfer-encoding:").is_some_and(|coding| coding.contains("chunked")) {
                bytes.ends_with(b"0\r\n\r\n")
            } else {
                let length = field("content-length:").and_then(|length| length.parse().ok()).unwrap_or(0);
                bytes.len() >= end + length
            };
            if whole {
                return Ok(bytes);
            }
        }
        match stream.read(&mut chunk)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}
