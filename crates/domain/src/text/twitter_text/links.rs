//! Finding links as twitter-text 3.1.0 does (`valid_url` in its regex.rb and `extract_urls_with_indices` in its extractor.rb), in
//! the two dialects that networks speak: X's own, and Mastodon's with the characters for paths and queries that it sets in
//! config/initializers/twitter_regex.rb (read 2026-11).
//!
//! For Mastodon a domain without a scheme is no link, but what stands behind it belongs to it: in
//! `example.com/?to=https://a.example` there is no link at all. That is why both are looked for.

use std::ops::Range;

use super::host::{Hosts, ascii_hosts, is_invalid};
use super::is_latin_accent;
use crate::text::unicode::{is_cyrillic, is_dash};

/// Longer addresses are none. Source: `MAX_URL_LENGTH` of twitter-text, in code points.
const MAX_CHARS: usize = 4096;
/// Longer names are none. Source: `MAX_TCO_SLUG_LENGTH` of twitter-text.
const MAX_SHORTENER_NAME: usize = 40;
/// What an address without a scheme gains. Source: `URL_PROTOCOL_LENGTH` of twitter-text.
const SCHEME_CHARS: usize = "https://".len();

/// What a network changes of the pattern.
#[derive(Debug)]
pub(in crate::text) struct Dialect {
    schemes: &'static [&'static str],
    /// A domain without a scheme is a link.
    bare: bool,
    path: fn(char) -> bool,
    path_end: fn(char) -> bool,
    /// What may stand in parentheses at the very end of a link.
    in_parentheses: fn(char) -> bool,
    query: fn(char) -> bool,
    query_end: fn(char) -> bool,
    /// A link of Twitter's shortener may have a query.
    short_query: bool,
}

pub(in crate::text) static X: Dialect = Dialect {
    schemes: &["https", "http"],
    bare: true,
    path: is_path_char,
    path_end: may_end_path,
    in_parentheses: is_path_char,
    query: is_query_char,
    query_end: may_end_query,
    short_query: true,
};

pub(in crate::text) static MASTODON: Dialect = Dialect {
    schemes: &["https", "http", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "gemini"],
    bare: false,
    path: is_wide_path_char,
    path_end: may_end_wide_path,
    // there Mastodon kept the narrower rule
    in_parentheses: is_path_char,
    query: is_wide_query_char,
    query_end: may_end_wide_query,
    short_query: false,
};

/// The links of `text`, as byte ranges in their order.
pub(in crate::text) fn find(text: &str, dialect: &Dialect) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains(if dialect.bare { "." } else { "://" }) {
        return found;
    }
    let mut hosts = Hosts::new(text);
    let mut before: Option<char> = None;
    let mut free = 0;
    for (start, c) in text.char_indices() {
        let previous = before.replace(c);
        let opens = previous.is_none_or(|b| may_precede(b) && start - b.len_utf8() >= free);
        if !opens || start < free {
            continue;
        }
        let scheme = scheme_length(text.get(start..).unwrap_or_default(), dialect);
        let Some(host) = hosts.at(start + scheme) else { continue };
        let end = tail_end(text, host.end, dialect);
        free = end;
        if scheme == 0 {
            if dialect.bare && !previous.is_some_and(|b| matches!(b, '-' | '_' | '.' | '/')) {
                bare(text, &host, end, &mut found);
            }
            continue;
        }
        let name = shortener_name(text, &host, scheme);
        let link = start..name.map_or(end, |length| {
            let end = host.end + 1 + length;
            if dialect.short_query { query_end(text, end, dialect) } else { end }
        });
        if name.unwrap_or(0) <= MAX_SHORTENER_NAME && is_acceptable(text, &link, &host) {
            found.push(link);
        }
    }
    found
}

/// Of an address without a scheme only names in Latin letters count; the last of them has the path.
fn bare(text: &str, host: &Range<usize>, end: usize, found: &mut Vec<Range<usize>>) {
    let chars = text.get(host.start..end).map_or(0, |whole| whole.chars().count()) + SCHEME_CHARS;
    let names = ascii_hosts(text, host).into_iter();
    let mut names: Vec<_> = names.filter(|name| chars <= MAX_CHARS && is_acceptable(text, name, name)).collect();
    if let Some(last) = names.last_mut().filter(|_| has_path(text, host.end)) {
        last.end = end;
    }
    found.append(&mut names);
}

