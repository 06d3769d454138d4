//! The way back from the browser: what comes back counts once, here, and only if it was asked for.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::browser::{Visitor, walk};
use testkit::inside::{Ground, Inside};
use testkit::{BlueskyPerson, HandClock, PASSWORD, Proxy, block_on, until};
use url::Url;

use crate::ada;
use crate::servers_or_skip;

/// A laptop with a sign-in under way that its browser has not come back from yet.
struct Waiting {
    laptop: Inside,
    clock: Arc<HandClock>,
    flow: Value,
    _folder: tempfile::TempDir,
}

impl Waiting {
    fn laptop(mastodon_url: &str) -> (Inside, Arc<HandClock>, tempfile::TempDir) {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(HandClock::real()));
        let laptop = Inside::start(folder.path(), &Ground::default(), &clock).unwrap();
        ada::set_up(&laptop, mastodon_url);
        (laptop, clock, folder)
    }

    fn begun(mastodon_url: &str, request: Value) -> Self {
        let (laptop, clock, _folder) = Self::laptop(mastodon_url);
        let flow = laptop.call("start_connect", request).unwrap();
        Self { laptop, clock, flow, _folder }
    }

    /// Where the browser is sent at the end.
    fn way_back(&self, visitor: &Visitor) -> Url {
        let address: Url = self.flow["url"].as_str().unwrap().parse().unwrap();
        block_on(walk(&address, visitor)).unwrap()
    }

    fn state(&self) -> Value {
        self.laptop.call("connect_progress", json!({ "flow": self.flow["flow"] })).unwrap()
    }

    fn still_waits(&self) {
        assert_eq!(self.state()["state"], "waiting_for_browser");
        assert_eq!(self.accounts(), 0);
    }

    fn is_connected(&self) {
        until("the account is connected", Duration::from_secs(30), || {
            let state = self.state();
            assert_ne!(state["state"], "failed", "{state}");
            (state["state"] == "done").then_some(())
        });
        assert_eq!(self.accounts(), 1);
    }

    fn accounts(&self) -> usize {
        accounts(&self.laptop)
    }
}

fn accounts(laptop: &Inside) -> usize {
    laptop.call("list_accounts", json!({})).unwrap().as_array().unwrap().len()
}

fn on_bluesky(person: &BlueskyPerson) -> (Value, Visitor) {
    let request = json!({
        "network": "bluesky", "server": "", "handle": person.handle, "come_back": "loopback", "reconnect": null,
    });
    (request, Visitor { name: person.handle.clone(), password: PASSWORD.to_owned(), declines: false })
}

fn on_mastodon(url: &str) -> (Value, Visitor) {
    let request =
        json!({ "network": "mastodon", "server": url, "handle": "", "come_back": "deep_link", "reconnect": null });
    (request, Visitor { name: "ada".to_owned(), password: String::new(), declines: false })
}

/// The status line that the listener answers; `None` if nobody listens.
fn knock(port: u16, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    // a listener that is gone by now resets the connection
    stream.read_to_string(&mut answer).ok()?;
    answer.lines().next().map(str::to_owned)
}

fn get(host: &str, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")
}

fn with(back: &Url, name: &str, value: Option<&str>) -> Url {
    let pairs: Vec<(String, String)> = back.query_pairs().into_owned().filter(|(other, _)| other != name).collect();
    let mut changed = back.clone();
    changed.query_pairs_mut().clear().extend_pairs(pairs);
    if let Some(value) = value {
        changed.query_pairs_mut().append_pair(name, value);
    }
    changed
}

