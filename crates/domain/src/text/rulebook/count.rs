//! The ways of counting that networks have.

use serde::Deserialize;

use crate::text::check::{ImageFacts, PartText};
use crate::text::{graphemes, mastodon, x};
use crate::video::Video;

/// A way of counting, by its name in the rulebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// Extended grapheme clusters (UAX 29).
    Graphemes,
    CodePoints,
    /// UTF-16 code units.
    Utf16,
    /// UTF-8 bytes.
    Bytes,
    /// Characters, but an emoji counts its UTF-8 bytes.
    EmojiAsBytes,
    /// twitter-text's weighted length.
    XWeighted,
    /// Graphemes with short links and names; the content warning counts too.
    Mastodon,
    /// Code points of the first line, which is the title.
    FirstLine,
    CodePointsBehindFirstLine,
    BytesBehindFirstLine,
    Hashtags,
    Mentions,
    Images,
    AltGraphemes,
    AltCodePoints,
    ImageBytes,
    /// Width times height.
    ImagePixels,
    /// Pixels.
    ImageWidth,
    /// Width and height together, in pixels.
    ImageSides,
    /// Width divided by height, in thousandths.
    AspectRatio,
    ImageType,
    Videos,
    /// Images where there is a video.
    ImagesBesideVideo,
    VideoBytes,
    /// Milliseconds.
    VideoLength,
    VideoPixels,
    VideoLongSide,
    /// Width divided by height, in thousandths.
    VideoAspectRatio,
    /// Pictures in a thousand seconds.
    VideoRate,
    VideoType,
    VideoCodec,
}

/// A way of counting, with what it has to know.
#[derive(Debug, Clone, Copy)]
pub(in crate::text) struct Count<'a> {
    kind: Kind,
    types: &'a [String],
    /// Characters that Mastodon counts for each link.
    per_link: u32,
}

pub(in crate::text) enum OfImage {
    Amount(u32),
    Refused,
    /// Nothing to say about this image.
    Fine,
}

impl Kind {
    pub(super) fn with(self, types: &[String], per_link: u32) -> Count<'_> {
        Count { kind: self, types, per_link }
    }
}

fn amount(count: impl TryInto<u32>) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}

impl Count<'_> {
    /// The amount in a whole part, for the counts that are about the part.
    pub(in crate::text) fn of_part(self, part: &PartText<'_>) -> Option<u32> {
        let text = part.text;
        Some(match self.kind {
            Kind::Graphemes => graphemes::count(text),
            Kind::CodePoints => amount(text.chars().count()),
            Kind::Utf16 => amount(text.encode_utf16().count()),
            Kind::Bytes => amount(text.len()),
            Kind::EmojiAsBytes => emoji_as_bytes(text),
            Kind::XWeighted => x::weighted_length(text),
            Kind::Mastodon => mastodon::count_with_warning(part.content_warning, text, self.per_link),
            Kind::FirstLine => amount(first_line(text).0.chars().count()),
            Kind::CodePointsBehindFirstLine => amount(body(part).chars().count()),
            Kind::BytesBehindFirstLine => amount(body(part).len()),
            Kind::Hashtags => entities(text, x::Kind::Hashtag),
            Kind::Mentions => entities(text, x::Kind::Mention),
            Kind::Images => amount(part.images.len()),
            Kind::Videos => amount(videos(part)),
            Kind::ImagesBesideVideo => match videos(part) {
                0 => 0,
                videos => amount(part.images.len() - videos),
            },
            Kind::AltGraphemes
            | Kind::AltCodePoints
            | Kind::ImageBytes
            | Kind::ImagePixels
            | Kind::ImageWidth
            | Kind::ImageSides
            | Kind::AspectRatio
            | Kind::ImageType
            | Kind::VideoBytes
            | Kind::VideoLength
            | Kind::VideoPixels
            | Kind::VideoLongSide
            | Kind::VideoAspectRatio
            | Kind::VideoRate
            | Kind::VideoType
            | Kind::VideoCodec => return None,
        })
    }

    fn of_video(self, image: &ImageFacts<'_>, video: Video) -> OfImage {
        let (width, height) = (image.width, image.height);
        let listed = |name: &str| self.types.is_empty() || self.types.iter().any(|known| known == name);
        let one_of = |name: &str| if listed(name) { OfImage::Fine } else { OfImage::Refused };
        match self.kind {
            Kind::AltGraphemes => OfImage::Amount(graphemes::count(image.alt)),
            Kind::AltCodePoints => OfImage::Amount(amount(image.alt.chars().count())),
            Kind::VideoBytes => OfImage::Amount(amount(image.bytes)),
            Kind::VideoLength => OfImage::Amount(amount(video.duration_ms)),
            Kind::VideoPixels => OfImage::Amount(width.saturating_mul(height)),
            Kind::VideoLongSide => OfImage::Amount(width.max(height)),
            Kind::VideoAspectRatio => aspect(width, height),
            // a file that does not tell is not refused for it
            Kind::VideoRate if video.rate > 0 => OfImage::Amount(video.rate),
            Kind::VideoType => one_of(image.mime),
            Kind::VideoCodec => one_of(video.codec.wire()),
            _ => OfImage::Fine,
        }
    }

    pub(in crate::text) fn of_image(self, image: &ImageFacts<'_>) -> OfImage {
        let (width, height) = (image.width, image.height);
        if let Some(video) = image.video {
            return self.of_video(image, video);
        }
        match self.kind {
            Kind::AltGraphemes => OfImage::Amount(graphemes::count(image.alt)),
            Kind::AltCodePoints => OfImage::Amount(amount(image.alt.chars().count())),
            Kind::ImageBytes => OfImage::Amount(amount(image.bytes)),
            Kind::ImagePixels => OfImage::Amount(width.saturating_mul(height)),
            Kind::ImageWidth => OfImage::Amount(width),
            Kind::ImageSides => OfImage::Amount(width.saturating_add(height)),
            Kind::AspectRatio => aspect(width, height),
            Kind::ImageType => {
                let listed = self.types.is_empty() || self.types.iter().any(|known| known == image.mime);
                if listed && image.mime.starts_with("image/") { OfImage::Fine } else { OfImage::Refused }
            }
            _ => OfImage::Fine,
        }
    }
}

fn videos(part: &PartText<'_>) -> usize {
    part.images.iter().filter(|image| image.video.is_some()).count()
}

fn aspect(width: u32, height: u32) -> OfImage {
    match (u64::from(width) * 1_000).checked_div(u64::from(height)) {
        Some(thousandths) => OfImage::Amount(amount(thousandths)),
        None => OfImage::Fine,
    }
}

/// The first line, which some networks make the title, and what stands behind it without the white space between the two.
pub fn first_line(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    (first.trim_end(), rest.trim_start())
}

/// A comment has no title.
fn body<'a>(part: &PartText<'a>) -> &'a str {
    if part.is_comment { part.text } else { first_line(part.text).1 }
}

fn entities(text: &str, kind: x::Kind) -> u32 {
    amount(x::entities(text).iter().filter(|entity| entity.kind == kind).count())
}

/// Source: "emojis are counted as the number of UTF-8 bytes", developers.facebook.com/docs/threads/posts, 2026-04-14.
fn emoji_as_bytes(text: &str) -> u32 {
    use unicode_segmentation::UnicodeSegmentation;

    let length = |grapheme: &str| if x::is_emoji(grapheme) { grapheme.len() } else { grapheme.chars().count() };
    amount(text.graphemes(true).map(length).sum::<usize>())
}
