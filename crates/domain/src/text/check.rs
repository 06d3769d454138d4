//! The one place that says whether a part of a post fits a network, and how much room is left.
//!
//! The limits themselves stand in the [rulebook](super::rulebook).

use serde::{Deserialize, Serialize};

use super::rule::Rule;
use super::rulebook::{NetworkRules, OfImage, Row, When};
use crate::media::Media;
use crate::network::Network;
use crate::video::Video;

/// One entry of a thread as it would be sent to one account.
#[derive(Debug, Clone, Copy, Default)]
pub struct PartText<'a> {
    pub text: &'a str,
    /// Empty for none. Networks that have no content warnings do not count it.
    pub content_warning: &'a str,
    pub images: &'a [ImageFacts<'a>],
    /// A comment below the post: of the rules only those of its text count, and it has no title.
    pub is_comment: bool,
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
    /// It is a video.
    pub video: Option<Video>,
}

impl<'a> ImageFacts<'a> {
    pub fn of(media: &'a Media, alt: &'a str) -> Self {
        let Media { bytes, kind, width, height, video, .. } = media;
        Self { alt, bytes: *bytes, mime: kind.mime(), width: *width, height: *height, video: *video }
    }
}

/// A live counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    pub rule: Rule,
    pub network: Network,
    pub used: u32,
    pub limit: u32,
}

impl Measure {
    /// What is left; negative when over the limit.
    pub fn left(&self) -> i64 {
        i64::from(self.limit) - i64::from(self.used)
    }

    pub fn sentence(&self) -> String {
        self.rule.sentence(self.network, self.used, self.limit)
    }
}

/// A rule that is broken: the network would refuse the part. Both numbers are 0 for rules that are none ([`Rule::is_plain`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    pub rule: Rule,
    pub network: Network,
    pub measured: u32,
    pub limit: u32,
    /// Which image of the part breaks it, from 0; none if it is the part itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<u32>,
}

impl Violation {
    /// Without a full stop: `12 characters over the 300 that Bluesky allows`, `Image 2: ...`.
    pub fn sentence(&self) -> String {
        let sentence = self.rule.sentence(self.network, self.measured, self.limit);
        match self.image {
            Some(image) if self.rule.is_of_video() => format!("Video {}: {sentence}", u64::from(image) + 1),
            Some(image) => format!("Image {}: {sentence}", u64::from(image) + 1),
            None => sentence,
        }
    }
}

/// All rules of `network` that `part` breaks, the part's own first, then image by image; empty if it may be sent.
pub fn check(rules: NetworkRules<'_>, part: PartText<'_>) -> Vec<Violation> {
    let network = rules.network();
    let broken = |rule, measured, limit, image| Violation { rule, network, measured, limit, image };
    let mut found = Vec::new();
    if part.text.trim().is_empty() && part.images.is_empty() {
        found.push(broken(Rule::EmptyPost, 0, 0, None));
    }
    let rows: Vec<Row<'_>> = rules.rows().filter(|row| row.is_about(&part)).collect();
    for row in &rows {
        if let Some(measured) = row.count.of_part(&part)
            && row.rule.is_broken(measured, row.limit)
        {
            found.push(broken(row.rule, measured, row.limit, None));
        }
    }
    for (place, image) in (0_u32..).zip(part.images) {
        for row in &rows {
            match row.count.of_image(image) {
                OfImage::Amount(measured) if row.rule.is_broken(measured, row.limit) => {
                    found.push(broken(row.rule, measured, row.limit, Some(place)));
                }
                OfImage::Refused => found.push(broken(row.rule, 0, 0, Some(place))),
                OfImage::Amount(_) | OfImage::Fine => {}
            }
        }
    }
    found
}

/// The counters of `part` as a whole: each limit on the text, and the number of images as soon as there is one. Bluesky has
/// two limits on a text; the one with less left in proportion matters first.
pub fn measure(rules: NetworkRules<'_>, part: PartText<'_>) -> Vec<Measure> {
    let network = rules.network();
    let shown = |row: &Row<'_>| {
        let counts = row.rule.is_of_text() || (row.rule == Rule::ImagesPerPost && !part.images.is_empty());
        counts && row.is_about(&part)
    };
    let measured =
        |row: Row<'_>| Some(Measure { rule: row.rule, network, used: row.count.of_part(&part)?, limit: row.limit });
    rules.rows().filter(shown).filter_map(measured).collect()
}

/// The counter of one image description; none if the network has no limit for it.
pub fn measure_alt(rules: NetworkRules<'_>, alt: &str) -> Option<Measure> {
    let image = ImageFacts { alt, bytes: 0, mime: "", width: 0, height: 0, video: None };
    let row = rules.row(Rule::AltTextLength)?;
    match row.count.of_image(&image) {
        OfImage::Amount(used) => Some(Measure { rule: row.rule, network: rules.network(), used, limit: row.limit }),
        OfImage::Fine | OfImage::Refused => None,
    }
}

impl Row<'_> {
    fn is_about(&self, part: &PartText<'_>) -> bool {
        if part.is_comment && (!self.rule.is_of_text() || self.rule == Rule::TitleLength) {
            return false;
        }
        match self.when {
            When::Always => true,
            When::WithImages => !part.images.is_empty(),
            When::WithoutImages => part.images.is_empty(),
            When::WithPhotos => part.images.iter().any(|image| image.video.is_none()),
            When::WithoutPhotos => part.images.iter().all(|image| image.video.is_some()),
        }
    }
}
