//! The one place that says whether a part of a post fits a network, and how much room is left.
//!
//! A network is a table of [`Row`]s: what is counted, how, up to where, and who says so. A further network is a further table,
//! and a further way of counting one more [`Counter`].

use serde::{Deserialize, Serialize};

use super::mastodon::MastodonLimits;
use super::rule::{Rule, Source};
use super::{bluesky, graphemes, mastodon};
use crate::network::Network;

/// Whose rules, with what the account's server told about itself.
#[derive(Debug, Clone, Copy)]
pub enum NetworkRules<'a> {
    Bluesky,
    Mastodon(&'a MastodonLimits),
}

/// One entry of a thread as it would be sent to one account.
#[derive(Debug, Clone, Copy, Default)]
pub struct PartText<'a> {
    pub text: &'a str,
    /// Empty for none. Networks that have no content warnings do not count it.
    pub content_warning: &'a str,
    pub images: &'a [ImageFacts<'a>],
}

/// What the rules ask about one image.
#[derive(Debug, Clone, Copy)]
pub struct ImageFacts<'a> {
    /// The description; empty for none.
    pub alt: &'a str,
    pub bytes: u64,
    /// Such as `image/jpeg`.
    pub mime: &'a str,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}

/// A live counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    pub rule: Rule,
    pub used: u32,
    pub limit: u32,
}

impl Measure {
    /// What is left; negative when over the limit.
    pub fn left(&self) -> i64 {
        i64::from(self.limit) - i64::from(self.used)
    }

    pub fn sentence(&self) -> String {
        self.rule.sentence(self.used, self.limit)
    }
}

/// A rule that is broken: the network would refuse the part. `measured` is above `limit`; both are 0 for rules that are no
/// numbers ([`Rule::ImageType`], [`Rule::EmptyPost`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    pub rule: Rule,
    pub measured: u32,
    pub limit: u32,
    /// Which image of the part breaks it, from 0; none if it is the part itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<u32>,
}

impl Violation {
    /// Without a full stop: `12 characters over the 300 that Bluesky allows`, `Image 2: ...`.
    pub fn sentence(&self) -> String {
        let sentence = self.rule.sentence(self.measured, self.limit);
        match self.image {
            Some(image) => format!("Image {}: {sentence}", u64::from(image) + 1),
            None => sentence,
        }
    }
}

/// All rules of `network` that `part` breaks, the part's own first, then image by image; empty if it may be sent.
pub fn check(network: NetworkRules<'_>, part: PartText<'_>) -> Vec<Violation> {
    let mut broken = Vec::new();
    if part.text.trim().is_empty() && part.images.is_empty() {
        broken.push(Violation { rule: Rule::EmptyPost, measured: 0, limit: 0, image: None });
    }
    let rows = network.rows();
    for row in &rows {
        if let Some(measured) = row.counter.of_part(&part)
            && measured > row.limit
        {
            broken.push(Violation { rule: row.rule, measured, limit: row.limit, image: None });
        }
    }
    for (place, image) in (0_u32..).zip(part.images) {
        for row in &rows {
            match row.counter.of_image(image) {
                OfImage::Amount(measured) if measured > row.limit => {
                    broken.push(Violation { rule: row.rule, measured, limit: row.limit, image: Some(place) });
                }
                OfImage::Refused => {
                    broken.push(Violation { rule: row.rule, measured: 0, limit: 0, image: Some(place) });
                }
                OfImage::Amount(_) | OfImage::Fine => {}
            }
        }
    }
    broken
}

/// The counters of `part` as a whole: each limit on the text, and the number of images as soon as there is one. Bluesky has
/// two limits on a text; the one with less left in proportion matters first.
pub fn measure(network: NetworkRules<'_>, part: PartText<'_>) -> Vec<Measure> {
    let rows = network.rows();
    let shown = rows.iter().filter(|row| row.rule != Rule::ImagesPerPost || !part.images.is_empty());
    shown
        .filter_map(|row| Some(Measure { rule: row.rule, used: row.counter.of_part(&part)?, limit: row.limit }))
        .collect()
}

/// The counter of one image description; none if the network has no limit for it.
pub fn measure_alt(network: NetworkRules<'_>, alt: &str) -> Option<Measure> {
    let image = ImageFacts { alt, bytes: 0, mime: "", width: 0, height: 0 };
    let rows = network.rows();
    let row = rows.iter().find(|row| row.rule == Rule::AltTextLength)?;
    match row.counter.of_image(&image) {
        OfImage::Amount(used) => Some(Measure { rule: row.rule, used, limit: row.limit }),
        OfImage::Fine | OfImage::Refused => None,
    }
}

/// One limit of one network.
struct Row<'a> {
    rule: Rule,
    counter: Counter<'a>,
    limit: u32,
    source: Source,
}

/// The ways of counting that networks have.
#[derive(Clone, Copy)]
enum Counter<'a> {
    TextGraphemes,
    TextBytes,
    MastodonText(&'a MastodonLimits),
    Images,
    AltGraphemes,
    AltCodePoints,
    ImageBytes,
    ImagePixels,
    /// A list of media types; all images if it is empty.
    ImageTypes(&'a [String]),
}

enum OfImage {
    Amount(u32),
    Refused,
    /// Nothing to say about this image.
    Fine,
}

fn amount(count: impl TryInto<u32>) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}

