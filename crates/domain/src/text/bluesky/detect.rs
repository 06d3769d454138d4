//! Finding links, mentions and tags in a text, as the official client does.
//!
//! Model: `detectFacets` of `@atproto/api` (bluesky-social/atproto packages/api/src/rich-text/detection.ts d6296a1cfd). Its
//! regular expressions are scanners here. Where it would produce a record that a server refuses, or miss what it means, this
//! goes its own way:
//! - a link must be a valid `uri`, else the server refuses the whole post (`https://...` alone is none);
//! - `HTTPS://` is a scheme too, and `httpbin.org` becomes `https://httpbin.org`;
//! - a mention must be a valid handle; its letter case does not matter;
//! - a tag of more than 640 bytes is none, also when it has few graphemes;
//! - of two facets that overlap, the first stays: the official client shows no other.

use super::{Facet, Feature, MAX_TAG_BYTES, MAX_TAG_GRAPHEMES};
use crate::text::graphemes;
use crate::text::handle::{is_valid_handle, is_valid_uri};
use crate::text::tld::ends_in_tld;
use crate::text::unicode::{is_js_space, is_punctuation};

/// What a reader can act on in `text`, in the order of the text and without overlaps.
pub fn facets(text: &str) -> Vec<Facet> {
    let mut found = Vec::new();
    // Everything below the first of these is found only where something begins: most words are passed over at once.
    let mut links_resume = 0;
    let mut before = None;
    for (start, c) in text.char_indices() {
        let place = Place { text, start, opening: Opening::after(before) };
        before = Some(c);
        if place.opening == Opening::Nothing {
            continue;
        }
        match c {
            '@' => found.extend(mention(&place)),
            '#' | '＃' if place.opening == Opening::Space => found.extend(tag(&place, c)),
            '$' => found.extend(cashtag(&place)),
            _ if c.is_ascii_alphabetic() && start >= links_resume => {
                let candidate = link(&place);
                links_resume = candidate.resume.unwrap_or(links_resume);
                found.extend(candidate.facet);
            }
            _ => {}
        }
    }
    let mut free = 0;
    found.retain(|facet| {
        let keep = facet.start >= free;
        if keep {
            free = facet.end;
        }
        keep
    });
    found
}

/// What stands before a place where a facet may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// The beginning of the text, or white space.
    Space,
    Parenthesis,
    Nothing,
}

impl Opening {
    fn after(before: Option<char>) -> Self {
        match before {
            None => Self::Space,
            Some('(') => Self::Parenthesis,
            Some(c) if is_js_space(c) => Self::Space,
            Some(_) => Self::Nothing,
        }
    }
}

struct Place<'a> {
    text: &'a str,
    start: usize,
    opening: Opening,
}

impl<'a> Place<'a> {
    /// The text from `skip` bytes after the start.
    fn rest(&self, skip: usize) -> &'a str {
        self.text.get(self.start + skip..).unwrap_or_default()
    }

    fn facet(&self, length: usize, feature: Feature) -> Facet {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Facet { start: offset(self.start), end: offset(self.start + length), feature }
    }
}

