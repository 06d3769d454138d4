//! The loopback listener: on 127.0.0.1, at a port of the system's choice, for one sign-in. It answers one exact path
//! once, checks the host, and gives nothing else away.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use url::Url;

use super::flows::same;
use crate::deep_link::{Return, parse_return};

const PATH: &str = "/callback";
const HEAD_MAX: usize = 16 * 1024;
const READ_PATIENCE: Duration = Duration::from_secs(5);
const CONNECTIONS_MAX: usize = 16;

#[derive(Debug)]
pub(super) struct Listener {
    socket: TcpListener,
    port: u16,
}

impl Listener {
    pub(super) async fn bind() -> io::Result<Self> {
        let socket = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = socket.local_addr()?.port();
        Ok(Self { socket, port })
    }

    pub(super) fn redirect(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Waits for the first return that brings `secret`; everything else is answered with 404 and changes nothing, so that no
    /// page and no program that guesses the port ends a sign-in.
    pub(super) async fn one_return(self, secret: &str) -> Return {
        let (found, mut first) = mpsc::channel(1);
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let secret: Arc<str> = secret.into();
        loop {
            tokio::select! {
                Some(back) = first.recv() => return back,
                accepted = self.socket.accept() => {
                    let (Ok((stream, _)), Ok(place)) = (accepted, places.clone().try_acquire_owned()) else { continue };
                    let (found, port, secret) = (found.clone(), self.port, Arc::clone(&secret));
                    tokio::spawn(async move {
                        let _place = place;
                        let answered = tokio::time::timeout(READ_PATIENCE, answer(stream, port, &secret)).await;
                        if let Ok(Ok(Some(back))) = answered {
                            // a second one finds nobody listening
                            let _ = found.try_send(back);
                        }
                    });
                }
            }
        }
    }
}

async fn answer(mut stream: TcpStream, port: u16, secret: &str) -> io::Result<Option<Return>> {
    let back = read_return(&mut stream, port).await?.filter(|back| same(&back.state, secret));
    let (status, text) = match &back {
        Some(_) => ("200 OK", "You can close this page and go back to Sendoff."),
        None => ("404 Not Found", "There is nothing here."),
    };
    let page = format!("<!doctype html><meta charset=utf-8><title>Sendoff</title><p>{text}</p>");
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'\r\n\r\n",
        page.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(page.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(back)
}

async fn read_return(stream: &mut TcpStream, port: u16) -> io::Result<Option<Return>> {
    let mut head = Vec::new();
    let mut chunk = [0u8; 2048];
    loop {
        let read = stream.read(&mut chunk).await?;
        head.extend(chunk.iter().take(read));
        if read == 0 || head.len() > HEAD_MAX {
            return Ok(None);
        }
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&head) {
            Ok(httparse::Status::Partial) => {}
            Ok(httparse::Status::Complete(_)) => return Ok(judge(&request, port)),
            Err(_) => return Ok(None),
        }
    }
}

fn judge(request: &httparse::Request<'_, '_>, port: u16) -> Option<Return> {
    let own = format!("127.0.0.1:{port}");
    let mut hosts = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
    let host = hosts.next()?;
    let right_host = host.value == own.as_bytes() && hosts.next().is_none();
    if request.method != Some("GET") || !right_host {
        return None;
    }
    let url = Url::parse(&format!("http://{own}{}", request.path?)).ok()?;
    if url.path() != PATH || url.host_str() != Some("127.0.0.1") { None } else { parse_return(&url) }
}
