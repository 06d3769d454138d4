//! The closed set of rules that a post can break, in words.

use serde::{Deserialize, Serialize};

use super::rulebook::Confidence;
use crate::network::Network;

/// What is measured. The numbers of each network stand in the rulebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The text, in what the network calls characters.
    TextLength,
    /// UTF-8 bytes of the text.
    TextBytes,
    /// Characters of the first line, where the network makes it the title.
    TitleLength,
    Hashtags,
    Mentions,
    /// The fewest images that the network takes.
    ImagesNeeded,
    ImagesPerPost,
    /// Length of one image description, in the unit of the network.
    AltTextLength,
    /// Bytes of one image.
    ImageBytes,
    /// Width times height of one image.
    ImagePixels,
    /// The least width of one image, in pixels.
    ImageWidth,
    /// Width and height of one image together, in pixels.
    ImageSides,
    /// The least width of one image for its height, in thousandths.
    ImageTooTall,
    /// The greatest width of one image for its height, in thousandths.
    ImageTooWide,
    /// Whether the network takes this type of image at all; not a number.
    ImageType,
    /// Neither text nor image; not a number.
    EmptyPost,
}

/// Where a limit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source<'a> {
    pub url: &'a str,
    /// Day on which the source was last changed or read, `YYYY-MM-DD`.
    pub date: &'a str,
    pub confidence: Confidence,
}

impl Rule {
    pub const ALL: [Self; 16] = [
        Self::TextLength,
        Self::TextBytes,
        Self::TitleLength,
        Self::Hashtags,
        Self::Mentions,
        Self::ImagesNeeded,
        Self::ImagesPerPost,
        Self::AltTextLength,
        Self::ImageBytes,
        Self::ImagePixels,
        Self::ImageWidth,
        Self::ImageSides,
        Self::ImageTooTall,
        Self::ImageTooWide,
        Self::ImageType,
        Self::EmptyPost,
    ];

    /// The limit is the least that is allowed, not the most.
    pub const fn is_least(self) -> bool {
        matches!(self, Self::ImagesNeeded | Self::ImageWidth | Self::ImageTooTall)
    }

    /// A rule about the text: its counter is shown while somebody writes.
    pub const fn is_of_text(self) -> bool {
        matches!(self, Self::TextLength | Self::TextBytes | Self::TitleLength | Self::Hashtags | Self::Mentions)
    }

    /// Whether `measured` breaks the rule.
    pub const fn is_broken(self, measured: u32, limit: u32) -> bool {
        if self.is_least() { measured < limit } else { measured > limit }
    }

    /// The name of a counter, such as `Characters`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::TextLength => "Characters",
            Self::TextBytes => "Bytes",
            Self::TitleLength => "Title",
            Self::Hashtags => "Hashtags",
            Self::Mentions => "Mentions",
            Self::ImagesNeeded | Self::ImagesPerPost => "Images",
            Self::AltTextLength => "Image description",
            Self::ImageBytes => "Image size",
            Self::ImagePixels => "Image pixels",
            Self::ImageWidth => "Image width",
            Self::ImageSides => "Image sides",
            Self::ImageTooTall | Self::ImageTooWide => "Image shape",
            Self::ImageType => "Image type",
            Self::EmptyPost => "Content",
        }
    }

    /// What the numbers mean for a person, without a full stop: `12 characters over the 300 that Bluesky allows`, or, within the
    /// limit, `288 of the 300 characters that Bluesky allows`.
    pub fn sentence(self, network: Network, measured: u32, limit: u32) -> String {
        let name = network.name();
        let (unit, allowed) = match self {
            Self::ImageType => return format!("{name} does not accept this type of image: convert it to JPEG or PNG"),
            Self::EmptyPost => return "There is nothing to publish yet: write something or add an image".to_owned(),
            Self::ImagesNeeded => return format!("{name} takes no post without an image: add one"),
            Self::ImageWidth => {
                return format!("This image is {} pixels wide; {name} needs {}", grouped(measured), grouped(limit));
            }
            Self::ImageTooTall => {
                let (shape, least) = (shape(measured), shape(limit));
                return format!("This image is too tall for {name}: its shape is {shape}, the tallest is {least}");
            }
            Self::ImageTooWide => {
                let (shape, most) = (shape(measured), shape(limit));
                return format!("This image is too wide for {name}: its shape is {shape}, the widest is {most}");
            }
            Self::ImageBytes if measured > limit => {
                let (size, most) = (megabytes(measured.div_ceil(100_000)), megabytes(limit / 100_000));
                return format!("This image has {size} MB; the limit is {most} MB");
            }
            // there every server has a limit of its own
            Self::TextLength if network == Network::Mastodon => ("character", "that this server allows".to_owned()),
            Self::TextLength => ("character", format!("that {name} allows")),
            Self::TextBytes => ("byte", format!("that {name} allows")),
            Self::TitleLength => ("character", format!("that {name} allows in a title, which is the first line")),
            Self::Hashtags => ("hashtag", format!("that {name} allows")),
            Self::Mentions => ("mention", format!("that {name} allows")),
            Self::ImagesPerPost => ("image", "allowed in one post".to_owned()),
            Self::AltTextLength => ("character", "allowed in an alt text".to_owned()),
            Self::ImageBytes => ("byte", "allowed for one image".to_owned()),
            Self::ImagePixels => ("pixel", "allowed for one image".to_owned()),
            Self::ImageSides => ("pixel", "allowed for width and height of one image together".to_owned()),
        };
        match measured.checked_sub(limit) {
            Some(over @ 1..) => {
                format!("{} {unit}{} over the {} {allowed}", grouped(over), plural(over), grouped(limit))
            }
            _ => format!("{} of the {} {unit}{} {allowed}", grouped(measured), grouped(limit), plural(limit)),
        }
    }
}

