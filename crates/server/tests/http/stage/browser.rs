//! A browser as far as the pages need one: cookies, forms, and no JavaScript.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use url::Url;

use super::Stage;

pub struct Browser {
    http: reqwest::Client,
    pub origin: String,
    pub cookies: BTreeMap<String, String>,
    /// Sent along as a proxy would.
    pub forwarded_for: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Page {
    pub fn location(&self) -> Option<Url> {
        self.headers.get(LOCATION).map(|location| location.to_str().unwrap().parse().unwrap())
    }

    /// The address that leads back to the program, from the redirect or from the page that opens it.
    pub fn back(&self) -> Url {
        if let Some(location) = self.location() {
            return location;
        }
        let start = self.body.find("content=\"0;url=").unwrap_or_else(|| panic!("no way back: {self:?}")) + 15;
        let end = self.body[start..].find('"').unwrap() + start;
        self.body[start..end].replace("&amp;", "&").parse().unwrap()
    }

    pub fn code(&self) -> String {
        pair(&self.back(), "code")
    }

    /// The value of a hidden field.
    pub fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let start = self.body.find(&mark).unwrap_or_else(|| panic!("no field {name}: {self:?}")) + mark.len();
        self.body[start..].split('"').next().unwrap().to_owned()
    }

    pub fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

pub fn pair(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
}

impl Browser {
    pub fn new(stage: &Stage) -> Self {
        let (http, origin) = (stage.http.clone(), stage.origin.clone());
        Self { http, origin, cookies: BTreeMap::new(), forwarded_for: None }
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    async fn send(&mut self, mut request: reqwest::RequestBuilder) -> Page {
        if !self.cookies.is_empty() {
            request = request.header(COOKIE, self.cookie());
        }
        if let Some(address) = &self.forwarded_for {
            request = request.header("x-forwarded-for", address);
        }
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Page { status, headers, body: response.text().await.unwrap() }
    }

    /// A path of the server, or a whole address.
    pub async fn get(&mut self, path: &str) -> Page {
        let url = if path.starts_with('/') { format!("{}{path}", self.origin) } else { path.to_owned() };
        self.send(self.http.get(url)).await
    }

    pub async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Page {
        let origin = self.origin.clone();
        self.post_from(path, pairs, Some(&origin)).await
    }

    /// A form that a page of `origin` sent.
    pub async fn post_from(&mut self, path: &str, pairs: &[(&str, &str)], origin: Option<&str>) -> Page {
        let url = if path.starts_with('/') { format!("{}{path}", self.origin) } else { path.to_owned() };
        let mut request = self.http.post(url).form(pairs);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        self.send(request).await
    }

    pub async fn sign_in(&mut self, flow: &str, email: &str, password: &str) -> Page {
        self.post("/authorize/sign-in", &[("flow", flow), ("email", email), ("password", password)]).await
    }

    pub async fn register(&mut self, flow: &str, name: &str, email: &str, password: &str) -> Page {
        let form = [("flow", flow), ("display_name", name), ("email", email), ("password", password)];
        self.post("/authorize/register", &form).await
    }

    pub async fn register_code(&mut self, flow: &str, challenge: &str, code: &str) -> Page {
        self.post("/authorize/register/code", &[("flow", flow), ("challenge", challenge), ("code", code)]).await
    }

    pub async fn reset(&mut self, flow: &str, email: &str) -> Page {
        self.post("/authorize/reset", &[("flow", flow), ("email", email)]).await
    }

    pub async fn reset_code(&mut self, flow: &str, challenge: &str, code: &str, password: &str) -> Page {
        let form = [("flow", flow), ("challenge", challenge), ("code", code), ("password", password)];
        self.post("/authorize/reset/code", &form).await
    }
}
