//! People with accounts, the program as they use it, and what they read with other clients.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use egress::{Egress, Exception, Policy};
use jiff::Timestamp;
use networks::{Bluesky, BlueskyConfig, Credential, ImageFile, Mastodon, PrepareInput, Reply, Server};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::servers::Pds;

pub const PASSWORD: &str = "hunter2hunter2";

/// Another client than the program: it creates accounts, and reads what was published.
pub fn other_client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(make_client)
}

#[expect(clippy::disallowed_methods, reason = "the tests' own client, which is not the program")]
fn make_client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    // each test has its own runtime: a kept connection would die with the runtime that made it
    reqwest::Client::builder().pool_max_idle_per_host(0).redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// The program's client, allowed to talk to these servers on this machine.
pub fn egress(urls: &[&str]) -> Egress {
    let exceptions = urls.iter().flat_map(|url| {
        let port = Url::parse(url).unwrap().port().unwrap();
        [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]
            .map(|address| Exception::host(address, port).unwrap())
    });
    Egress::new(Policy::new(exceptions.collect())).unwrap()
}

pub fn server(url: &str) -> Server {
    Server::parse(url).unwrap()
}

pub fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "real servers live in real time")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A number that no other test of this run has.
pub fn unique() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A record key that was not used before.
pub fn key() -> String {
    let micros = u64::try_from(now().as_microsecond()).unwrap();
    domain::text::tid::tid(micros + unique(), 7)
}

/// The Bluesky adapter as it would be configured for this PDS.
pub fn bluesky(pds: &Pds) -> Bluesky {
    let config = BlueskyConfig { plc: server(&pds.plc), default_server: server(&pds.url), ..BlueskyConfig::default() };
    Bluesky::new(egress(&[&pds.url, &pds.plc]), config)
}

pub fn mastodon(url: &str) -> Mastodon {
    Mastodon::new(egress(&[url]))
}

/// Somebody with a new account on a PDS.
pub struct Person {
    pub handle: String,
    pub did: String,
}

impl Person {
    pub async fn on(pds: &Pds, name: &str) -> Self {
        let handle = format!("{name}{}-{}.test", unique(), std::process::id());
        let body = json!({ "handle": handle, "email": format!("{handle}@x.example"), "password": PASSWORD });
        let url = format!("{}/xrpc/com.atproto.server.createAccount", pds.url);
        let account = answer(other_client().post(url).json(&body)).await;
        Self { handle, did: account["did"].as_str().unwrap().to_owned() }
    }
}

/// The JSON of an answer that must be a success.
pub async fn answer(request: reqwest::RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// A post without anything special.
pub fn post<'a>(key: &'a str, text: &'a str) -> PrepareInput<'a> {
    PrepareInput {
        key,
        text,
        content_warning: "",
        visibility: domain::post::Visibility::Public,
        images: &[],
        card: None,
        reply: None,
        now: now(),
        created_at: now(),
    }
}

pub fn reply<'a>(
    input: PrepareInput<'a>,
    root: &'a domain::job::Remote,
    parent: &'a domain::job::Remote,
) -> PrepareInput<'a> {
    PrepareInput { reply: Some(Reply { root, parent }), ..input }
}

/// The smallest valid PNG, in a colour of its own so that no two are equal.
pub fn picture(alt: &str) -> ImageFile {
    let mut bytes = PNG.to_vec();
    // a comment chunk after the image makes it unique; readers stop at IEND
    bytes.extend_from_slice(format!("{}-{}", unique(), std::process::id()).as_bytes());
    ImageFile { bytes: bytes.into(), kind: domain::media::MediaType::Png, width: 1, height: 1, alt: alt.to_owned() }
}

/// Two seconds of a test card.
pub fn film(alt: &str) -> ImageFile {
    let bytes = include_bytes!("../../../testkit/films/bread.mp4").as_slice();
    ImageFile { bytes: bytes.into(), kind: domain::media::MediaType::Mp4, width: 320, height: 180, alt: alt.to_owned() }
}

const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6,
    0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0,
    0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// Through storage and back, as the engine does between any two calls.
pub fn stored(credential: &Credential) -> Credential {
    Credential::from_bytes(credential.as_bytes()).unwrap()
}
