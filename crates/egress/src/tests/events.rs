//! Streams of events: how they are read, and everything that ends one.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use tokio::io::AsyncWriteExt;

use super::server::{Canary, Server, ok, read_request, redirect};
use super::{egress, policy};
use crate::{Egress, EgressError, EventBounds, EventStream, Opened, Policy, Request, ServerEvent};

const HEAD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n";
const BOUNDS: EventBounds = EventBounds { line_max: 100, data_max: 150, idle_max: Duration::from_millis(400) };

/// Sends each of these as a chunk of its own, and then what `end` does: `true` hangs up properly, `false` says nothing any more.
async fn sending(chunks: Vec<Vec<u8>>, ends: bool) -> Server {
    Server::start(move |mut stream, _| {
        let chunks = chunks.clone();
        async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(HEAD.as_bytes()).await;
            for chunk in chunks {
                let _ = stream.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).await;
                let _ = stream.write_all(&chunk).await;
                let _ = stream.write_all(b"\r\n").await;
                tokio::task::yield_now().await;
            }
            match ends {
                true => drop(stream.write_all(b"0\r\n\r\n").await),
                false => std::future::pending().await,
            }
        }
    })
    .await
}

async fn open(egress: &Egress, server: &Server) -> EventStream {
    match egress.events(Request::get(server.url("/live")), BOUNDS).await.unwrap() {
        Opened::Events(stream) => stream,
        Opened::Answer(response) => panic!("{response:?}"),
    }
}

/// Everything up to the end, and the error that ended it.
async fn all(mut stream: EventStream) -> (Vec<ServerEvent>, Option<EgressError>) {
    let mut events = Vec::new();
    loop {
        match stream.next().await {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return (events, None),
            Err(error) => {
                assert_eq!(stream.next().await, Ok(None), "after an error it is over");
                return (events, Some(error));
            }
        }
    }
}

async fn read(text: &[u8]) -> (Vec<ServerEvent>, Option<EgressError>) {
    let server = sending(vec![text.to_vec()], true).await;
    all(open(&egress(&[server.address]), &server).await).await
}

fn event(kind: &str, data: &str) -> ServerEvent {
    ServerEvent { kind: kind.to_owned(), data: data.to_owned() }
}

/// The examples of the specification, and what stands between the lines of it.
#[tokio::test]
async fn events_are_read_as_browsers_read_them() {
    for (text, expected) in [
        ("data: YHOO\ndata: +2\ndata: 10\n\n", vec![event("message", "YHOO\n+2\n10")]),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            vec![event("message", "first event"), event("message", "second event"), event("message", " third event")],
        ),
        ("data\n\ndata\ndata\n\ndata:", vec![event("message", ""), event("message", "\n")]),
        ("data:test\n\ndata: test\n\n", vec![event("message", "test"), event("message", "test")]),
        ("event: add\ndata: 7\n\ndata: 8\n\n", vec![event("add", "7"), event("message", "8")]),
        ("event: lost\n\ndata: 8\n\n", vec![event("message", "8")]),
        (
            "\u{feff}data: 1\r\n\r\n\u{feff}data: 2\n\ndata: 3\r\rdata: 4\n\n",
            vec![event("message", "1"), event("message", "3"), event("message", "4")],
        ),
        ("data: ü: ö\nretry: 7\nother: x\nDATA: y\n data: z\n\n", vec![event("message", "ü: ö")]),
    ] {
        assert_eq!(read(text.as_bytes()).await, (expected, None), "{text:?}");
    }
    assert_eq!(read(b"data: \xff\n\n").await.0, [event("message", "\u{fffd}")]);
}

#[tokio::test]
async fn lines_and_events_have_a_limit() {
    let too_large = |limit| Some(EgressError::TooLarge { host: "127.0.0.1".to_owned(), limit });
    let line = |length: usize| format!("data: {}\n", "x".repeat(length - "data: ".len()));
    assert_eq!(read(format!("{}\n", line(100)).as_bytes()).await, (vec![event("message", &"x".repeat(94))], None));
    assert_eq!(read(format!("{}\n", line(101)).as_bytes()).await, (vec![], too_large(100)));
    assert_eq!(read(":".repeat(101).as_bytes()).await, (vec![], too_large(100)), "a line that never ends");
    // a line feed of the event counts too: 94 + 1 + 55
    let fits = format!("{}{}\n", line(100), line(61));
    assert_eq!(read(fits.as_bytes()).await.1, None);
    let (events, error) = read(format!("{fits}{}{}\n", line(100), line(62)).as_bytes()).await;
    assert_eq!((events.len(), error), (1, too_large(150)), "what came before is not lost");
    assert_eq!(read("data:\n".repeat(152).as_bytes()).await, (vec![], too_large(150)), "empty lines are bytes as well");
}

#[tokio::test]
async fn silence_ends_a_stream_and_so_does_what_only_looks_alive() {
    let timeout = Some(EgressError::Timeout { host: "127.0.0.1".to_owned(), sent: true });
    let server = sending(vec![b"data: 1\n\n".to_vec()], false).await;
    let started = Instant::now();
    let (events, error) = all(open(&egress(&[server.address]), &server).await).await;
    assert_eq!((events.len(), &error), (1, &timeout));
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(390) && took < Duration::from_secs(5), "{took:?}");

    // comments for ever
    let server = Server::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(HEAD.as_bytes()).await;
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        while stream.write_all(b"2\r\n:\n\r\n").await.is_ok() {
            tick.tick().await;
        }
    })
    .await;
    let (events, error) = all(open(&egress(&[server.address]), &server).await).await;
    assert_eq!((events.len(), &error), (0, &timeout));
}

