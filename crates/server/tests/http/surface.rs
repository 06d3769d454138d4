//! The HTTP surface: errors, headers, bounds, slow clients, and a server that stops.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;
use server::serve::Bounds;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::both;
use crate::stage::{Device, PASSWORD, Stage, Store, address};

both!(the_server_says_that_it_lives_and_is_ready, |store| {
    let stage = Stage::new(store).await;
    assert_eq!(stage.call(Method::GET, "/healthz", None, None).await.0, 204);
    assert_eq!(stage.call(Method::GET, "/readyz", None, None).await.0, 204);
    let (status, meta) = stage.call(Method::GET, "/v1/meta", None, None).await;
    assert_eq!((status, meta["issuer"].as_str()), (200, Some(stage.origin.as_str())));
    stage.app.database.close().await;
    assert_eq!(stage.call(Method::GET, "/healthz", None, None).await.0, 204);
    let (status, body) = stage.call(Method::GET, "/readyz", None, None).await;
    assert_eq!((status, body["code"].as_str()), (503, Some("busy")));
});

#[tokio::test]
async fn an_error_is_a_problem_with_an_id_and_nothing_of_the_inside() {
    let stage = Stage::new(Store::Sqlite).await;
    let url = format!("{}/v1/me", stage.origin);
    let response = stage.http.get(&url).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(body["instance"], format!("urn:uuid:{id}"));
    assert_eq!((body["type"].as_str(), body["status"].as_u64()), (Some("about:blank"), Some(401)));

    // an id of the client's own is not taken over
    let response = stage.http.get(&url).header("x-request-id", "mine").send().await.unwrap();
    assert_ne!(response.headers()["x-request-id"], "mine");

    // the database fails: the client hears nothing of it
    stage.execute("DROP TABLE authorization_code").await;
    let grant = Device::new("x").grant(
        &stage,
        &crate::stage::Begun {
            flow: String::new(),
            verifier: "v".repeat(43),
            state: String::new(),
            redirect: String::new(),
        },
        &format!("soc_{}", "A".repeat(43)),
    );
    let (status, body) = crate::stage::token(&stage, &grant).await;
    assert_eq!((status, body["code"].as_str()), (500, Some("internal")));
    assert!(!body.to_string().contains("authorization_code"), "{body}");
}

#[tokio::test]
async fn every_answer_carries_the_headers_of_safety() {
    let stage = Stage::new(Store::Sqlite).await;
    for path in ["/healthz", "/v1/me", "/nothing", "/docs", "/openapi.json", "/authorize"] {
        let response = stage.http.get(format!("{}{path}", stage.origin)).send().await.unwrap();
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("cache-control", "no-store")]
        {
            assert_eq!(response.headers()[name], value, "{path}");
        }
        assert!(
            response.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"),
            "{path}"
        );
        assert!(!response.headers().contains_key("access-control-allow-origin"));
        assert!(!response.headers().contains_key("server"));
    }
}

both!(bodies_of_the_wrong_kind_are_refused_with_the_right_status, |store| {
    let stage = Stage::new(store).await;
    let Some(ada) = stage.register(&address("ada"), PASSWORD).await else { return };
    let send = async |kind: Option<&str>, body: Vec<u8>| {
        let mut request = stage.http.patch(format!("{}/v1/me", stage.origin)).bearer_auth(&ada.access).body(body);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        request.send().await.unwrap().status().as_u16()
    };
    let json = Some("application/json");
    assert_eq!(send(None, b"{}".to_vec()).await, 415);
    assert_eq!(send(Some("text/plain"), b"{\"display_name\":\"x\"}".to_vec()).await, 415);
    assert_eq!(send(Some("application/x-www-form-urlencoded"), b"display_name=x".to_vec()).await, 415);
    assert_eq!(send(Some("application/json; charset=utf-8"), b"{\"display_name\":\"x\"}".to_vec()).await, 204);
    for bad in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"display_name\":1}",
        "{\"display_name\":\"x\",\"display_name\":\"y\"}",
        "{\"display_name\":\"x\"} x",
    ] {
        assert_eq!(send(json, bad.into()).await, 422, "{bad}");
    }
    assert_eq!(send(json, vec![0xff; 100]).await, 422);
    assert_eq!(send(json, format!("{}{}", "[".repeat(30_000), "]".repeat(30_000)).into_bytes()).await, 422);
    assert_eq!(send(json, vec![b' '; 65 * 1024]).await, 413);
    assert_eq!(stage.me(&ada.access).await.1["display_name"], "x");
});

