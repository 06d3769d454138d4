//! A server that answers exactly what a test says, and remembers what it was asked.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A field of a form.
    pub fn field(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.body.as_bytes()).find(|(known, _)| known == name).map(|(_, v)| v.into_owned())
    }
}

#[derive(Debug, Clone)]
pub enum Answer {
    Whole {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// Announces more bytes than it sends.
    CutShort {
        status: u16,
        body: String,
    },
    /// Closes the connection with a reset after the request was read.
    Reset,
}

impl Answer {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub fn text(status: u16, kind: &str, body: &str) -> Self {
        Self::Whole { status, headers: vec![("content-type", kind.to_owned())], body: body.to_owned() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Whole { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }
}

pub struct Fake {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Fake {
    pub async fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (log, answer) = (Arc::clone(&asked), Arc::new(answer));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                tokio::spawn(async move {
                    let _ = serve(stream, &log, &*answer).await;
                });
            }
        });
        Self { url, asked, task }
    }

    /// The same answer to everything.
    pub async fn always(answer: Answer) -> Self {
        Self::start(move |_| answer.clone()).await
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// An address where nobody listens.
    pub async fn nobody() -> String {
        let fake = Self::always(Answer::Reset).await;
        fake.task.abort();
        let url = fake.url.clone();
        while TcpStream::connect(url.trim_start_matches("http://")).await.is_ok() {
            tokio::task::yield_now().await;
        }
        url
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Asked>>,
    answer: &(dyn Fn(&Asked) -> Answer + Send + Sync),
) -> io::Result<()> {
    let asked = read(&mut stream).await?;
    let answer = {
        log.lock().unwrap().push(asked.clone());
        answer(&asked)
    };
    let (status, headers, body, length) = match answer {
        Answer::Whole { status, headers, body } => (status, headers, body.clone(), body.len()),
        Answer::CutShort { status, body } => (status, Vec::new(), body.clone(), body.len() + 100),
        Answer::Reset => {
            stream.set_zero_linger()?;
            return Ok(());
        }
    };
    let mut head = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).await?;
    stream.shutdown().await?;
    // until the other side has read it all
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut [0; 1])).await;
    Ok(())
}

async fn read(stream: &mut TcpStream) -> io::Result<Asked> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut lines = head.split("\r\n");
            let mut first = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
            let mut asked = Asked {
                method: first.next().unwrap_or_default(),
                path: first.next().unwrap_or_default(),
                ..Asked::default()
            };
            let headers = lines.filter_map(|line| line.split_once(':'));
            asked.headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
            let length: usize = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            while bytes.len() < end + 4 + length {
                let read = stream.read(&mut chunk).await?;
                if read == 0 {
                    break;
                }
                bytes.extend_from_slice(&chunk[..read]);
            }
            asked.body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
            return Ok(asked);
        }
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
}

/// A wire to a real server that can lose an answer after the server acted.
pub struct Lossy {
    pub url: String,
    lose: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<()>,
}

impl Lossy {
    pub async fn before(real: &str) -> Self {
        let target = real.replace("http://localhost", "127.0.0.1").replace("http://", "");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let lose = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&lose);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (target, flag) = (target.clone(), Arc::clone(&flag));
                tokio::spawn(async move {
                    let _ = carry(stream, &target, &flag).await;
                });
            }
        });
        Self { url, lose, task }
    }

    pub fn lose_next_answer(&self) {
        self.lose.store(true, Ordering::SeqCst);
    }
}

impl Drop for Lossy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(mut client: TcpStream, target: &str, lose: &AtomicBool) -> io::Result<()> {
    let mut server = TcpStream::connect(target).await?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let lost = async {
        let mut chunk = [0; 8192];
        loop {
            let read = from_server.read(&mut chunk).await?;
            if lose.swap(false, Ordering::SeqCst) {
                return Ok(true);
            }
            if read == 0 {
                return Ok::<bool, io::Error>(false);
            }
            to_client.write_all(&chunk[..read]).await?;
        }
    };
    let asking = async {
        tokio::io::copy(&mut from_client, &mut to_server).await?;
        // the client keeps its half open; the answer ends the exchange
        std::future::pending::<()>().await;
        Ok::<(), io::Error>(())
    };
    let lost = tokio::select! {
        lost = lost => lost?,
        asked = asking => { asked?; false }
    };
    if lost {
        client.set_zero_linger()?;
    }
    Ok(())
}
