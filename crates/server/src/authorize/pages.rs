//! The pages of the sign-in: plain HTML forms that work without JavaScript, load nothing from elsewhere and run nothing.

use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use http::{HeaderValue, header};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use crate::app::App;
use crate::authorize::flow::Flow;
use crate::error::{Code, Error};
use crate::people::password;

pub(super) const WRONG_CODE: &str = "That code is not right, or not good any more. A code is good for 30 minutes and five tries; go back to get a new one.";

/// A page, and where its forms may lead besides this server: Chrome also holds the redirect after a form against the policy.
pub(crate) struct Page {
    markup: Markup,
    form_target: Option<String>,
    /// The hash of its one script.
    script: Option<String>,
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let target = self.form_target.map(|target| format!(" {target}")).unwrap_or_default();
        let script = self.script.map(|hash| format!("script-src 'sha256-{hash}'; ")).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; {script}style-src 'self'; form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'"
        );
        let mut response = self.markup.into_string().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        // with "no-referrer" browsers send their forms with the origin "null"
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        response
    }
}

fn page(title: &str, head: &Markup, body: &Markup, form_target: Option<String>) -> Page {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                (head)
                title { (title) " – Sendoff" }
                link rel="stylesheet" href="/authorize/style.css";
            }
            body { main { h1 { (title) } (body) } }
        }
    };
    Page { markup, form_target, script: None }
}

/// A page without forms that runs one script, which is part of the program, and no other.
pub(crate) fn with_script(title: &str, body: &Markup, script: &'static str) -> Page {
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(script));
    let body = html! { (body) script { (PreEscaped(script)) } };
    Page { script: Some(hash), ..page(title, &html! {}, &body, None) }
}

fn of_flow(flow: &Flow, title: &str, body: &Markup) -> Page {
    let target = Url::parse(&flow.redirect_uri).ok().filter(|url| url.scheme() == "http");
    // the parser writes nothing into an origin that could begin another directive
    page(title, &html! {}, body, target.map(|url| url.origin().ascii_serialization()))
}

fn wrong(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { p.wrong role="alert" { (text) } } }
}

fn flow_field(flow: &Flow) -> Markup {
    html! { input type="hidden" name="flow" value=(flow.id()); }
}

fn link(path: &str, flow: &Flow, text: &str) -> Markup {
    html! { a href=(format!("{path}?flow={}", flow.id())) { (text) } }
}

fn new_password_field(label: &str) -> Markup {
    html! {
        label for="password" { (label) }
        input #password name="password" type="password" autocomplete="new-password" required
            minlength=(password::MIN) maxlength=(password::MAX) aria-describedby="rules";
        p #rules .hint { (format!("{} to {} characters of any kind. A sentence is easy to remember and hard to guess.", password::MIN, password::MAX)) }
    }
}

fn code_field() -> Markup {
    html! {
        label for="code" { "Code from the mail" }
        input #code name="code" autocomplete="one-time-code" required maxlength="16" spellcheck="false" autocapitalize="characters" autofocus;
    }
}

pub(super) fn sign_in(app: &App, flow: &Flow, email: &str, error: Option<&str>) -> Page {
    let body = html! {
        p { "Sendoff on this computer asks to sign in at " strong { (app.origin()) } "." }
        (wrong(error))
        form method="post" action="/authorize/sign-in" {
            (flow_field(flow))
            label for="email" { "E-mail address" }
            input #email name="email" type="email" autocomplete="username" required maxlength="254" value=(email) autofocus[email.is_empty()];
            label for="password" { "Password" }
            input #password name="password" type="password" autocomplete="current-password" required autofocus[!email.is_empty()];
            button { "Sign in" }
        }
        p { (link("/authorize/reset", flow, "Forgot your password?")) }
        p { (link("/authorize/register", flow, "Make an account")) }
        @for provider in &app.config.providers {
            p { a.button href=(format!("/authorize/provider/{}?flow={}", provider.name, flow.id())) { "Continue with " (provider.title) } }
        }
        p.hint { "You did not open this from Sendoff? Then close this page." }
    };
    of_flow(flow, "Sign in", &body)
}