async fn raw(stage: &Stage, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(stage.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// How long until the other side closes; None if it has not within the time.
async fn closed(mut stream: TcpStream, within: Duration) -> Option<Duration> {
    let began = Instant::now();
    let mut sink = Vec::new();
    tokio::time::timeout(within, stream.read_to_end(&mut sink)).await.ok().map(|_| began.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_are_cut_and_others_are_served() {
    let bounds = Bounds { head: Duration::from_secs(1), ..Bounds::default() };
    let stage = Stage::new(Store::Sqlite).await.with_bounds(bounds).await;
    // says nothing; stops in the middle of a head; keeps a connection open after an answer
    for bytes in [
        &b""[..],
        b"P",
        b"PRI * HTTP/2.0\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    ] {
        let took = closed(raw(&stage, bytes).await, Duration::from_secs(5)).await;
        assert!(took.is_some(), "{:?} is still open", String::from_utf8_lossy(bytes));
    }
    // drips a header every so often
    let mut stream = raw(&stage, b"GET / HTTP/1.1\r\nHost: x\r\n").await;
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(5) && stream.write_all(b"X-A: b\r\n").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());

    // sixty that hang, and everybody else is answered
    let mut hanging = Vec::new();
    for _ in 0..60 {
        hanging.push(raw(&stage, b"POST /v1/token HTTP/1.1\r\nHost: x\r\n").await);
    }
    for _ in 0..100 {
        // one connection, kept: this address may have 64
        assert_eq!(stage.call(Method::GET, "/healthz", None, None).await.0, 204);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_is_cut() {
    let bounds = Bounds { stall: Duration::from_secs(1), ..Bounds::default() };
    let stage = Stage::new(Store::Sqlite).await.with_bounds(bounds).await;
    let mut stream = TcpStream::connect(stage.address).await.unwrap();
    // far more than the buffers of both ends hold
    let asked = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000);
    let writing = tokio::spawn(async move {
        let _ = tokio::time::timeout(Duration::from_secs(60), stream.write_all(&asked)).await;
        stream
    });
    crate::stage::until("it is cut", async || {
        stage.app.metrics.text().contains("sendoff_http_connections_cut_total 1").then_some(())
    })
    .await;
    assert_eq!(stage.call(Method::GET, "/healthz", None, None).await.0, 204);
    drop(writing.await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_bounded_for_all_and_for_each() {
    let bounds = Bounds { connections: 8, connections_each: 4, ..Bounds::default() };
    let stage = Stage::new(Store::Sqlite).await.with_bounds(bounds).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(raw(&stage, b"GET /").await);
    }
    let fifth = raw(&stage, b"GET /").await;
    assert!(closed(fifth, Duration::from_secs(2)).await.is_some(), "the fifth is closed at once");
    assert!(closed(open.remove(0), Duration::from_millis(300)).await.is_none(), "the first is not");
    drop(open);
    crate::stage::until("a free place", async || {
        let response = stage.http.get(format!("{}/healthz", stage.origin)).send().await;
        response.is_ok().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_is_too_large_is_refused() {
    let stage = Stage::new(Store::Sqlite).await;
    for head in [
        format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(100_000)),
        format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(100_000)),
        format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(200)),
    ] {
        let mut stream = TcpStream::connect(stage.address).await.unwrap();
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert_eq!(stage.call(Method::GET, "/healthz", None, None).await.0, 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_waits_for_requests_and_not_for_idlers() {
    let bounds = Bounds { stop: Duration::from_secs(1), ..Bounds::default() };
    let mut stage = Stage::new(Store::Sqlite).await.with_bounds(bounds).await;
    assert_eq!(stage.call(Method::GET, "/healthz", None, None).await.0, 204);
    assert!(stage.stop().await < Duration::from_secs(1), "a kept connection is closed");

    let mut stage = Stage::new(Store::Sqlite).await.with_bounds(bounds).await;
    // a body that never comes, once the server has begun to wait for it
    let head = b"POST /v1/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n";
    let mut hanging = raw(&stage, head).await;
    let mut go_on = [0; 12];
    hanging.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100");
    let took = stage.stop().await;
    assert!(took >= Duration::from_millis(900) && took < Duration::from_secs(4), "{took:?}");
}

both!(metrics_are_apart_and_name_no_one, |store| {
    let stage = Stage::new(store).await;
    let ada = address("ada");
    let Some(laptop) = stage.register(&ada, PASSWORD).await else { return };
    for odd in ["/x/1", "/x/2", "/v1/devices/abc?token=secret"] {
        stage.call(Method::GET, odd, Some(&laptop.access), None).await;
    }
    let url = format!("http://{}/metrics", stage.metrics.unwrap());
    let text = stage.http.get(url).send().await.unwrap().text().await.unwrap();
    assert!(
        text.contains("sendoff_http_requests_total{method=\"POST\",route=\"/v1/token\",status=\"200\"} 1"),
        "{text}"
    );
    assert!(text.contains("route=\"none\",status=\"404\"") && text.contains("sendoff_http_request_seconds_bucket"));
    for never in [ada.as_str(), "secret", "/x/1", &laptop.id] {
        assert!(!text.contains(never), "{never}");
    }
});

#[tokio::test]
async fn the_api_describes_itself_whole() {
    let stage = Stage::new(Store::Sqlite).await;
    let (status, document) = stage.call(Method::GET, "/openapi.json", None, None).await;
    assert_eq!(status, 200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    for row in server::router::rows().into_iter().chain(server::organisations::rows()).chain(server::media::rows()) {
        for (method, path) in row.paths() {
            let operation = &document["paths"][&path][method.as_str().to_lowercase()];
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
            assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()), "{method} {path}");
            let signed = row.policy == server::policy::Policy::Signed;
            assert_eq!(operation["security"].is_array(), signed, "{method} {path}");
            let says = |status: &str| operation["responses"][status].is_object();
            let body = operation["requestBody"].is_object();
            let query =
                operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["in"] == "query"));
            let browser = row.policy == server::policy::Policy::Browser && method != Method::GET;
            for (expected, status) in [
                (signed, "401"),
                (browser, "403"),
                (path.contains('{'), "404"),
                (body, "413"),
                (body, "415"),
                (body || query, "422"),
                (true, "429"),
                (true, "503"),
            ] {
                assert!(!expected || says(status), "{method} {path} {status}");
            }
        }
    }
    // every reference leads somewhere
    let text = document.to_string();
    for name in text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
    let page = stage.browser().get("/docs").await;
    assert!(page.says("/v1/token") && page.says("<html lang=\"en\">") && !page.says("<script"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_speaks_both_versions_and_does_not_wait_for_silence() {
    let folder = tempfile::TempDir::new().unwrap();
    let pem = |kind: &str, der: &[u8]| {
        use base64::Engine;
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n")
    };
    let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    std::fs::write(&chain, pem("CERTIFICATE", include_bytes!("../../../egress/src/tests/fixtures/certificate.der")))
        .unwrap();
    std::fs::write(&key, pem("PRIVATE KEY", include_bytes!("../../../egress/src/tests/fixtures/key.der"))).unwrap();
    let stage = Stage::with(Store::Sqlite, |config| config.tls = Some((chain, key)))
        .await
        .with_bounds(Bounds { head: Duration::from_secs(1), ..Bounds::default() })
        .await;
    let url = format!("https://{}/healthz", stage.address);
    let client = || reqwest::Client::builder().tls_danger_accept_invalid_certs(true);
    let answer = client().build().unwrap().get(&url).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (204, reqwest::Version::HTTP_2));
    let answer = client().http1_only().build().unwrap().get(&url).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (204, reqwest::Version::HTTP_11));
    // neither plain HTTP nor silence holds a place
    for bytes in [&b""[..], b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"] {
        assert!(closed(raw(&stage, bytes).await, Duration::from_secs(5)).await.is_some());
    }
}