fn of(url: &Url) -> String {
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// Requests for a token that went by.
fn tokens(proxy: &Proxy) -> usize {
    proxy.asked(|asked| asked.line.starts_with("POST /oauth/token")).len()
}

#[test]
fn the_listener_takes_its_own_answer_once_and_nothing_else() {
    let (_, mastodon) = servers_or_skip!();
    let (proxy, visitor) = (mastodon.behind_a_proxy(), on_mastodon("").1);
    let mut request = on_mastodon(&proxy.url()).0;
    request["come_back"] = json!("loopback");
    let ada = Waiting::begun(&proxy.url(), request);
    let back = ada.way_back(&visitor);
    let port = back.port().unwrap();
    let host = format!("127.0.0.1:{port}");
    assert_eq!((back.host_str(), back.path()), (Some("127.0.0.1"), "/callback"));

    // from another address of this computer nobody is there
    let elsewhere = |address: IpAddr| TcpStream::connect_timeout(&(address, port).into(), Duration::from_secs(5));
    assert!(elsewhere(Ipv4Addr::new(127, 0, 0, 2).into()).is_err());
    assert!(elsewhere(std::net::Ipv6Addr::LOCALHOST.into()).is_err());

    let good = of(&back);
    let junk = [
        get(&host, "/"),
        get(&host, "/callback"),
        get(&host, &good.replace("/callback", "/callback/")),
        get(&host, &of(&with(&back, "state", None))),
        get(&host, &of(&with(&back, "state", Some("guessed")))),
        get(&host, &format!("{good}&state=again")),
        get(&format!("localhost:{port}"), &good),
        get("evil.example", &good),
        format!("GET {good} HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n"),
        format!("POST {good} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n"),
        get(&host, &format!("/callback?{}", "x".repeat(20_000))),
    ];
    for request in &junk {
        let answer = knock(port, request);
        assert!(answer.as_deref().is_none_or(|line| line.contains(" 404 ")), "{answer:?} to {request}");
    }
    for _ in 0..500 {
        let answer = knock(port, &get(&host, "/favicon.ico"));
        assert_eq!(answer.as_deref(), Some("HTTP/1.1 404 Not Found"));
    }
    ada.still_waits();
    assert_eq!(tokens(&proxy), 0, "nobody was asked because of any of it");

    assert_eq!(knock(port, &get(&host, &good)).as_deref(), Some("HTTP/1.1 200 OK"));
    ada.is_connected();
    assert_eq!(knock(port, &get(&host, &good)), None, "the listener is gone");
    assert_eq!((ada.accounts(), tokens(&proxy)), (1, 1));
}

#[test]
fn a_link_counts_once_in_the_profile_that_asked_for_it() {
    let (_, mastodon) = servers_or_skip!();
    let proxy = mastodon.behind_a_proxy();
    let (request, visitor) = on_mastodon(&proxy.url());
    let ada = Waiting::begun(&proxy.url(), request);
    let (other, _, _folder) = Waiting::laptop(&proxy.url());
    let back = ada.way_back(&visitor);
    assert_eq!(back.scheme(), "sendoff");

    for link in [
        with(&back, "state", None).to_string(),
        with(&back, "state", Some("guessed")).to_string(),
        format!("{back}&state=again"),
        format!("{back}#x"),
        back.as_str().replace("sendoff://oauth", "sendoff://account"),
    ] {
        ada.laptop.link(&link);
    }
    other.link(back.as_str());
    ada.still_waits();
    assert_eq!((accounts(&other), tokens(&proxy)), (0, 0));

    ada.laptop.link(back.as_str());
    ada.is_connected();
    ada.laptop.link(back.as_str());
    assert_eq!((ada.accounts(), tokens(&proxy)), (1, 1));
}

#[test]
fn a_link_that_another_program_took_is_worth_nothing_to_it() {
    let (pds, mastodon) = servers_or_skip!();
    let person = BlueskyPerson::new(pds, "ada");
    let (request, visitor) = on_bluesky(&person);
    let ada = Waiting::begun(&mastodon.url, request);
    let taken = ada.way_back(&visitor);
    let of = |name: &str| taken.query_pairs().find(|(other, _)| other == name).map(|(_, value)| value.into_owned());

    // the thief knows everything that was in the address
    let authorize: Url = ada.flow["url"].as_str().unwrap().parse().unwrap();
    let client = authorize.query_pairs().find(|(name, _)| name == "client_id").unwrap().1.into_owned();
    let mut plain = taken.clone();
    plain.set_query(None);
    let form = json!({
        "grant_type": "authorization_code", "code": of("code").unwrap(), "client_id": client, "redirect_uri": plain,
    });
    let redeem = reqwest_form(&format!("{}/oauth/token", pds.url), &form);
    assert!((400..500).contains(&redeem.0), "{redeem:?}");
    assert!(!redeem.1.contains("access_token"), "{}", redeem.1);

    // Ada is told, and can go another way
    ada.clock.sleep_through(Duration::from_secs(6 * 60));
    let ended = ada.state();
    assert_eq!(ended["error"]["code"], "sign_in_ended");
    let sentence = ended["error"]["message"].as_str().unwrap();
    assert!(sentence.contains("another program may have taken the link"), "{sentence}");
    until("the listener is gone", Duration::from_secs(10), || {
        TcpStream::connect(("127.0.0.1", taken.port().unwrap())).is_err().then_some(())
    });
    assert_eq!(ada.accounts(), 0);
}

fn reqwest_form(url: &str, form: &Value) -> (u16, String) {
    testkit::http::answer(testkit::http::client().post(url).form(form))
}

#[test]
fn a_link_that_comes_too_late_is_dropped() {
    let (_, mastodon) = servers_or_skip!();
    let proxy = mastodon.behind_a_proxy();
    let (request, visitor) = on_mastodon(&proxy.url());
    let ada = Waiting::begun(&proxy.url(), request);
    let back = ada.way_back(&visitor);
    ada.clock.sleep_through(Duration::from_secs(11 * 60));
    ada.laptop.link(back.as_str());
    assert_eq!(ada.state()["state"], "failed");
    assert_eq!((ada.accounts(), tokens(&proxy)), (0, 0));
}
