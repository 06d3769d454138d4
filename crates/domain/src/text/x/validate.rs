//! Whether a whole text is one name, list, hashtag or address: `validation.rb` of twitter-text.

use super::entities::{hashtags, mentions};
use crate::text::unicode::{is_cyrillic, is_dash};

/// `@ada`, and nothing else.
pub fn is_valid_username(text: &str) -> bool {
    matches!(mentions(text).as_slice(), [only] if only.range == (0..text.len()) && only.list.is_none())
}

/// `@ada/list`, and nothing else.
pub fn is_valid_list(text: &str) -> bool {
    matches!(mentions(text).as_slice(), [only] if only.range == (0..text.len()) && only.list.is_some())
}

/// `#bread`, and nothing else.
pub fn is_valid_hashtag(text: &str) -> bool {
    matches!(hashtags(text).as_slice(), [only] if *only == (0..text.len()))
}

/// An address of the web; `scheme`: it must say `http` or `https`. Stricter than RFC 3986, and open to all scripts.
pub fn is_valid_url(text: &str, scheme: bool) -> bool {
    let (given, rest) = match text.split_once("://") {
        Some((front, rest)) if !front.is_empty() && !front.contains([':', '/', '?', '#']) => (Some(front), rest),
        _ => (None, text),
    };
    let web = given.is_some_and(|given| given.eq_ignore_ascii_case("http") || given.eq_ignore_ascii_case("https"));
    let (rest, fragment) = rest.split_once('#').map_or((rest, None), |(rest, fragment)| (rest, Some(fragment)));
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let (authority, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
    let open = |part: Option<&str>| part.is_none_or(|part| is_made_of(part, "!$&'()*+,;=:|@/?"));
    (!scheme || web) && is_authority(authority) && is_made_of(path, "!$&'()*+,;=:|@/") && open(query) && open(fragment)
}

/// Unreserved characters, `%` with two hexadecimal digits, and these signs.
fn is_made_of(text: &str, signs: &str) -> bool {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let plain = c.is_ascii_alphanumeric() || "._~".contains(c) || is_dash(c) || is_cyrillic(c) || signs.contains(c);
        let length = match c {
            '%' if rest.get(1..3).is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit())) => 3,
            _ if plain => c.len_utf8(),
            _ => return false,
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    true
}

fn is_authority(authority: &str) -> bool {
    let host = match authority.rsplit_once('@') {
        Some((user, host)) if is_made_of(user, "!$&'()*+,;=:") => host,
        Some(_) => return false,
        None => authority,
    };
    let is_port = |port: &str| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((address, port)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let digits = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
        return !address.is_empty()
            && address.bytes().all(digits)
            && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    match host.split_once(':') {
        Some((name, port)) => is_host(name) && is_port(port),
        None => is_host(host),
    }
}

fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let [below @ .., name, top] = labels.as_slice() else { return false };
    let number = |label: &&str| label.parse::<u8>().is_ok_and(|number| number.to_string() == **label);
    if labels.len() == 4 && labels.iter().all(number) {
        return true;
    }
    below.iter().all(|label| is_label(label, "_-"))
        && is_label(name, "-")
        && is_label(top, "-")
        && !top.starts_with(|c: char| c.is_ascii_digit())
}

/// Letters and digits of any script, with these signs between them.
fn is_label(label: &str, signs: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
    label.starts_with(letter) && label.ends_with(letter) && label.chars().all(|c| letter(c) || signs.contains(c))
}
