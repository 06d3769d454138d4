//! Tags of links: the `utm_` parameters by which whoever counts visits sees where they came from.
//!
//! They stand in the draft, not only with the persona: a sign-off covers them, and a persona that changes later changes nothing
//! that is signed.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use crate::network::Network;
use crate::post::Content;
use crate::text::bluesky::{Feature, facets};

/// The five parameters of Urchin, as every analytics program reads them. Each may be empty, then it is left out; `{network}`
/// stands for the network that gets the post.
///
/// Source: <https://support.google.com/analytics/answer/10917952>, 2026-11-01.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkTags {
    pub source: String,
    pub medium: String,
    pub campaign: String,
    pub term: String,
    pub content: String,
}

impl LinkTags {
    /// Characters of one value.
    pub const VALUE_MAX: usize = 200;
    pub const NAMES: [&str; 5] = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];
    /// Stands for the network's name in small letters.
    pub const NETWORK: &str = "{network}";

    /// In the order of [`LinkTags::NAMES`].
    pub fn values(&self) -> [&str; 5] {
        let Self { source, medium, campaign, term, content } = self;
        [source, medium, campaign, term, content].map(String::as_str)
    }

    pub fn values_mut(&mut self) -> [&mut String; 5] {
        let Self { source, medium, campaign, term, content } = self;
        [source, medium, campaign, term, content]
    }

    /// There is nothing to add to a link.
    pub fn is_empty(&self) -> bool {
        self.values().iter().all(|value| value.trim().is_empty())
    }

    /// `content` as `network` gets it.
    pub fn tagged<'a>(&self, content: &'a Content, network: Network) -> Cow<'a, Content> {
        let cards = content.parts.iter().filter_map(|part| part.card.as_ref()).map(|card| card.url.as_str());
        let said = content.parts.iter().map(|part| part.text.as_str()).chain([content.first_comment.as_str()]);
        if self.is_empty() || !said.chain(cards).any(may_hold_link) {
            return Cow::Borrowed(content);
        }
        let mut content = content.clone();
        for text in content.parts.iter_mut().map(|part| &mut part.text).chain([&mut content.first_comment]) {
            if let Cow::Owned(tagged) = self.tagged_text(text, network) {
                *text = tagged;
            }
        }
        for card in content.parts.iter_mut().filter_map(|part| part.card.as_mut()) {
            if let Some(tagged) = self.tagged_link(&card.url, network) {
                card.url = tagged;
            }
        }
        Cow::Owned(content)
    }

    /// `text` with the tags on every link that is written with `http://` or `https://`. What such a link says already stays.
    pub fn tagged_text<'a>(&self, text: &'a str, network: Network) -> Cow<'a, str> {
        let mut tagged = String::new();
        let mut copied = 0;
        if !may_hold_link(text) {
            return Cow::Borrowed(text);
        }
        for facet in facets(text) {
            let Feature::Link { .. } = facet.feature else { continue };
            let (Ok(start), Ok(end)) = (usize::try_from(facet.start), usize::try_from(facet.end)) else { continue };
            let (Some(before), Some(link)) = (text.get(copied..start), text.get(start..end)) else { continue };
            // what closes a sentence or a quotation is not the link's, although it stands right behind it
            let link = link.trim_end_matches(is_behind);
            let end = start + link.len();
            let Some(with_tags) = self.tagged_link(link, network) else { continue };
            tagged.push_str(before);
            tagged.push_str(&with_tags);
            copied = end;
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        tagged.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(tagged)
    }

    /// `None` if there is nothing to add. The rest of the link stays letter by letter as it is written.
    fn tagged_link(&self, link: &str, network: Network) -> Option<String> {
        let scheme = link.split_once("://")?.0;
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let (address, fragment) = match link.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (link, None),
        };
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let has = |name: &str| form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key.eq_ignore_ascii_case(name));
        let mut added = form_urlencoded::Serializer::new(String::new());
        for (name, value) in Self::NAMES.into_iter().zip(self.values()) {
            let value = value.trim().replace(Self::NETWORK, &network.name().to_lowercase().replace(' ', "-"));
            if !value.is_empty() && !has(name) {
                added.append_pair(name, &value);
            }
        }
        let added = added.finish();
        if added.is_empty() {
            return None;
        }
        let joint = match address.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some((_, query)) if query.ends_with('&') => "",
            Some(_) => "&",
        };
        let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
        Some(format!("{address}{joint}{added}{fragment}"))
    }
}

/// Quickly told of most texts: without it there is no link to be tagged.
fn may_hold_link(text: &str) -> bool {
    text.contains("://")
}

const fn is_behind(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '…' | '*' | '"' | '\'' | '“' | '”' | '„' | '’' | '‘' | '»' | '«')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags() -> LinkTags {
        LinkTags { source: "{network}".to_owned(), medium: "social".to_owned(), ..LinkTags::default() }
    }

    fn tagged(text: &str) -> String {
        tags().tagged_text(text, Network::Bluesky).into_owned()
    }

    #[test]
    fn every_link_is_tagged_and_nothing_else_changes() {
        assert_eq!(
            tagged("Read https://ada.example/bread, and (https://ada.example/a?b=1#c)."),
            "Read https://ada.example/bread?utm_source=bluesky&utm_medium=social, and \
             (https://ada.example/a?b=1&utm_source=bluesky&utm_medium=social#c)."
        );
        assert_eq!(
            tagged("Wow: https://ada.example/rye!! „Mehr auf https://ada.example/brot“"),
            "Wow: https://ada.example/rye?utm_source=bluesky&utm_medium=social!! \
             „Mehr auf https://ada.example/brot?utm_source=bluesky&utm_medium=social“"
        );
        for as_it_is in ["no link", "ada.example is a name only", "mailto:ada@ada.example", "https://"] {
            assert_eq!(tagged(as_it_is), as_it_is);
        }
    }

    #[test]
    fn what_a_link_says_itself_stays() {
        assert_eq!(
            tagged("https://ada.example/?utm_source=news"),
            "https://ada.example/?utm_source=news&utm_medium=social"
        );
        let done = tagged("https://ada.example/");
        assert_eq!(tagged(&done), done);
    }

    #[test]
    fn values_are_written_so_that_they_come_out_again() {
        let tags = LinkTags { campaign: "Brot & Öl = 1".to_owned(), ..LinkTags::default() };
        let text = tags.tagged_text("https://ada.example", Network::Mastodon).into_owned();
        let url = url::Url::parse(&text).unwrap();
        assert_eq!(url.query_pairs().next().unwrap().1, "Brot & Öl = 1");
    }

    #[test]
    fn empty_tags_change_nothing() {
        assert!(matches!(LinkTags::default().tagged_text("https://ada.example", Network::X), Cow::Borrowed(_)));
    }
}
