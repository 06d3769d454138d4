//! Another client than the program: it makes accounts, and reads what was published.

use std::sync::OnceLock;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tokio::runtime::Runtime;

/// Where everything asynchronous runs.
///
/// # Panics
/// There is no runtime to be had.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("a runtime"))
}

/// Runs something asynchronous to its end.
///
/// # Panics
/// There is no runtime to be had.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    runtime().block_on(work)
}

/// The client; it follows no redirects.
pub fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(make)
}

#[expect(clippy::disallowed_methods, reason = "the tests' own client, which is not the program")]
fn make() -> Client {
    // a second installation is refused, which is fine
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().pool_max_idle_per_host(0).redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

/// The JSON of an answer that must be a success.
///
/// # Panics
/// It was none.
pub fn json(request: RequestBuilder) -> Value {
    let (status, text) = answer(request);
    assert!((200..300).contains(&status), "{status}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Status and text of any answer.
///
/// # Panics
/// There was no answer.
pub fn answer(request: RequestBuilder) -> (u16, String) {
    block_on(async {
        let response = request.send().await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a whole answer"))
    })
}

/// The bytes of an answer that must be a success.
///
/// # Panics
/// It was none.
pub fn bytes(request: RequestBuilder) -> Vec<u8> {
    block_on(async {
        let response = request.send().await.expect("an answer");
        assert!(response.status().is_success(), "{}", response.status());
        response.bytes().await.expect("a whole answer").to_vec()
    })
}
