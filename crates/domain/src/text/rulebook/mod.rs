//! The rulebook: for each network what is counted, how, up to where, who says so and how sure that is. The numbers are data
//! (`rules.json`), the ways of counting are code. A further network is a further list of rows.

mod count;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::mastodon::MastodonLimits;
use super::rule::{Rule, Source};
use crate::network::Network;

pub use count::first_line;
pub(super) use count::{Count, OfImage};

/// Whose rules, with what the account's server told about itself.
#[derive(Debug, Clone, Copy)]
pub enum NetworkRules<'a> {
    /// As the rulebook has them. `premium`: the account pays the network for more.
    Book {
        network: Network,
        premium: bool,
    },
    Mastodon(&'a MastodonLimits),
}

/// How far a row can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The network says so itself.
    Documented,
    /// Read from the network's own programs.
    Observed,
    /// Others who publish there say so.
    ThirdParty,
}

/// One limit of one network, with what an account's server overrides already in it.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub rule: Rule,
    pub limit: u32,
    pub source: Source<'a>,
    pub(super) count: Count<'a>,
    pub(super) when: When,
}

/// Which parts of a post a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    #[default]
    Always,
    /// Images or videos.
    WithImages,
    WithoutImages,
    /// Something that is no video.
    WithPhotos,
    WithoutPhotos,
}

/// The file, as it stands there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    /// Day of the last change, `YYYY-MM-DD`.
    version: String,
    rows: Vec<Written>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    network: Network,
    rule: Rule,
    count: count::Kind,
    /// In the unit of `rule`; none where the rule is no number.
    #[serde(default)]
    limit: u32,
    /// The limit of an account that pays for more.
    premium: Option<u32>,
    /// Media types or codecs, for rules about these; empty: any.
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    when: When,
    source: String,
    date: String,
    confidence: Confidence,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and every test reads it")]
    serde_json::from_str(include_str!("rules.json")).expect("the rulebook is written well")
});

/// The day on which the rulebook was last changed, `YYYY-MM-DD`.
pub fn version() -> &'static str {
    &BOOK.version
}

impl<'a> NetworkRules<'a> {
    pub const BLUESKY: NetworkRules<'static> = NetworkRules::of(Network::Bluesky);

    /// The rules of an ordinary account, as the rulebook has them.
    pub const fn of(network: Network) -> NetworkRules<'static> {
        NetworkRules::Book { network, premium: false }
    }

    pub const fn network(self) -> Network {
        match self {
            Self::Book { network, .. } => network,
            Self::Mastodon(_) => Network::Mastodon,
        }
    }

    /// The row of this network for `rule`; where there are several, the first. None if it has none.
    pub fn row(self, rule: Rule) -> Option<Row<'a>> {
        self.rows().find(|row| row.rule == rule)
    }

    /// The number of the network for `rule`; without one, more than anybody reaches.
    pub fn limit(self, rule: Rule) -> u32 {
        self.row(rule).map_or(u32::MAX, |row| row.limit)
    }

    /// Every limit of this network, in the order in which they are told.
    pub fn rows(self) -> impl Iterator<Item = Row<'a>> {
        let network = self.network();
        BOOK.rows.iter().filter(move |row| row.network == network).map(move |row| self.read(row))
    }

    fn read(self, row: &'static Written) -> Row<'a> {
        let source = Source { url: &row.source, date: &row.date, confidence: row.confidence };
        let (mut limit, mut types) = (row.limit, row.types.as_slice());
        match self {
            Self::Book { premium: true, .. } => limit = row.premium.unwrap_or(limit),
            Self::Book { premium: false, .. } => {}
            // what a server tells of itself counts more than what is written about all of them
            Self::Mastodon(told) => match row.rule {
                Rule::TextLength => limit = told.max_characters,
                Rule::ImagesPerPost => limit = told.max_media_attachments,
                Rule::AltTextLength => limit = told.description_limit,
                Rule::ImageBytes => limit = told.image_size_limit,
                Rule::ImagePixels => limit = told.image_matrix_limit,
                Rule::ImageType => types = &told.supported_mime_types,
                Rule::VideoBytes => limit = told.video_size_limit,
                Rule::VideoPixels => limit = told.video_matrix_limit,
                Rule::VideoRate => limit = told.video_frame_rate_limit.saturating_mul(1_000),
                // one that names no video names them all, or none: trying shows it
                Rule::VideoType if told.supported_mime_types.iter().any(|mime| mime.starts_with("video/")) => {
                    types = &told.supported_mime_types;
                }
                _ => {}
            },
        }
        let per_link = match self {
            Self::Mastodon(told) => told.characters_reserved_per_url,
            Self::Book { .. } => MastodonLimits::PER_LINK,
        };
        Row { rule: row.rule, limit, source, count: row.count.with(types, per_link), when: row.when }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_network_has_rules_with_a_source_and_a_day() {
        let is_day = |day: &str| jiff::civil::Date::strptime("%Y-%m-%d", day).is_ok();
        assert!(is_day(version()));
        for network in Network::ALL {
            let rules = NetworkRules::of(network);
            assert!(rules.rows().count() >= 2, "{network:?}");
            for row in rules.rows() {
                let address = url::Url::parse(row.source.url);
                assert!(address.is_ok_and(|url| url.scheme() == "https"), "{row:?}");
                assert!(is_day(row.source.date) && row.source.date <= version(), "{row:?}");
                assert!(row.limit > 0 || row.rule.is_plain() || row.rule == Rule::VideoWithImages, "{row:?}");
            }
            assert!(rules.row(Rule::VideoType).is_some(), "every network says which videos it takes: {network:?}");
        }
    }

    #[test]
    fn no_rule_stands_there_twice_for_the_same_part() {
        for network in Network::ALL {
            let mut seen = BTreeSet::new();
            for row in BOOK.rows.iter().filter(|row| row.network == network) {
                assert!(seen.insert((row.rule, row.when as u8)), "{row:?}");
                assert!(row.when == When::Always || !seen.contains(&(row.rule, When::Always as u8)), "{row:?}");
                assert!(row.premium.is_none() || network.has_premium(), "{row:?}");
            }
            assert_eq!(
                BOOK.rows.iter().any(|row| row.network == network && row.premium.is_some()),
                network.has_premium()
            );
        }
    }

    #[test]
    fn whoever_pays_may_write_more() {
        let limit = |premium| NetworkRules::Book { network: Network::X, premium }.row(Rule::TextLength).unwrap().limit;
        assert_eq!((limit(false), limit(true)), (280, 25_000));
    }

    #[test]
    fn the_defaults_of_a_mastodon_server_are_those_of_the_book() {
        let told = MastodonLimits::default();
        let limits = |rules: NetworkRules<'_>| rules.rows().map(|row| (row.rule, row.limit)).collect::<Vec<_>>();
        assert_eq!(limits(NetworkRules::Mastodon(&told)), limits(NetworkRules::of(Network::Mastodon)));
    }
}