impl Counter<'_> {
    /// The amount in a whole part, for the counters that are about the part.
    fn of_part(self, part: &PartText<'_>) -> Option<u32> {
        Some(match self {
            Self::TextGraphemes => graphemes::count(part.text),
            Self::TextBytes => amount(part.text.len()),
            Self::MastodonText(limits) => mastodon::count_with_warning(part.content_warning, part.text, limits),
            Self::Images => amount(part.images.len()),
            Self::AltGraphemes | Self::AltCodePoints | Self::ImageBytes | Self::ImagePixels | Self::ImageTypes(_) => {
                return None;
            }
        })
    }

    fn of_image(self, image: &ImageFacts<'_>) -> OfImage {
        match self {
            Self::AltGraphemes => OfImage::Amount(graphemes::count(image.alt)),
            Self::AltCodePoints => OfImage::Amount(amount(image.alt.chars().count())),
            Self::ImageBytes => OfImage::Amount(amount(image.bytes)),
            Self::ImagePixels => OfImage::Amount(image.width.saturating_mul(image.height)),
            Self::ImageTypes(types) => {
                let listed = types.is_empty() || types.iter().any(|known| known == image.mime);
                if listed && image.mime.starts_with("image/") { OfImage::Fine } else { OfImage::Refused }
            }
            Self::TextGraphemes | Self::TextBytes | Self::MastodonText(_) | Self::Images => OfImage::Fine,
        }
    }
}

const BLUESKY_POST: Source = Source {
    url: "https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json",
    date: "2026-06-03",
};
const BLUESKY_IMAGES: Source = Source {
    url: "https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/embed/images.json",
    date: "2026-08-14",
};
const BLUESKY_APP: Source =
    Source { url: "https://github.com/bluesky-social/social-app/blob/main/src/lib/constants.ts", date: "2026-11-22" };
const MASTODON_INSTANCE: Source = Source { url: "https://docs.joinmastodon.org/methods/instance/", date: "2026-07-02" };
const MASTODON_STATUSES: Source = Source { url: "https://docs.joinmastodon.org/methods/statuses/", date: "2026-07-02" };

impl<'a> NetworkRules<'a> {
    pub const fn network(self) -> Network {
        match self {
            Self::Bluesky => Network::Bluesky,
            Self::Mastodon(_) => Network::Mastodon,
        }
    }

    /// Where this network's limit for `rule` is written down; none if it has none.
    pub fn source(self, rule: Rule) -> Option<Source> {
        match (self, rule) {
            (Self::Bluesky, Rule::EmptyPost) => Some(BLUESKY_POST),
            (Self::Mastodon(_), Rule::EmptyPost) => Some(MASTODON_STATUSES),
            _ => self.rows().iter().find(|row| row.rule == rule).map(|row| row.source),
        }
    }

    fn rows(self) -> Vec<Row<'a>> {
        let row = |rule, counter, limit, source| Row { rule, counter, limit, source };
        match self {
            Self::Bluesky => vec![
                row(Rule::BlueskyGraphemes, Counter::TextGraphemes, bluesky::MAX_GRAPHEMES, BLUESKY_POST),
                row(Rule::BlueskyBytes, Counter::TextBytes, bluesky::MAX_BYTES, BLUESKY_POST),
                row(Rule::ImagesPerPost, Counter::Images, bluesky::MAX_IMAGES, BLUESKY_IMAGES),
                row(Rule::AltTextLength, Counter::AltGraphemes, bluesky::MAX_ALT_GRAPHEMES, BLUESKY_APP),
                row(Rule::ImageBytes, Counter::ImageBytes, bluesky::MAX_IMAGE_BYTES, BLUESKY_IMAGES),
                row(Rule::ImageType, Counter::ImageTypes(&[]), 0, BLUESKY_IMAGES),
            ],
            Self::Mastodon(of) => vec![
                row(Rule::MastodonCharacters, Counter::MastodonText(of), of.max_characters, MASTODON_INSTANCE),
                row(Rule::ImagesPerPost, Counter::Images, of.max_media_attachments, MASTODON_INSTANCE),
                row(Rule::AltTextLength, Counter::AltCodePoints, of.description_limit, MASTODON_INSTANCE),
                row(Rule::ImageBytes, Counter::ImageBytes, of.image_size_limit, MASTODON_INSTANCE),
                row(Rule::ImagePixels, Counter::ImagePixels, of.image_matrix_limit, MASTODON_INSTANCE),
                row(Rule::ImageType, Counter::ImageTypes(&of.supported_mime_types), 0, MASTODON_INSTANCE),
            ],
        }
    }
}

impl Rule {
    /// Where the limit of `network` for this rule is written down; none if it has none.
    pub fn source(self, network: NetworkRules<'_>) -> Option<Source> {
        network.source(self)
    }
}