pub(super) fn register(_app: &App, flow: &Flow, name: &str, email: &str, error: Option<&str>) -> Page {
    let body = html! {
        (wrong(error))
        form method="post" action="/authorize/register" {
            (flow_field(flow))
            label for="display_name" { "Your name, as others see it" }
            input #display_name name="display_name" autocomplete="name" required maxlength="80" value=(name) autofocus;
            label for="email" { "E-mail address" }
            input #email name="email" type="email" autocomplete="username" required maxlength="254" value=(email);
            (new_password_field("Password"))
            button { "Make an account" }
        }
        p { (link("/authorize/sign-in", flow, "Back")) }
    };
    of_flow(flow, "Make an account", &body)
}

pub(super) fn register_code(_app: &App, flow: &Flow, challenge: Uuid, error: Option<&str>) -> Page {
    let body = html! {
        p { "We sent you a mail. Type the code that stands in it." }
        (wrong(error))
        form method="post" action="/authorize/register/code" {
            (flow_field(flow))
            input type="hidden" name="challenge" value=(challenge);
            (code_field())
            button { "Confirm" }
        }
        p { (link("/authorize/register", flow, "Back")) }
    };
    of_flow(flow, "Confirm your address", &body)
}

pub(super) fn reset(_app: &App, flow: &Flow, email: &str, error: Option<&str>) -> Page {
    let body = html! {
        (wrong(error))
        form method="post" action="/authorize/reset" {
            (flow_field(flow))
            label for="email" { "E-mail address of your account" }
            input #email name="email" type="email" autocomplete="username" required maxlength="254" value=(email) autofocus;
            button { "Send me a code" }
        }
        p { (link("/authorize/sign-in", flow, "Back")) }
    };
    of_flow(flow, "New password", &body)
}

pub(super) fn reset_code(_app: &App, flow: &Flow, challenge: Uuid, error: Option<&str>) -> Page {
    let body = html! {
        p { "If there is an account with that address, we sent it a mail. Type the code that stands in it." }
        (wrong(error))
        form method="post" action="/authorize/reset/code" {
            (flow_field(flow))
            input type="hidden" name="challenge" value=(challenge);
            (code_field())
            (new_password_field("New password"))
            button { "Set the new password" }
        }
        p.hint { "All your devices are signed out." }
        p { (link("/authorize/reset", flow, "Back")) }
    };
    of_flow(flow, "New password", &body)
}

/// After a provider said who it is: a person has to want it, or a program could sign in without anybody seeing it.
pub(super) fn confirm(app: &App, flow: &Flow, provider: &str, name: &str) -> Page {
    let body = html! {
        p { (provider) " says that you are " strong { (name) } "." }
        p { "Sendoff on this computer asks to sign in at " strong { (app.origin()) } " for you." }
        form method="post" action="/authorize/provider" {
            (flow_field(flow))
            button autofocus { "Sign in" }
        }
        p { (link("/authorize/sign-in", flow, "That is not me")) }
    };
    of_flow(flow, "Sign in", &body)
}

/// Opens the program by its own scheme.
pub(super) fn arrived(back: &Url) -> Page {
    let head = html! { meta http-equiv="refresh" content=(format!("0;url={back}")); };
    let body = html! {
        p { "You can close this page and go back to Sendoff." }
        p { a.button href=(back) { "Open Sendoff" } }
        p.hint { "If Sendoff does not open by itself, choose the button within a minute." }
    };
    page("Signed in", &head, &body, None)
}

pub(crate) fn error(error: &Error) -> Page {
    let title = match error.code {
        Code::SignInOver | Code::InvalidRequest => "This does not work",
        Code::TooManyRequests | Code::Busy => "One moment",
        Code::NotFound => "Nothing here",
        _ => "Something went wrong",
    };
    let body = html! {
        p role="alert" { (error.sentence()) }
        @if let Some(seconds) = error.retry_after { p { "Try again in " (seconds) " seconds." } }
    };
    page(title, &html! {}, &body, None)
}

const STYLE: &str = include_str!("style.css");

/// What the pages look like.
#[utoipa::path(get, path = "/authorize/style.css", tag = "sign-in", responses((status = 200, content_type = "text/css")))]
pub(crate) async fn style() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
            (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
        ],
        STYLE,
    )
}
