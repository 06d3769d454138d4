//! A person in front of a browser, scripted: walks through the consent pages of the real servers.

use std::collections::BTreeMap;

use networks::Callback;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use url::Url;

use crate::people::{other_client, secret};

/// Signs in on the PDS's own page and allows what is asked; gives back what the browser is sent to the program with.
pub async fn consent_on_pds(authorize_url: &Url, handle: &str, did: &str, password: &str) -> Url {
    walk_on_pds(authorize_url, handle, password, "/consent", &json!({ "did": did })).await
}

/// Signs in and says no.
pub async fn decline_on_pds(authorize_url: &Url, handle: &str, password: &str) -> Url {
    walk_on_pds(authorize_url, handle, password, "/reject", &json!({})).await
}

async fn walk_on_pds(authorize_url: &Url, handle: &str, password: &str, decision: &str, body: &Value) -> Url {
    let origin = authorize_url.origin().ascii_serialization();
    let mut tab = Tab { origin, page: authorize_url.clone(), cookies: BTreeMap::new() };
    let page = tab.open(authorize_url.as_str(), "cross-site").await;
    assert!(page.status().is_success(), "{}", page.text().await.unwrap());
    let credentials = json!({ "locale": "en", "username": handle, "password": password, "remember": false });
    let session = tab.call("/sign-in", &credentials, None).await;
    let token = session["ephemeralToken"].as_str();
    let answer = tab.call(decision, body, token).await;
    let back = tab.open(answer["url"].as_str().unwrap(), "same-origin").await;
    location(&back)
}

struct Tab {
    origin: String,
    page: Url,
    cookies: BTreeMap<String, String>,
}

impl Tab {
    async fn open(&mut self, url: &str, site: &str) -> Response {
        let request = other_client().get(url).header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document");
        self.send(request.header("sec-fetch-site", site)).await
    }

    /// What the page's own script does.
    async fn call(&mut self, path: &str, body: &Value, token: Option<&str>) -> Value {
        let url = format!("{}/@atproto/oauth-provider/~api{path}", self.origin);
        let mut request = other_client().post(url).json(body);
        request = request.header("sec-fetch-site", "same-origin").header("sec-fetch-mode", "same-origin");
        request = request.header("origin", &self.origin).header("referer", self.page.as_str());
        request = request.header("x-csrf-token", self.cookies.get("csrf-token").cloned().unwrap_or_default());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = self.send(request).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn send(&mut self, request: RequestBuilder) -> Response {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("cookie", cookies.join("; ")).header("user-agent", "Mozilla/5.0 test");
        let response = request.header("referer", self.page.as_str()).send().await.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        response
    }
}

/// Presses the button of one of the people on the Mastodon-compatible server's page.
pub async fn consent_on_mastodon(authorize_url: &Url, username: &str) -> Url {
    let page = other_client().get(authorize_url.clone()).send().await.unwrap();
    assert!(page.status().is_success());
    let mut form: BTreeMap<String, String> = authorize_url.query_pairs().into_owned().collect();
    form.insert("username".to_owned(), username.to_owned());
    let mut action = authorize_url.clone();
    action.set_query(None);
    location(&other_client().post(action).form(&form).send().await.unwrap())
}

fn location(response: &Response) -> Url {
    assert!(response.status().is_redirection(), "{}", response.status());
    Url::parse(response.headers()["location"].to_str().unwrap()).unwrap()
}

/// What the listener on the loopback address makes of the request.
pub fn callback(back: &Url) -> Callback {
    let mut query: BTreeMap<String, String> = back.query_pairs().into_owned().collect();
    Callback {
        code: query.remove("code").map(|code| secret(&code)),
        state: query.remove("state").unwrap_or_default(),
        iss: query.remove("iss"),
        error: query.remove("error"),
    }
}
