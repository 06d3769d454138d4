//! A person in front of the pages of a server for teams.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{RequestBuilder, Response};
use url::Url;

use super::mailbox::Mailbox;
use crate::http::client;

/// One tab, with its cookies and no scripts.
struct Tab {
    origin: String,
    cookies: BTreeMap<String, String>,
}

struct Page {
    headers: reqwest::header::HeaderMap,
    body: String,
}

impl Tab {
    /// Follows what the program opened, to the page that asks for address and password; answers the sign-in's id too.
    async fn open(authorize: &str) -> (Self, String) {
        let url: Url = authorize.parse().expect("an address");
        let mut tab = Self { origin: url.origin().ascii_serialization(), cookies: BTreeMap::new() };
        let page = tab.send(client().get(authorize)).await;
        let location = page.headers.get(LOCATION).and_then(|to| to.to_str().ok()).expect("it leads to a page");
        let flow = location.rsplit_once("flow=").expect("a sign-in").1.to_owned();
        (tab, flow)
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        let request = client().post(format!("{}{path}", self.origin)).form(form).header(ORIGIN, &self.origin);
        self.send(request).await
    }

    async fn send(&mut self, request: RequestBuilder) -> Page {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response: Response = request.header(COOKIE, cookies.join("; ")).send().await.expect("the server answers");
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().expect("text").split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let headers = response.headers().clone();
        Page { headers, body: response.text().await.expect("a page") }
    }
}

impl Page {
    /// The address that leads back to the program, from the redirect or from the page that opens it.
    fn back(&self) -> String {
        if let Some(location) = self.headers.get(LOCATION) {
            return location.to_str().expect("an address").to_owned();
        }
        between(&self.body, "content=\"0;url=", "\"")
    }
}

fn between(text: &str, start: &str, end: &str) -> String {
    let found = text.split_once(start).and_then(|(_, rest)| rest.split_once(end));
    found.unwrap_or_else(|| panic!("no {start} in {text}")).0.replace("&amp;", "&")
}

pub(super) async fn register(authorize: &str, name: &str, email: &str, password: &str, mailbox: &Mailbox) -> String {
    let (mut tab, flow) = Tab::open(authorize).await;
    let form = [("flow", flow.as_str()), ("display_name", name), ("email", email), ("password", password)];
    let page = tab.post("/authorize/register", &form).await;
    let challenge = between(&page.body, "name=\"challenge\" value=\"", "\"");
    let code = mailbox.newest(email, |mail| mail.lines().map(str::trim).find(|line| is_code(line)).map(str::to_owned));
    let form = [("flow", flow.as_str()), ("challenge", &challenge), ("code", &code)];
    tab.post("/authorize/register/code", &form).await.back()
}

/// `ABCD-EFGH`.
fn is_code(line: &str) -> bool {
    line.len() == 9
        && line
            .char_indices()
            .all(|(at, c)| if at == 4 { c == '-' } else { c.is_ascii_uppercase() || c.is_ascii_digit() })
}

pub(super) async fn sign_in(authorize: &str, email: &str, password: &str) -> String {
    let (mut tab, flow) = Tab::open(authorize).await;
    let form = [("flow", flow.as_str()), ("email", email), ("password", password)];
    tab.post("/authorize/sign-in", &form).await.back()
}

pub(super) async fn invitation(mailbox: &Mailbox, email: &str) -> String {
    let link = mailbox.newest(email, |mail| {
        let mut words = mail.split(|c: char| c.is_whitespace() || "<>\"".contains(c));
        words.find(|word| word.starts_with("http") && word.contains("/join")).map(str::to_owned)
    });
    // what follows # stays in the browser, whose script hands it to the program
    let page = client().get(&link).send().await.expect("the page comes").text().await.expect("a page");
    assert!(page.contains("sendoff://join?"), "{page}");
    link
}
