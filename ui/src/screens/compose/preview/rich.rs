//! A text cut into what a network shows plain and what it makes a link.

use std::ops::Range;

use domain::network::Network;
use domain::text::bluesky::{Feature, facets};
use domain::text::x;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Link,
    Mention,
    Tag,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub kind: Kind,
    /// As the network shows it: links are shortened where it shortens them.
    pub shown: String,
}

/// Link texts longer than this are cut. Source: mastodon/mastodon app/lib/text_formatter.rb, read 2026-11.
const MASTODON_LINK_SHOWN: usize = 30;

/// `text` as `network` shows it.
pub fn pieces(network: Network, text: &str) -> Vec<Piece> {
    let shown = |kind, text: &str| match (network, kind) {
        (Network::Mastodon, Kind::Link) => short_link(text),
        _ => text.to_owned(),
    };
    marked(network, text).into_iter().map(|(kind, text)| Piece { kind, shown: shown(kind, text) }).collect()
}

/// `text` as it was typed, cut where a link, a name or a tag begins or ends.
pub fn marked(network: Network, text: &str) -> Vec<(Kind, &str)> {
    let marks = match network {
        Network::Bluesky => bluesky(text),
        Network::Mastodon => mastodon(text),
        _ => entities(text),
    };
    let mut pieces = Vec::new();
    let mut done = 0;
    for (range, kind) in marks {
        let (Some(before), Some(inside)) = (text.get(done..range.start), text.get(range.clone())) else { continue };
        if !before.is_empty() {
            pieces.push((Kind::Plain, before));
        }
        pieces.push((kind, inside));
        done = range.end;
    }
    if let Some(rest) = text.get(done..).filter(|rest| !rest.is_empty()) {
        pieces.push((Kind::Plain, rest));
    }
    pieces
}

fn bluesky(text: &str) -> Vec<(Range<usize>, Kind)> {
    facets(text)
        .into_iter()
        .map(|facet| {
            let kind = match facet.feature {
                Feature::Link { .. } => Kind::Link,
                Feature::Mention { .. } => Kind::Mention,
                Feature::Tag { .. } => Kind::Tag,
            };
            (facet.start as usize..facet.end as usize, kind)
        })
        .collect()
}

/// Links, names and tags as X finds them; the others differ little.
fn entities(text: &str) -> Vec<(Range<usize>, Kind)> {
    let kind = |kind| match kind {
        x::Kind::Url => Kind::Link,
        x::Kind::Mention => Kind::Mention,
        x::Kind::Hashtag | x::Kind::Cashtag => Kind::Tag,
    };
    x::entities(text).into_iter().map(|entity| (entity.range, kind(entity.kind))).collect()
}

/// Tags and links as on Bluesky, but a link needs its scheme, money is no tag, and a name may have a server.
fn mastodon(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut marks: Vec<(Range<usize>, Kind)> = bluesky(text)
        .into_iter()
        .filter(|(range, kind)| {
            let inside = text.get(range.clone()).unwrap_or_default();
            match kind {
                Kind::Link => inside.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")),
                Kind::Tag => !inside.starts_with('$'),
                Kind::Mention | Kind::Plain => false,
            }
        })
        .collect();
    for range in names(text) {
        if !marks.iter().any(|(other, _)| other.start < range.end && range.start < other.end) {
            marks.push((range, Kind::Mention));
        }
    }
    marks.sort_by_key(|(range, _)| range.start);
    marks
}

/// `@user` and `@user@server`, not inside a word.
fn names(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, _) in text.match_indices('@') {
        let inside = found.last().is_some_and(|last| start < last.end);
        let before = text.get(..start).and_then(|front| front.chars().next_back());
        if inside || before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '=')) {
            continue;
        }
        let rest = text.get(start + 1..).unwrap_or_default();
        let user = words(rest, |c| c.is_ascii_alphanumeric() || c == '_');
        if user == 0 {
            continue;
        }
        let server = rest.get(user..).and_then(|rest| rest.strip_prefix('@'));
        let server = server.map_or(0, |server| words(server, char::is_alphanumeric));
        found.push(start..start + 1 + if server == 0 { user } else { user + 1 + server });
    }
    found
}

/// Bytes of the words at the start that dots and hyphens join.
fn words(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if is_part(c) {
            end = at + c.len_utf8();
        } else if end == 0 || !matches!(c, '.' | '-') {
            break;
        }
    }
    end
}

fn short_link(link: &str) -> String {
    let bare = link.split_once("://").map_or(link, |(_, bare)| bare);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let mut shown: String = bare.chars().take(MASTODON_LINK_SHOWN).collect();
    if bare.chars().nth(MASTODON_LINK_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(network: Network, text: &str) -> Vec<(Kind, String)> {
        pieces(network, text)
            .into_iter()
            .filter(|piece| piece.kind != Kind::Plain)
            .map(|piece| (piece.kind, piece.shown))
            .collect()
    }

    #[test]
    fn nothing_is_lost_between_the_pieces() {
        for text in ["", "plain", "a #b c", "#b", "👩‍🚀 @ada.bsky.social שלום https://a.example/x", "@@ada #", "# @ $"]
        {
            let whole: String = pieces(Network::Bluesky, text).into_iter().map(|piece| piece.shown).collect();
            assert_eq!(whole, text);
        }
    }

    #[test]
    fn bluesky_links_bare_names() {
        assert_eq!(
            shown(Network::Bluesky, "Twelve places, harbourbakery.no/class #sourdough @ada.bsky.social"),
            [
                (Kind::Link, "harbourbakery.no/class".to_owned()),
                (Kind::Tag, "#sourdough".to_owned()),
                (Kind::Mention, "@ada.bsky.social".to_owned()),
            ]
        );
    }

    #[test]
    fn mastodon_links_what_has_a_scheme_and_shows_it_short() {
        let text = "harbourbakery.no https://www.harbourbakery.no/saturday/sourdough/class #oslo @kari@oslo.town, @ben $MSFT a@b.c";
        assert_eq!(
            shown(Network::Mastodon, text),
            [
                (Kind::Link, "harbourbakery.no/saturday/sour…".to_owned()),
                (Kind::Tag, "#oslo".to_owned()),
                (Kind::Mention, "@kari@oslo.town".to_owned()),
                (Kind::Mention, "@ben".to_owned()),
            ]
        );
    }

    #[test]
    fn a_name_in_a_link_is_part_of_the_link() {
        assert_eq!(shown(Network::Mastodon, "https://oslo.town/@kari").len(), 1);
    }
}