fn has_path(text: &str, host_end: usize) -> bool {
    let rest = text.get(host_end..).unwrap_or_default();
    let behind_port = rest.strip_prefix(':').map(|port| port.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.starts_with('/') || behind_port.is_some_and(|rest| rest.starts_with('/'))
}

/// The bytes of a scheme and `://` at the beginning of `text`, or none.
fn scheme_length(text: &str, dialect: &Dialect) -> usize {
    let fits = |scheme: &&str| {
        let (front, rest) = text.split_at_checked(scheme.len())?;
        (front.eq_ignore_ascii_case(scheme) && rest.starts_with("://")).then_some(scheme.len() + 3)
    };
    dialect.schemes.iter().find_map(fits).unwrap_or(0)
}

fn may_precede(c: char) -> bool {
    !(c.is_ascii_alphanumeric() || matches!(c, '@' | '＠' | '$' | '#' | '＃') || is_invalid(c))
}

/// Where port, path and query behind a host name end.
fn tail_end(text: &str, host_end: usize, dialect: &Dialect) -> usize {
    let at = |from: usize| text.get(from..).unwrap_or_default();
    let mut end = host_end;
    if let Some(port) = at(end).strip_prefix(':') {
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            end += 1 + digits;
        }
    }
    if let Some(path) = at(end).strip_prefix('/') {
        end += 1 + path_length(path, dialect);
    }
    query_end(text, end, dialect)
}

/// Where a query that begins at `start` ends; there, if none begins.
fn query_end(text: &str, start: usize, dialect: &Dialect) -> usize {
    let Some(query) = text.get(start..).and_then(|rest| rest.strip_prefix('?')) else { return start };
    let chars = query.char_indices().take_while(|(_, c)| (dialect.query)(*c));
    let last = chars.filter(|(_, c)| (dialect.query_end)(*c)).last();
    last.map_or(start, |(at, c)| start + 1 + at + c.len_utf8())
}

/// The bytes of `path` (behind its slash) that belong to the link: trailing punctuation and unbalanced parentheses do not.
fn path_length(path: &str, dialect: &Dialect) -> usize {
    let mut kept = 0;
    let mut at = 0;
    while let Some(c) = path.get(at..).and_then(|rest| rest.chars().next()) {
        if (dialect.path)(c) {
            at += c.len_utf8();
            if (dialect.path_end)(c) {
                kept = at;
            }
        } else if c == '('
            && let Some(length) = balanced(path.get(at..).unwrap_or_default(), dialect)
        {
            let inside = path.get(at..at + length).unwrap_or_default();
            at += length;
            if inside.chars().all(|c| matches!(c, '(' | ')') || (dialect.in_parentheses)(c)) {
                kept = at;
            }
        } else {
            break;
        }
    }
    kept
}

/// The bytes of `(a)`, `(a(b)c)` or `((b))` at the beginning of `text`: two levels, not more.
fn balanced(text: &str, dialect: &Dialect) -> Option<usize> {
    let run = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        from + rest.find(|c| !(dialect.path)(c)).unwrap_or(rest.len())
    };
    let sign = |at: usize| text.as_bytes().get(at).copied();
    let first = run(1);
    match sign(first)? {
        b')' if first > 1 => Some(first + 1),
        b'(' => {
            let inner = run(first + 1);
            let last = run(inner + 1);
            (inner > first + 1 && sign(inner) == Some(b')') && sign(last) == Some(b')')).then_some(last + 1)
        }
        _ => None,
    }
}

/// `valid_general_url_path_chars`.
fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!*';:=+,.$/%#[]_~&|@".contains(c)
        || is_dash(c)
        || is_cyrillic(c)
        || is_latin_accent(c)
}

/// `valid_url_path_ending_chars`, without its parentheses.
fn may_end_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "=_#/+-".contains(c) || is_cyrillic(c) || is_latin_accent(c)
}

fn is_wide_path_char(c: char) -> bool {
    !(c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '?'))
}

fn may_end_wide_path(c: char) -> bool {
    is_wide_path_char(c) && !matches!(c, '「' | '」') && !"!*\"';:=,.$%[]~&|@".contains(c)
}

fn is_query_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!?*'();:&=+$/%#[]-_.,~|@".contains(c)
}

fn may_end_query(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_&=#/-".contains(c)
}

fn is_wide_query_char(c: char) -> bool {
    is_query_char(c) || c == '^' || is_uchar(c)
}

fn may_end_wide_query(c: char) -> bool {
    may_end_query(c) || is_uchar(c)
}

