//! A stream of events that lasts (`text/event-stream`, WHATWG HTML, section 9.2), read one by one.
//!
//! What stands for a whole answer as its size and its total time stands here for each event: its bytes, the bytes of a line, and the
//! time since the event before. `id` and `retry` are not looked at: who calls knows by itself where to go on and when.

use std::fmt;
use std::time::Duration;

use bytes::{Buf, Bytes};
use tokio::sync::watch;

use crate::error::EgressError;
use crate::failure;
use crate::response::Response;
use crate::target::Target;

/// What an event may be like. More than that ends the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventBounds {
    /// Bytes of one line, without its end.
    pub line_max: usize,
    /// Bytes of the data of one event.
    pub data_max: usize,
    /// From one event to the next, and from the head of the answer to the first. Comments and bytes that end no event do not count:
    /// something between that keeps a connection warm is no server that lives.
    pub idle_max: Duration,
}

/// An event with its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerEvent {
    /// `message` unless the server said otherwise.
    pub kind: String,
    /// Lines are separated by line feeds. Bytes that are not UTF-8 become U+FFFD.
    pub data: String,
}

/// What a server answered to the wish for a stream.
#[derive(Debug)]
pub enum Opened {
    Events(EventStream),
    /// Another status or another kind of content, read to its end.
    Answer(Response),
}

/// A stream that is open. Dropping it closes it.
pub struct EventStream {
    response: reqwest::Response,
    target: Target,
    bounds: EventBounds,
    lines: Lines,
    /// Changes when the policy does, and when connections are given up.
    given_up: watch::Receiver<u64>,
    over: bool,
}

impl EventStream {
    pub(crate) fn new(
        response: reqwest::Response,
        target: Target,
        bounds: EventBounds,
        given_up: watch::Receiver<u64>,
    ) -> Self {
        Self { response, target, bounds, lines: Lines::new(bounds), given_up, over: false }
    }

    /// The next event; `None` when the server has ended the stream. Nothing is lost by dropping the future.
    ///
    /// # Errors
    /// [`EgressError::TooLarge`], [`EgressError::Timeout`] when no event came in time, [`EgressError::Io`] when the connection failed, when
    /// the policy changed or when connections were given up. After an error the stream is over.
    pub async fn next(&mut self) -> Result<Option<ServerEvent>, EgressError> {
        if self.over {
            return Ok(None);
        }
        let read = tokio::time::timeout(self.bounds.idle_max, self.read()).await;
        let read = read.unwrap_or_else(|_| Err(EgressError::Timeout { host: self.target.host.clone(), sent: true }));
        self.over = !matches!(read, Ok(Some(_)));
        read
    }

    async fn read(&mut self) -> Result<Option<ServerEvent>, EgressError> {
        loop {
            match self.lines.next() {
                Ok(None) => {}
                Ok(event) => return Ok(event),
                Err(limit) => return Err(EgressError::TooLarge { host: self.target.host.clone(), limit }),
            }
            let chunk = tokio::select! {
                // a stream that never pauses must not outlive the policy that it was opened under
                biased;
                // where the whole client is gone nobody changes its policy any more
                Ok(()) = self.given_up.changed() => {
                    let detail = "connections were given up".to_owned();
                    return Err(EgressError::Io { host: self.target.host.clone(), sent: true, detail });
                }
                chunk = self.response.chunk() => chunk.map_err(|error| failure::in_response(&error, &self.target))?,
            };
            match chunk {
                Some(chunk) => self.lines.rest = chunk,
                None => return Ok(None),
            }
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("host", &self.target.host).field("over", &self.over).finish_non_exhaustive()
    }
}

/// Whether an answer is a stream of events.
pub(crate) fn is_stream(response: &reqwest::Response) -> bool {
    let kind = response.headers().get(reqwest::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    response.status().as_u16() == 200 && essence.is_some_and(|kind| kind.eq_ignore_ascii_case("text/event-stream"))
}

/// Cuts bytes into lines, and puts lines together to events.
struct Lines {
    bounds: EventBounds,
    /// Came and was not looked at.
    rest: Bytes,
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed behind it belongs to it.
    after_return: bool,
    /// No line was read yet: a byte order mark may stand before it.
    first: bool,
    kind: String,
    /// Each line with a line feed behind it.
    data: Vec<u8>,
}

impl Lines {
    fn new(bounds: EventBounds) -> Self {
        let (rest, line, data) = (Bytes::new(), Vec::new(), Vec::new());
        Self { bounds, rest, line, after_return: false, first: true, kind: String::new(), data }
    }

    /// The next whole event in what came so far; an error is the limit that was reached.
    fn next(&mut self) -> Result<Option<ServerEvent>, usize> {
        while let Some(byte) = self.rest.first().copied() {
            self.rest.advance(1);
            let belongs = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if belongs {
                continue;
            }
            if !matches!(byte, b'\r' | b'\n') {
                if self.line.len() >= self.bounds.line_max {
                    return Err(self.bounds.line_max);
                }
                self.line.push(byte);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = match std::mem::replace(&mut self.first, false) {
                true => line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line),
                false => &line,
            };
            if let Some(event) = self.take(line)? {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    fn take(&mut self, line: &[u8]) -> Result<Option<ServerEvent>, usize> {
        if line.is_empty() {
            let (kind, mut data) = (std::mem::take(&mut self.kind), std::mem::take(&mut self.data));
            // without data it is none, whatever it is called
            if data.pop().is_none() {
                return Ok(None);
            }
            let kind = if kind.is_empty() { "message".to_owned() } else { kind };
            return Ok(Some(ServerEvent { kind, data: String::from_utf8_lossy(&data).into_owned() }));
        }
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                if self.data.len().saturating_add(value.len()) > self.bounds.data_max {
                    return Err(self.bounds.data_max);
                }
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"event" => self.kind = String::from_utf8_lossy(value).into_owned(),
            // comments have an empty name
            _ => {}
        }
        Ok(None)
    }
}
