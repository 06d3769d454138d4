//! The two cookies: one ties a sign-in to its browser, the other tells a browser that a person signed in with before.

use http::{HeaderMap, HeaderValue, header};

use crate::app::App;
use crate::random::{Kind, Token};

/// Half a year, in seconds.
pub(crate) const KNOWN_SECONDS: i64 = 180 * 24 * 60 * 60;

fn name(app: &App, kind: Kind) -> String {
    let what = if kind == Kind::KnownBrowser { "known" } else { "browser" };
    // the prefix makes browsers refuse a cookie that another host of the domain set; it demands TLS
    if app.config.https() { format!("__Host-sendoff-{what}") } else { format!("sendoff-{what}") }
}

/// The token of this kind that the browser sent, if it sent one of the right form.
pub(crate) fn read(app: &App, headers: &HeaderMap, kind: Kind) -> Option<Token> {
    let wanted = name(app, kind);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .and_then(|(_, value)| Token::read(kind, value))
}

/// `Set-Cookie`, out of reach of scripts and of forms on other sites.
pub(crate) fn set(app: &App, kind: Kind, token: &Token) -> Option<HeaderValue> {
    let age = if kind == Kind::KnownBrowser { format!("; Max-Age={KNOWN_SECONDS}") } else { String::new() };
    let secure = if app.config.https() { "; Secure" } else { "" };
    let text = format!("{}={}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", name(app, kind), token.text());
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