/// The shapes that have a name among people who work with pictures.
const SHAPES: [(u32, u32); 16] = [
    (1, 1),
    (4, 5),
    (5, 4),
    (3, 4),
    (4, 3),
    (2, 3),
    (3, 2),
    (9, 16),
    (16, 9),
    (1, 2),
    (2, 1),
    (1, 3),
    (3, 1),
    (21, 9),
    (1, 20),
    (20, 1),
];

/// `4:5`, `16:9`, or `1.91:1` where it is none of those. `thousandths` is width divided by height.
pub fn shape(thousandths: u32) -> String {
    let near = |(width, height): &(u32, u32)| (width * 1_000 / height).abs_diff(thousandths) <= 2;
    match SHAPES.iter().find(|shape| near(shape)) {
        Some((width, height)) => format!("{width}:{height}"),
        None => format!("{}.{:02}:1", thousandths / 1_000, thousandths % 1_000 / 10),
    }
}

/// Width and height of a shape in thousandths: those of its name where it has one.
pub(super) fn named(thousandths: u32) -> (u32, u32) {
    let is = |(width, height): &(u32, u32)| width * 1_000 / height == thousandths;
    let divisor = [1_000, 500, 250, 200, 125, 100, 50, 40, 25, 20, 10, 8, 5, 4, 2, 1];
    let shared = divisor.into_iter().find(|by| thousandths.is_multiple_of(*by)).unwrap_or(1);
    SHAPES.iter().find(|shape| is(shape)).copied().unwrap_or((thousandths / shared, 1_000 / shared))
}

const fn plural(count: u32) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `33,177,600`.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Tenths of a megabyte, with one decimal place if it says anything.
fn megabytes(tenths: u32) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_plain_words() {
        use Network::{Bluesky, Instagram, Mastodon, Reddit, Telegram, X};
        for (rule, network, measured, limit, sentence) in [
            (Rule::TextLength, Bluesky, 312, 300, "12 characters over the 300 that Bluesky allows"),
            (Rule::TextLength, X, 281, 280, "1 character over the 280 that X allows"),
            (Rule::TextLength, Bluesky, 288, 300, "288 of the 300 characters that Bluesky allows"),
            (Rule::TextBytes, Bluesky, 4_200, 3_000, "1,200 bytes over the 3,000 that Bluesky allows"),
            (Rule::TextLength, Mastodon, 501, 500, "1 character over the 500 that this server allows"),
            (
                Rule::TitleLength,
                Reddit,
                302,
                300,
                "2 characters over the 300 that Reddit allows in a title, which is the first line",
            ),
            (Rule::Hashtags, Instagram, 31, 30, "1 hashtag over the 30 that Instagram allows"),
            (Rule::ImagesNeeded, Instagram, 0, 1, "Instagram takes no post without an image: add one"),
            (Rule::ImagesPerPost, X, 5, 4, "1 image over the 4 allowed in one post"),
            (Rule::ImagesPerPost, X, 0, 1, "0 of the 1 image allowed in one post"),
            (Rule::AltTextLength, X, 1_502, 1_500, "2 characters over the 1,500 allowed in an alt text"),
            (Rule::ImageBytes, X, 2_000_001, 2_000_000, "This image has 2.1 MB; the limit is 2 MB"),
            (Rule::ImageBytes, X, 17_000_000, 16_777_216, "This image has 17 MB; the limit is 16.7 MB"),
            (
                Rule::ImagePixels,
                X,
                40_000_000,
                33_177_600,
                "6,822,400 pixels over the 33,177,600 allowed for one image",
            ),
            (Rule::ImageWidth, Instagram, 100, 320, "This image is 100 pixels wide; Instagram needs 320"),
            (
                Rule::ImageTooTall,
                Instagram,
                562,
                800,
                "This image is too tall for Instagram: its shape is 9:16, the tallest is 4:5",
            ),
            (
                Rule::ImageTooWide,
                Instagram,
                3_000,
                1_910,
                "This image is too wide for Instagram: its shape is 3:1, the widest is 1.91:1",
            ),
            (
                Rule::ImageTooTall,
                Telegram,
                10,
                50,
                "This image is too tall for Telegram: its shape is 0.01:1, the tallest is 1:20",
            ),
        ] {
            assert_eq!(rule.sentence(network, measured, limit), sentence);
        }
    }

    #[test]
    fn every_rule_has_words_and_a_wire_name() {
        for rule in Rule::ALL {
            assert!(!rule.label().is_empty());
            for (measured, limit) in [(0, 0), (1, 0), (u32::MAX, 0), (0, u32::MAX), (u32::MAX, u32::MAX)] {
                for network in Network::ALL {
                    assert!(!rule.sentence(network, measured, limit).is_empty());
                }
            }
            let wire = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<Rule>(&wire).unwrap(), rule);
        }
        assert_eq!(serde_json::to_string(&Rule::TextLength).unwrap(), "\"text_length\"");
    }
}
