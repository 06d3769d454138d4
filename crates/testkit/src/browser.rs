//! A person in front of a browser, scripted: walks through the consent pages of the real servers and follows them back.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use url::Url;

use crate::http::client;

/// Who sits there.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Handle on Bluesky, user name on Mastodon.
    pub name: String,
    /// Not needed on Mastodon.
    pub password: String,
    /// Says no to what is asked.
    pub declines: bool,
}

/// Walks from the address that the program opened to the one that leads back to it.
///
/// # Errors
/// A page was not what it should be.
pub async fn walk(authorize: &Url, visitor: &Visitor) -> Result<Url> {
    let query: BTreeMap<_, _> = authorize.query_pairs().into_owned().collect();
    if query.contains_key("request_uri") {
        on_pds(authorize, visitor).await
    } else {
        on_mastodon(authorize, visitor, query).await
    }
}

async fn on_pds(authorize: &Url, visitor: &Visitor) -> Result<Url> {
    let origin = authorize.origin().ascii_serialization();
    let mut tab = Tab { origin, page: authorize.clone(), cookies: BTreeMap::new() };
    let page = tab.open(authorize.as_str(), "cross-site").await?;
    ensure!(page.status().is_success(), "the consent page: {}", page.status());
    let words = json!({ "locale": "en", "username": visitor.name, "password": visitor.password, "remember": false });
    let session = tab.call("/sign-in", &words, None).await?;
    let token = session["ephemeralToken"].as_str();
    let did = &session["account"]["did"];
    let decision = if visitor.declines { "/reject" } else { "/consent" };
    let answer = tab.call(decision, &json!({ "did": did }), token).await?;
    let back = tab.open(answer["url"].as_str().context("where to go back")?, "same-origin").await?;
    location(&back)
}

struct Tab {
    origin: String,
    page: Url,
    cookies: BTreeMap<String, String>,
}

impl Tab {
    async fn open(&mut self, url: &str, site: &str) -> Result<Response> {
        let request = client().get(url).header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document");
        self.send(request.header("sec-fetch-site", site)).await
    }

    /// What the page's own script does.
    async fn call(&mut self, path: &str, body: &Value, token: Option<&str>) -> Result<Value> {
        let url = format!("{}/@atproto/oauth-provider/~api{path}", self.origin);
        let mut request = client().post(url).json(body);
        request = request.header("sec-fetch-site", "same-origin").header("sec-fetch-mode", "same-origin");
        request = request.header("origin", &self.origin);
        request = request.header("x-csrf-token", self.cookies.get("csrf-token").cloned().unwrap_or_default());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = self.send(request).await?;
        let status = response.status();
        let text = response.text().await?;
        ensure!(status.is_success(), "{path}: {status}: {text}");
        Ok(serde_json::from_str(&text)?)
    }

    async fn send(&mut self, request: RequestBuilder) -> Result<Response> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("cookie", cookies.join("; ")).header("user-agent", "Mozilla/5.0 test");
        let response = request.header("referer", self.page.as_str()).send().await?;
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(response)
    }
}

/// Presses the button of one of the people on the Mastodon-compatible server's page.
async fn on_mastodon(authorize: &Url, visitor: &Visitor, mut form: BTreeMap<String, String>) -> Result<Url> {
    let page = client().get(authorize.clone()).send().await?;
    ensure!(page.status().is_success(), "the page of the accounts: {}", page.status());
    if visitor.declines {
        // the page has no such button; RFC 6749, 4.1.2.1 says what a server that has one does
        let mut back = Url::parse(form.get("redirect_uri").context("where to go back")?)?;
        let state = form.get("state").cloned().unwrap_or_default();
        back.query_pairs_mut().append_pair("error", "access_denied").append_pair("state", &state);
        return Ok(back);
    }
    form.insert("username".to_owned(), visitor.name.clone());
    let mut action = authorize.clone();
    action.set_query(None);
    location(&client().post(action).form(&form).send().await?)
}

fn location(response: &Response) -> Result<Url> {
    ensure!(response.status().is_redirection(), "no way back: {}", response.status());
    Ok(Url::parse(response.headers().get("location").context("no way back")?.to_str()?)?)
}

/// Follows the way back: a page on this computer is fetched, a link of another scheme is handed to `links`.
///
/// # Errors
/// Nobody takes it.
pub async fn go_back(back: &Url, links: &std::ffi::OsStr) -> Result<()> {
    match back.scheme() {
        "http" if back.host_str() == Some("127.0.0.1") => {
            let page = client().get(back.clone()).send().await?;
            ensure!(page.status().is_success(), "the program's page: {}", page.status());
            Ok(())
        }
        "sendoff" => {
            let done = tokio::process::Command::new(links).arg(back.as_str()).status().await?;
            ensure!(done.success(), "{} did not take the link", links.to_string_lossy());
            Ok(())
        }
        other => bail!("a browser does not follow {other}"),
    }
}
