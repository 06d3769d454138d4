//! What is sent, and what is read from the answer.

use serde::Deserialize;

use super::egress;
use super::server::{Server, ok};
use crate::{Egress, EgressError, Method, Multipart, Policy, Request};

async fn sent(request: impl FnOnce(&str) -> Request) -> String {
    let server = Server::answering([ok("")]).await;
    egress(&[server.address]).send(request(&server.url("/path"))).await.unwrap();
    server.requests().remove(0)
}

#[tokio::test]
async fn methods_queries_and_headers() {
    let request =
        sent(|url| Request::get(url).query("a", "b c&d").query("e", "ü").bearer("token").header("DPoP", "proof")).await;
    assert!(request.starts_with("GET /path?a=b+c%26d&e=%C3%BC HTTP/1.1\r\n"), "{request}");
    let lower = request.to_lowercase();
    for line in ["authorization: bearer token\r\n", "dpop: proof\r\n", "user-agent: sendoff/0.1.0\r\n"] {
        assert!(lower.contains(line), "{request}");
    }
    assert!(sent(|url| Request::put(url)).await.starts_with("PUT "));
    assert!(sent(|url| Request::delete(url)).await.starts_with("DELETE "));
    assert!(sent(|url| Request::new(Method::PATCH, url)).await.starts_with("PATCH "));
}

#[tokio::test]
async fn bodies() {
    let request = sent(|url| Request::post(url).json(&serde_json::json!({"text": "hi"}))).await;
    assert!(request.contains("content-type: application/json") && request.ends_with("{\"text\":\"hi\"}"), "{request}");
    let request = sent(|url| Request::post(url).form([("a", "1&2"), ("b", "ü x")])).await;
    assert!(request.contains("content-type: application/x-www-form-urlencoded"), "{request}");
    assert!(request.ends_with("a=1%262&b=%C3%BC+x"), "{request}");
    let request = sent(|url| Request::put(url).body("image/png", vec![1, 2, 3])).await;
    assert!(request.contains("content-type: image/png") && request.ends_with("\u{1}\u{2}\u{3}"), "{request}");
}

#[tokio::test]
async fn multipart_forms() {
    let form = Multipart::new().text("description", "a cat").file("file", "c\"at\r\n.png", "image/png", &b"PNG"[..]);
    let request = sent(|url| Request::post(url).multipart(form)).await;
    assert!(request.contains("content-type: multipart/form-data; boundary="), "{request}");
    assert!(request.contains("name=\"description\"\r\n\r\na cat\r\n"), "{request}");
    assert!(request.contains("Content-Type: image/png\r\n\r\nPNG\r\n"), "{request}");
    assert!(!request.contains("c\"at\r\n"), "{request}");

    let form = Multipart::new().file("file", "x", "no media type", &b"x"[..]);
    let error = Egress::new(Policy::default()).unwrap();
    let error = error.send(Request::post("https://1.1.1.1/").multipart(form)).await.unwrap_err();
    assert!(matches!(error, EgressError::BadRequest { .. }) && error.never_sent());
}

#[tokio::test]
async fn unsound_headers_are_refused_before_sending() {
    let egress = Egress::new(Policy::default()).unwrap();
    for (name, value) in [
        ("x-a", "one\r\nx-b: two"),
        ("x-a", "nul\0"),
        ("x a", "space"),
        ("", "empty"),
        ("Host", "internal"),
        ("content-length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("connection", "upgrade"),
        ("proxy-authorization", "x"),
        ("accept-encoding", "br"),
    ] {
        let error = egress.send(Request::get("https://1.1.1.1/").header(name, value)).await.unwrap_err();
        assert!(matches!(error, EgressError::BadRequest { .. }) && error.never_sent(), "{name}: {error:?}");
    }
}

#[derive(Debug, Deserialize)]
struct Answer {
    id: u32,
}

#[tokio::test]
async fn answers() {
    let answer = "HTTP/1.1 404 Not Found\r\nx-limit: 3\r\ncontent-length: 8\r\n\r\n{\"id\":7}";
    let server =
        Server::answering([answer.to_owned(), ok("{\"id\":\"secret\"}"), ok("{\"id\":"), ok("\u{fffd}")]).await;
    let egress = egress(&[server.address]);
    let ask = async || egress.send(Request::get(server.url("/"))).await.unwrap();

    let response = ask().await;
    assert_eq!((response.status, response.is_success(), response.header("X-Limit")), (404, false, Some("3")));
    assert_eq!(response.json::<Answer>().unwrap().id, 7);
    let error = ask().await.json::<Answer>().unwrap_err();
    assert!(matches!(error, EgressError::BadJson { .. }) && !error.to_string().contains("secret"), "{error}");
    assert!(ask().await.json::<Answer>().unwrap_err().to_string().contains("ends early"));
    let response = ask().await;
    assert!(response.is_success());
    assert!(!format!("{response:?}").contains("path"));

    let head = egress.send(Request::head(server.url("/"))).await;
    assert_eq!(head.unwrap().body, b"");
}