/// The longest beginning of `text` whose characters all pass.
fn leading(text: &str, pass: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !pass(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// `/(^|\s|\()(@)([a-zA-Z0-9.-]+)(\b)/` and a top-level domain.
fn mention(place: &Place<'_>) -> Option<Facet> {
    let rest = place.rest(1);
    let run = leading(rest, |c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let bytes = rest.as_bytes();
    // The longest beginning of the run that ends at a word boundary.
    let length = (1..=run.len()).rev().find(|end| is_word(bytes.get(end - 1)) != is_word(bytes.get(*end)))?;
    let handle = run.get(..length)?;
    let lower = handle.to_ascii_lowercase();
    let known = ends_in_tld(&lower) || lower.ends_with(".test");
    (known && is_valid_handle(handle)).then(|| place.facet(1 + length, Feature::Mention { handle: handle.to_owned() }))
}

struct LinkCandidate {
    facet: Option<Facet>,
    /// Where the search for links goes on, if something that looks like a link was passed over.
    resume: Option<usize>,
}

/// `/(^|\s|\()((https?:\/\/[\S]+)|((?<domain>[a-z][a-z0-9]*(\.[a-z0-9]+)+)[\S]*))/im`, then the trailing punctuation.
fn link(place: &Place<'_>) -> LinkCandidate {
    let rest = place.rest(0);
    let scheme = scheme(rest);
    let domain = bare_domain(rest);
    if scheme.is_none() && domain.is_none() {
        return LinkCandidate { facet: None, resume: None };
    }
    let run = leading(rest, |c| !is_js_space(c));
    let resume = Some(place.start + run.len());
    if scheme.is_none() && !domain.is_some_and(ends_in_tld) {
        return LinkCandidate { facet: None, resume };
    }
    let scheme = scheme.unwrap_or_default();
    let tail = run.get(scheme.len()..).unwrap_or_default();
    let mut kept = tail.strip_suffix(['.', ',', ';', ':', '!', '?']).unwrap_or(tail);
    if !kept.contains('(') {
        kept = kept.strip_suffix(')').unwrap_or(kept);
    }
    let uri = format!("{}{kept}", if scheme.eq_ignore_ascii_case("http://") { "http://" } else { "https://" });
    let facet = is_valid_uri(&uri).then(|| place.facet(scheme.len() + kept.len(), Feature::Link { uri }));
    LinkCandidate { facet, resume }
}

/// The scheme at the beginning of `text`, if something follows it.
fn scheme(text: &str) -> Option<&str> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let (front, tail) = text.split_at_checked(scheme.len())?;
        (front.eq_ignore_ascii_case(scheme) && tail.starts_with(|c| !is_js_space(c))).then_some(front)
    })
}

/// The domain without hyphens at the beginning of `text`.
fn bare_domain(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let letters = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let mut end = letters(0);
    let first_label = end;
    while bytes.get(end) == Some(&b'.') {
        match letters(end + 1) {
            0 => break,
            length => end += 1 + length,
        }
    }
    if end > first_label { text.get(..end) } else { None }
}

/// `/(^|\s)[#＃]((?!\ufe0f)[^\s…]*[^\d\s\p{P}…]+[^\s…]*)?/u`, where … are invisible characters, then the trailing punctuation.
fn tag(place: &Place<'_>, sign: char) -> Option<Facet> {
    let run = leading(place.rest(sign.len_utf8()), |c| !is_js_space(c) && !is_invisible(c));
    // A number sign before a variation selector is the emoji of a number sign.
    if run.starts_with('\u{FE0F}') || run.chars().all(|c| c.is_ascii_digit() || is_punctuation(c)) {
        return None;
    }
    let tag = run.trim_end_matches(is_punctuation);
    if tag.len() > MAX_TAG_BYTES || graphemes::exceed(tag, MAX_TAG_GRAPHEMES) {
        return None;
    }
    Some(place.facet(sign.len_utf8() + tag.len(), Feature::Tag { tag: tag.to_owned() }))
}

/// Characters without width that end a tag. An emoji of several persons is cut by this, as in the official client.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{2060}' | '\u{200A}'..='\u{200D}' | '\u{20E2}')
}

/// `/(^|\s|\()\$([A-Za-z][A-Za-z0-9]{0,4})(?=\s|$|[.,;:!?)"'\u2019])/u`, in upper case.
fn cashtag(place: &Place<'_>) -> Option<Facet> {
    let rest = place.rest(1);
    let ticker = leading(rest, |c| c.is_ascii_alphanumeric());
    let starts_well = ticker.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let next = rest.get(ticker.len()..).and_then(|after| after.chars().next());
    let ends_well = next.is_none_or(|c| is_js_space(c) || ".,;:!?)\"'\u{2019}".contains(c));
    (starts_well && ends_well && ticker.len() <= 5)
        .then(|| place.facet(1 + ticker.len(), Feature::Tag { tag: format!("${}", ticker.to_ascii_uppercase()) }))
}
