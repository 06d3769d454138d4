//! `GET /authorize`: the program's request for a sign-in, judged before anything is shown.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, header};
use serde::Deserialize;
use url::{Host, Url};

use crate::address::ClientAddress;
use crate::app::App;
use crate::authorize::{cookie, flow};
use crate::error::{Code, Error};
use crate::extract::Query;
use crate::id::{self, FlowId};
use crate::on;
use crate::random::{Kind, Token};

/// The one client there is: the desktop, a public native client.
pub const CLIENT_ID: &str = "sendoff-desktop";
/// Where the program's own scheme leads.
pub const SCHEME_REDIRECT: &str = "sendoff://sign-in";
/// The path of the loopback listener.
pub const LOOPBACK_PATH: &str = "/callback";
const STATE_MAX: usize = 256;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AuthorizeRequest {
    /// `code`.
    response_type: String,
    /// `sendoff-desktop`.
    client_id: String,
    /// `sendoff://sign-in`, or `http://127.0.0.1:PORT/callback`, or the same with `[::1]`.
    redirect_uri: String,
    /// 16 to 256 characters without spaces; comes back as it was.
    state: String,
    /// SHA-256 of the verifier, 32 bytes in base64url (RFC 7636).
    code_challenge: String,
    /// `S256`.
    code_challenge_method: String,
}

/// Begins a sign-in and shows its first page. Whatever is wrong with the request is said here: nothing is sent to an address
/// that was not judged.
#[utoipa::path(get, path = "/authorize", tag = "sign-in", params(AuthorizeRequest), responses(
    (status = 303, description = "To the sign-in page; the browser gets a cookie"),
    (status = 400, description = "The request does not follow the rules (a page)"), (status = 429, description = "Too many (a page)"),
))]
pub(crate) async fn authorize(
    State(app): State<App>,
    headers: HeaderMap,
    from: ClientAddress,
    Query(asked): Query<AuthorizeRequest>,
) -> Result<Response, Error> {
    judge(&asked)?;
    app.limits.begin(from)?;
    // a browser keeps its token, so that sign-ins in two tabs do not end each other
    let (browser, new) = match cookie::read(&app, &headers, Kind::Browser) {
        Some(browser) => (browser, false),
        None => (Token::random(Kind::Browser)?, true),
    };
    let flow = FlowId::new(id::fresh(&*app.clock)?);
    let mut tx = app.database.write().await?;
    on!(&mut tx, c => {
        sqlx::query(
            "INSERT INTO flow (id, browser, redirect_uri, state, challenge, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(flow.uuid())
        .bind(browser.hash().as_slice())
        .bind(&asked.redirect_uri)
        .bind(&asked.state)
        .bind(&asked.code_challenge)
        .bind(app.clock.millis().saturating_add(flow::LIFE_MS))
        .execute(c)
        .await?
        .rows_affected()
    });
    tx.commit().await?;
    let mut response = Redirect::to(&format!("/authorize/sign-in?flow={flow}")).into_response();
    if new && let Some(cookie) = cookie::set(&app, Kind::Browser, &browser) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn judge(asked: &AuthorizeRequest) -> Result<(), Error> {
    let wrong = |what: &'static str| Err(Error::with(Code::InvalidRequest, what));
    if asked.client_id != CLIENT_ID {
        return wrong("This server does not know the program that asks for a sign-in.");
    }
    if !redirect_is_ours(&asked.redirect_uri) {
        return wrong("The sign-in would not lead back to Sendoff.");
    }
    if asked.response_type != "code" {
        return wrong("Only sign-ins by authorization code are possible.");
    }
    if asked.code_challenge_method != "S256" || !is_sha256(&asked.code_challenge) {
        return wrong("The sign-in is not protected by PKCE with S256.");
    }
    let state = &asked.state;
    if !(16..=STATE_MAX).contains(&state.len()) || !state.bytes().all(|b| b.is_ascii_graphic()) {
        return wrong("The sign-in has no usable state.");
    }
    Ok(())
}

fn is_sha256(text: &str) -> bool {
    text.len() == 43 && crate::random::from_base64url(text).is_some_and(|bytes| bytes.len() == 32)
}

/// RFC 8252 sections 7.1 and 7.3: letter by letter, but for the port of a loopback address.
fn redirect_is_ours(text: &str) -> bool {
    if text == SCHEME_REDIRECT {
        return true;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let (host, port) = match (url.host(), url.port()) {
        (Some(Host::Ipv4(host)), Some(port)) if host.octets() == [127, 0, 0, 1] => ("127.0.0.1", port),
        (Some(Host::Ipv6(host)), Some(port)) if host.is_loopback() => ("[::1]", port),
        _ => return false,
    };
    // the parser forgives much; the text must be what it would write
    port >= 1024 && text == format!("http://{host}:{port}{LOOPBACK_PATH}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_judged_letter_by_letter() {
        for good in ["sendoff://sign-in", "http://127.0.0.1:49152/callback", "http://[::1]:1024/callback"] {
            assert!(redirect_is_ours(good), "{good}");
        }
        for bad in [
            "",
            "sendoff://sign-in/",
            "sendoff://sign-in?x=1",
            "Sendoff://sign-in",
            "sendoff://other",
            "http://localhost:49152/callback",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:80/callback",
            "https://127.0.0.1:49152/callback",
            "http://127.0.0.1:49152/callback/",
            "http://127.0.0.1:49152/callback?x=1",
            "http://127.0.0.1:49152/callback#x",
            "http://127.0.0.1:49152/./callback",
            "http://eve@127.0.0.1:49152/callback",
            "http://127.0.0.1:049152/callback",
            "http://127.1:49152/callback",
            "http://2130706433:49152/callback",
            "http://127.0.0.2:49152/callback",
            "http://127.0.0.1:49152@eve.example/callback",
            "http://127.0.0.1:49152\\@eve.example/callback",
            "http://[::ffff:127.0.0.1]:49152/callback",
            "http://eve.example/callback",
            "javascript:alert(1)",
            " http://127.0.0.1:49152/callback",
        ] {
            assert!(!redirect_is_ours(bad), "{bad}");
        }
    }
}
