//! Rewriting a text to what Mastodon counts of it.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::twitter_text::{is_latin_accent, links};
use crate::text::unicode::is_word;

/// A text in which links and names are short.
pub(super) struct Shortened<'a> {
    pub(super) text: Cow<'a, str>,
    /// Characters that count beside those of the text.
    pub(super) reserved: u32,
}

/// A piece of the text that counts less, or more, than it shows.
struct Entity {
    range: Range<usize>,
    kept: Kept,
}

enum Kept {
    /// Only up to here, in bytes of the text: a name without its server.
    Until(usize),
    /// A link: a fixed number of characters.
    Reserved,
}

/// `text` as the server counts it, a link counting `per_link`.
pub(super) fn shorten(text: &str, per_link: u32) -> Shortened<'_> {
    let mut entities: Vec<Entity> =
        links::find(text, &links::MASTODON).into_iter().map(|range| Entity { range, kept: Kept::Reserved }).collect();
    mentions(text, &mut entities);
    if entities.is_empty() {
        return Shortened { text: Cow::Borrowed(text), reserved: 0 };
    }
    entities.sort_by_key(|entity| entity.range.start);
    // A link is written as at most two characters, the first and the last, which a neighbour might join; the rest is added.
    // So a server that claims four thousand million characters a link costs nothing.
    let written = per_link.min(2);
    let mut short = String::with_capacity(text.len());
    let mut reserved: u32 = 0;
    let mut done = 0;
    for Entity { range, kept } in entities {
        // Of two that overlap, the first counts.
        if range.start < done {
            continue;
        }
        short.push_str(text.get(done..range.start).unwrap_or_default());
        match kept {
            Kept::Until(end) => short.push_str(text.get(range.start..end).unwrap_or_default()),
            Kept::Reserved => {
                (0..written).for_each(|_| short.push('x'));
                reserved = reserved.saturating_add(per_link - written);
            }
        }
        done = range.end;
    }
    short.push_str(text.get(done..).unwrap_or_default());
    Shortened { text: Cow::Owned(short), reserved }
}

/// Longer host names are none. Source: `Extractor::MAX_DOMAIN_LENGTH`.
const MAX_HOST_CHARS: usize = 253;

/// `Account::MENTION_RE`: `(?<![=/[:word:]])@(([a-z0-9_]+([.-]+[a-z0-9_]+)*)(?:@[[:word:]]+([.-]+[[:word:]]+)*)?)`, unless a
/// second at sign, an accented letter or `://` follows.
fn mentions(text: &str, found: &mut Vec<Entity>) {
    let mut free = 0;
    for (start, _) in text.match_indices('@') {
        let before = text.get(..start).and_then(|front| front.chars().next_back());
        if start < free || before.is_some_and(|c| c == '=' || c == '/' || is_word(c)) {
            continue;
        }
        let rest = text.get(start + 1..).unwrap_or_default();
        let user = joined_words(rest, |c| c.is_ascii_alphanumeric() || c == '_');
        if user == 0 {
            continue;
        }
        let after_user = rest.get(user..).unwrap_or_default();
        let host = after_user.strip_prefix('@').map_or(0, |host| joined_words(host, is_word));
        let full = if host == 0 { user } else { user + 1 + host };
        let end = start + 1 + full;
        free = end;
        let next = text.get(end..).unwrap_or_default();
        let cut_short = next.starts_with("://") || next.starts_with(|c| c == '@' || c == '＠' || is_latin_accent(c));
        let host_chars = after_user.get(1..1 + host).map_or(0, |host| host.chars().count());
        if !cut_short && host_chars <= MAX_HOST_CHARS {
            found.push(Entity { range: start..end, kept: Kept::Until(start + 1 + user) });
        }
    }
}

/// The bytes of the words at the beginning of `text`, joined by dots and hyphens, the last without any behind it.
fn joined_words(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    let mut end = 0;
    let mut joined = false;
    for (at, c) in text.char_indices() {
        if is_part(c) {
            end = at + c.len_utf8();
            joined = true;
        } else if !(joined && (c == '.' || c == '-')) {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(text: &str) -> String {
        shorten(text, 2).text.into_owned()
    }

    #[test]
    fn a_name_loses_its_server() {
        for (text, expected) in [
            ("@ada", "@ada"),
            ("@ada@example.social", "@ada"),
            ("hi @ada@example.social!", "hi @ada!"),
            ("(@a.b-c_d@example.social)", "(@a.b-c_d)"),
            ("@ada@пример.рф и", "@ada и"),
            ("@ada@example.social.", "@ada."),
            ("@ada@example.social, @ben@example.org", "@ada, @ben"),
            ("@ada@localhost", "@ada"),
            // no mention: a word, a slash or an equals sign before it
            ("mail ada@example.social", "mail ada@example.social"),
            ("x/@ada@example.social", "x/@ada@example.social"),
            ("?u=@ada@example.social", "?u=@ada@example.social"),
            ("e\u{301}@ada@example.social", "e\u{301}@ada@example.social"),
            ("²@ada@example.social", "²@ada"),
            // a second at sign behind
            ("@ada@example.social@", "@ada@example.social@"),
            ("@noël@example.social", "@noël@example.social"),
            ("@ada@", "@ada@"),
            ("@@ada@example.social", "@@ada"),
            ("@ada@-example.social", "@ada@-example.social"),
        ] {
            assert_eq!(short(text), expected, "{text}");
        }
        let long = format!("@ada@{}.com", "b".repeat(250));
        assert_eq!(short(&long), long);
    }

    #[test]
    fn a_link_is_written_as_two_and_the_rest_is_added() {
        let shortened = shorten("a https://example.com/@ada@example.social b", 23);
        assert_eq!((shortened.text.as_ref(), shortened.reserved), ("a xx b", 21));
        let shortened = shorten("https://example.com", u32::MAX);
        assert_eq!((shortened.text.as_ref(), shortened.reserved), ("xx", u32::MAX - 2));
        let shortened = shorten("https://example.com", 1);
        assert_eq!((shortened.text.as_ref(), shortened.reserved), ("x", 0));
        assert_eq!(shorten("https://example.com", 0).text, "");
    }
}