/// `UCHARS`: everything above U+00A0 but what Unicode calls noncharacters, and the tag characters.
fn is_uchar(c: char) -> bool {
    let code = u32::from(c);
    let left_out = matches!(code, 0xFDD0..=0xFDEF | 0xFFF0..=0xFFFF | 0xE0000..=0xE0FFF) || code & 0xFFFE == 0xFFFE;
    code >= 0xA0 && !left_out
}

/// The bytes of the name behind `t.co/`: a link of Twitter's shortener ends with its letters and digits.
fn shortener_name(text: &str, host: &Range<usize>, scheme: usize) -> Option<usize> {
    let name = text.get(host.clone())?;
    let length = text.get(host.end..)?.strip_prefix('/')?.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let web = (7..=8).contains(&scheme);
    (web && length > 0 && name.eq_ignore_ascii_case("t.co")).then_some(length)
}

/// What the server's own checks behind the pattern let through.
fn is_acceptable(text: &str, link: &Range<usize>, host: &Range<usize>) -> bool {
    let chars = text.get(link.clone()).map_or(0, |link| link.chars().count());
    chars <= MAX_CHARS && text.get(host.clone()).unwrap_or_default().split('.').all(is_acceptable_label)
}

/// Whether a label has a form in ASCII of at most 63 bytes.
fn is_acceptable_label(label: &str) -> bool {
    if label.is_ascii() {
        return label.len() <= 63;
    }
    let disguised = label.split_at_checked(4).is_some_and(|(front, _)| front.eq_ignore_ascii_case("xn--"));
    // a text that is longer than that even before it is encoded need not be encoded
    let short = label.chars().count() <= 63;
    !disguised && short && idna::punycode::encode_str(label).is_some_and(|code| code.len() + "xn--".len() <= 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<&str> {
        find(text, &MASTODON).into_iter().filter_map(|range| text.get(range)).collect()
    }

    #[test]
    fn links_end_where_the_server_ends_them() {
        for (text, expected) in [
            ("https://example.com", "https://example.com"),
            ("HTTP://EXAMPLE.COM/A", "HTTP://EXAMPLE.COM/A"),
            ("see https://example.com.", "https://example.com"),
            ("(https://example.com/a_(b))", "https://example.com/a_(b)"),
            ("https://example.com/a(b(c)d)e!", "https://example.com/a(b(c)d)e"),
            ("https://example.com/a(b(c(d)))", "https://example.com/a"),
            ("https://ja.example.jp/東京_(東京都)", "https://ja.example.jp/東京_"),
            ("https://ja.example.jp/東京_(東京都)駅", "https://ja.example.jp/東京_(東京都)駅"),
            ("https://example.com:8080/a?b=c&d#e, f", "https://example.com:8080/a?b=c&d#e"),
            ("https://example.com?q", "https://example.com?q"),
            ("https://example.com?.", "https://example.com"),
            ("https://example.com#part", "https://example.com"),
            ("https://example.comの", "https://example.com"),
            ("。https://пример.рф/путь", "https://пример.рф/путь"),
            ("https://a.b.example.zzz", ""),
            ("https://example.com.zzz", "https://example.com"),
            ("https://a_b.example.com", "https://a_b.example.com"),
            ("https://a_b.com", ""),
            ("https://xn--e1afmkfd.xn--p1ai/", "https://xn--e1afmkfd.xn--p1ai/"),
            ("https://t.co/abc123?x", "https://t.co/abc123"),
            ("gemini://example.com/a", "gemini://example.com/a"),
            ("https://example.com/\u{3000}b", "https://example.com/"),
        ] {
            assert_eq!(links(text).first().copied().unwrap_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_link_for_the_server_is_none_here() {
        for text in [
            "example.com",
            "https://",
            "https://localhost/a",
            "https://10.0.0.1/a",
            "xhttps://example.com",
            "@https://example.com",
            "#https://example.com",
            "https://-example.com",
            "ftp://example.com",
            "example.com/?to=https://other.example.com",
            "example.com/https://other.example.com",
            "https://example.com-",
            "https://example.com@",
        ] {
            assert!(links(text).is_empty(), "{text}: {:?}", links(text));
        }
        assert!(links(&format!("https://{}.com", "a".repeat(64))).is_empty());
        assert!(links(&format!("https://a.com/{}", "a".repeat(4096))).is_empty());
        assert_eq!(
            links("a.com https://b.com\nhttps://c.com,https://d.com"),
            ["https://b.com", "https://c.com", "https://d.com"]
        );
    }
}
