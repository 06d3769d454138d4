//! What a web page says of itself to whoever links to it: its title, a description, a picture.

use std::time::Duration;

use egress::{Egress, Request, Response};
use encoding_rs::{Encoding, UTF_8};
use html5gum::{StartTag, Token, Tokenizer};
use url::Url;

use crate::error::{CallError, Detail};

/// Bytes of a page that are read; what it says of itself stands at its beginning.
const PAGE_MAX: usize = 6 * 1024 * 1024;
/// Bytes of a page in which that is looked for.
const HEAD_MAX: usize = 1024 * 1024;
const PICTURE_MAX: usize = 8 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);
const REDIRECTS: u8 = 5;

/// A page as its own words show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub title: String,
    pub description: String,
    /// Bytes of the picture, as they came.
    pub picture: Option<Vec<u8>>,
}

/// Reads a page that somebody links to. Servers in private networks answer only if the person who typed the address made an
/// exception for them; a page that leads elsewhere, or a picture that lies elsewhere, never makes use of such an exception.
///
/// # Errors
/// It cannot be read, or is no page. A picture that cannot be read is left out.
pub async fn read(egress: &Egress, url: &str) -> Result<Page, CallError> {
    let ask = |url: &Url| Request::get(url).timeout(TIMEOUT).header("accept", "text/html,application/xhtml+xml;q=0.9");
    let typed = Url::parse(url).map_err(|error| no_page(&error.to_string()))?;
    let mut response = egress.send(ask(&typed).max_response_bytes(PAGE_MAX)).await?;
    if let Some(next) = led_to(&response) {
        let request = ask(&next).max_response_bytes(PAGE_MAX).redirects(REDIRECTS);
        let request = if is_same(&next, &typed) { request } else { request.public_only() };
        response = egress.send(request).await?;
    }
    let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if !response.is_success() || !(kind.starts_with("text/html") || kind.starts_with("application/xhtml")) {
        return Err(no_page(&format!("{} {kind}", response.status)));
    }
    let said = Said::of(&decoded(&response, &kind));
    let picture = match said.picture.as_deref().and_then(|picture| response.final_url.join(picture).ok()) {
        Some(picture) => {
            let request = Request::get(&picture).timeout(TIMEOUT).max_response_bytes(PICTURE_MAX);
            let request = if is_same(&picture, &typed) { request } else { request.public_only().redirects(REDIRECTS) };
            egress.send(request).await.ok().filter(Response::is_success).map(|response| response.body)
        }
        None => None,
    };
    Ok(Page { title: said.title, description: said.description, picture })
}

fn no_page(detail: &str) -> CallError {
    CallError::NoAnswer { detail: Detail::new(detail, &[]) }
}

fn led_to(response: &Response) -> Option<Url> {
    let to = (300..400).contains(&response.status).then(|| response.header("location")).flatten()?;
    response.final_url.join(to).ok()
}

/// The same server, by the same way.
fn is_same(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// As text, by the character set that the answer or the page names (Encoding Standard, and HTML 13.2.3.2, read 2026-11).
fn decoded(response: &Response, kind: &str) -> String {
    let head = response.body.get(..HEAD_MAX).unwrap_or(&response.body);
    let named = |text: &str| {
        let (_, behind) = text.split_once("charset=")?;
        let name: String = behind
            .trim_start_matches(['"', '\''])
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c))
            .collect();
        Encoding::for_label(name.as_bytes())
    };
    let begins = String::from_utf8_lossy(head.get(..1_024).unwrap_or(head)).to_ascii_lowercase();
    let encoding = named(kind).or_else(|| named(&begins)).unwrap_or(UTF_8);
    encoding.decode(head).0.into_owned()
}

/// Of several words for the same, the one that is meant for this.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    title: String,
    description: String,
    picture: Option<String>,
}

impl Said {
    /// Source: <https://ogp.me> and Twitter's card markup, read 2026-11; without either, the title and description of HTML.
    fn of(html: &str) -> Self {
        let mut plain = Self::default();
        let mut open = Self::default();
        let mut in_title = false;
        for Ok(token) in Tokenizer::new(html) {
            match token {
                Token::StartTag(tag) => match tag.name.as_slice() {
                    b"title" => in_title = plain.title.is_empty(),
                    b"meta" => meta(&tag, &mut open, &mut plain),
                    b"body" if !open.title.is_empty() => break,
                    _ => {}
                },
                Token::EndTag(tag) if tag.name.as_slice() == b"title" => in_title = false,
                Token::String(text) if in_title => plain.title.push_str(&String::from_utf8_lossy(&text)),
                _ => {}
            }
        }
        let first = |one: String, other: String| tidy(if one.trim().is_empty() { &other } else { &one });
        Self {
            title: first(open.title, plain.title),
            description: first(open.description, plain.description),
            picture: open.picture.or(plain.picture).filter(|picture| !picture.trim().is_empty()),
        }
    }
}

fn meta(tag: &StartTag<()>, open: &mut Said, plain: &mut Said) {
    let of = |name: &[u8]| tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).into_owned());
    let (Some(name), Some(content)) = (of(b"property").or_else(|| of(b"name")), of(b"content")) else { return };
    let keep = |into: &mut String| {
        if into.is_empty() {
            into.clone_from(&content);
        }
    };
    match name.trim().to_ascii_lowercase().as_str() {
        "og:title" => keep(&mut open.title),
        "og:description" => keep(&mut open.description),
        "og:image" | "og:image:url" | "og:image:secure_url" => drop(open.picture.get_or_insert(content)),
        "twitter:title" => keep(&mut plain.title),
        "twitter:description" | "description" => keep(&mut plain.description),
        "twitter:image" | "twitter:image:src" => drop(plain.picture.get_or_insert(content)),
        _ => {}
    }
}

/// On one line, without blanks around it.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_who_it_is_in_one_of_several_ways() {
        let open = Said::of(
            "<!doctype html><html><head><title>Plain</title><meta property='og:title' content='Rye &amp; salt'>\
             <meta property=og:description content=\"Every\n morning\"><META NAME=twitter:image CONTENT=/b.png>\
             <meta property='og:image' content='/a.png'></head><body><meta property='og:title' content='late'>",
        );
        let wanted = Said {
            title: "Rye & salt".to_owned(),
            description: "Every morning".to_owned(),
            picture: Some("/a.png".to_owned()),
        };
        assert_eq!(open, wanted);
        let plain = Said::of("<title>\n The bakery </title><meta name=description content=Bread>");
        assert_eq!((plain.title.as_str(), plain.description.as_str()), ("The bakery", "Bread"));
    }

    #[test]
    fn nothing_a_page_says_is_too_strange() {
        for html in
            ["", "<", "<title>", "<meta property>", "<meta content='a'>", "<title><meta property=og:title content=x>"]
        {
            let said = Said::of(html);
            assert!(said.title.len() < 100, "{said:?}");
        }
    }
}