/// Longer than any timeout of a request, as long as events come.
#[tokio::test]
async fn a_stream_lasts_as_long_as_events_come() {
    let server = Server::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(HEAD.as_bytes()).await;
        let mut tick = tokio::time::interval(Duration::from_millis(100));
        for _ in 0..12 {
            tick.tick().await;
            let _ = stream.write_all(b"9\r\ndata: x\n\n\r\n").await;
        }
        let _ = stream.write_all(b"0\r\n\r\n").await;
    })
    .await;
    let request = Request::get(server.url("/")).timeout(Duration::from_millis(500));
    let opened = egress(&[server.address]).events(request, BOUNDS).await.unwrap();
    let Opened::Events(stream) = opened else { panic!("{opened:?}") };
    let (events, error) = all(stream).await;
    assert_eq!((events.len(), error), (12, None));
}

#[tokio::test]
async fn whatever_is_no_stream_is_an_answer() {
    let json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}".to_owned();
    let refused = "HTTP/1.1 429 Slow\r\ncontent-type: text/event-stream\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n"
        .to_owned();
    let canary = Canary::new();
    let elsewhere = redirect(302, &format!("http://{}/", canary.address()));
    for (answer, status) in [(ok("x"), 200), (json, 200), (refused, 429), (elsewhere, 302)] {
        let server = Server::answering([answer]).await;
        let egress = egress(&[server.address, canary.address()]);
        let opened = egress.events(Request::get(server.url("/")).redirects(3), BOUNDS).await.unwrap();
        let Opened::Answer(response) = opened else { panic!("{opened:?}") };
        assert_eq!(response.status, status);
    }
    canary.assert_untouched();
    let server = Server::answering([ok("0123456789")]).await;
    let request = Request::get(server.url("/")).max_response_bytes(9);
    let error = egress(&[server.address]).events(request, BOUNDS).await.unwrap_err();
    assert!(matches!(error, EgressError::TooLarge { limit: 9, .. }), "{error:?}");
}

#[tokio::test]
async fn a_head_that_does_not_come_is_cut_and_so_is_one_that_is_too_large() {
    let silent = Server::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        std::future::pending().await
    })
    .await;
    let request = Request::get(silent.url("/")).timeout(Duration::from_millis(300));
    let error = egress(&[silent.address]).events(request, BOUNDS).await.unwrap_err();
    assert_eq!(error, EgressError::Timeout { host: "127.0.0.1".to_owned(), sent: true });
    let large = HEAD.replace("\r\n\r\n", &format!("\r\nx-large: {}\r\n\r\n", "x".repeat(70_000)));
    let server = Server::answering([large]).await;
    let error = egress(&[server.address]).events(Request::get(server.url("/")), BOUNDS).await.unwrap_err();
    assert!(matches!(error, EgressError::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn the_guard_stands_before_streams_too() {
    let canary = Canary::new();
    let guarded = Egress::new(Policy::default()).unwrap();
    for url in
        [format!("http://{}/", canary.address()), "https://169.254.169.254/".to_owned(), "https://[::1]/".to_owned()]
    {
        let error = guarded.events(Request::get(&url), BOUNDS).await.unwrap_err();
        assert!(error.never_sent() && error.refused_here(), "{url}: {error:?}");
    }
    let exempt = egress(&[canary.address()]);
    let request = Request::get(format!("http://{}/", canary.address())).public_only();
    assert!(exempt.events(request, BOUNDS).await.unwrap_err().refused_here());
    canary.assert_untouched();
}

/// A stream would outlive what it was allowed by.
#[tokio::test]
async fn a_stream_ends_with_the_policy_that_it_was_opened_under() {
    let server = sending(vec![b"data: 1\n\ndata: 2\n\n".to_vec()], false).await;
    let given_up: [fn(&Egress, Policy); 2] =
        [|egress, _| egress.set_policy(Policy::default()), |egress, _| egress.forget_connections()];
    for give_up in given_up {
        let egress = egress(&[server.address]);
        let mut stream = open(&egress, &server).await;
        assert_eq!(stream.next().await, Ok(Some(event("message", "1"))));
        let waiting = tokio::spawn(async move {
            let second = stream.next().await;
            (second, stream.next().await)
        });
        tokio::time::timeout(Duration::from_millis(100), std::future::pending::<()>()).await.unwrap_err();
        give_up(&egress, policy(&[]));
        let (second, third) = waiting.await.unwrap();
        assert_eq!(second, Ok(Some(event("message", "2"))), "it had come before");
        assert!(matches!(third, Err(EgressError::Io { sent: true, .. })), "{third:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However the bytes are cut into chunks, the events are the same.
    #[test]
    fn where_chunks_end_makes_no_difference(
        text in prop::collection::vec(prop_oneof![
            Just("data: x"), Just("data"), Just(":c"), Just("event: e"), Just("\n"), Just("\r"), Just("\r\n"), Just("\n\n"), Just("ü")
        ], 0..40),
        cuts in prop::collection::vec(1..9usize, 0..40),
    ) {
        let whole = text.concat().into_bytes();
        let (mut chunks, mut rest) = (Vec::new(), whole.as_slice());
        for cut in cuts {
            let (chunk, behind) = rest.split_at(cut.min(rest.len()));
            // an empty chunk would be the end
            if !chunk.is_empty() {
                chunks.push(chunk.to_vec());
            }
            rest = behind;
        }
        if !rest.is_empty() {
            chunks.push(rest.to_vec());
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let at_once = match whole.is_empty() {
                true => (Vec::new(), None),
                false => read(&whole).await,
            };
            let server = sending(chunks, true).await;
            let in_pieces = all(open(&egress(&[server.address]), &server).await).await;
            assert_eq!(at_once, in_pieces);
        });
    }
}
