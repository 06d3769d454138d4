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
    VideosPerPost,
    /// Images beside a video, where that stands alone.
    VideoWithImages,
    /// Bytes of one video.
    VideoBytes,
    /// The longest that one video may take, in milliseconds.
    VideoTooLong,
    /// The shortest, in milliseconds.
    VideoTooShort,
    /// Width times height of one video.
    VideoPixels,
    /// Pixels of the longer side of one video.
    VideoLongSide,
    /// The least width of one video for its height, in thousandths.
    VideoTooTall,
    /// The greatest width of one video for its height, in thousandths.
    VideoTooWide,
    /// The most pictures in a thousand seconds.
    VideoRate,
    /// The fewest pictures in a thousand seconds.
    VideoSlow,
    /// Whether the network takes this type of video at all; not a number.
    VideoType,
    /// Whether it takes how the video is coded; not a number.
    VideoCodec,
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
    pub const ALL: [Self; 29] = [
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
        Self::VideosPerPost,
        Self::VideoWithImages,
        Self::VideoBytes,
        Self::VideoTooLong,
        Self::VideoTooShort,
        Self::VideoPixels,
        Self::VideoLongSide,
        Self::VideoTooTall,
        Self::VideoTooWide,
        Self::VideoRate,
        Self::VideoSlow,
        Self::VideoType,
        Self::VideoCodec,
        Self::EmptyPost,
    ];

    /// The limit is the least that is allowed, not the most.
    pub const fn is_least(self) -> bool {
        matches!(
            self,
            Self::ImagesNeeded
                | Self::ImageWidth
                | Self::ImageTooTall
                | Self::VideoTooShort
                | Self::VideoTooTall
                | Self::VideoSlow
        )
    }

    /// A rule about one video.
    pub const fn is_of_video(self) -> bool {
        matches!(
            self,
            Self::VideoBytes
                | Self::VideoTooLong
                | Self::VideoTooShort
                | Self::VideoPixels
                | Self::VideoLongSide
                | Self::VideoTooTall
                | Self::VideoTooWide
                | Self::VideoRate
                | Self::VideoSlow
                | Self::VideoType
                | Self::VideoCodec
        )
    }

    /// It says yes or no, and no number.
    pub const fn is_plain(self) -> bool {
        matches!(self, Self::ImageType | Self::VideoType | Self::VideoCodec | Self::EmptyPost)
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
            Self::VideosPerPost | Self::VideoWithImages => "Videos",
            Self::VideoBytes => "Video size",
            Self::VideoTooLong | Self::VideoTooShort => "Video length",
            Self::VideoPixels => "Video pixels",
            Self::VideoLongSide => "Video sides",
            Self::VideoTooTall | Self::VideoTooWide => "Video shape",
            Self::VideoRate | Self::VideoSlow => "Video speed",
            Self::VideoType | Self::VideoCodec => "Video type",
            Self::EmptyPost => "Content",
        }
    }

    /// What the numbers mean for a person, without a full stop: `12 characters over the 300 that Bluesky allows`, or, within the
    /// limit, `288 of the 300 characters that Bluesky allows`.
    pub fn sentence(self, network: Network, measured: u32, limit: u32) -> String {
        let name = network.name();
        if let Some(sentence) = self.sentence_of_video(name, measured, limit) {
            return sentence;
        }
        let (unit, allowed) = match self {
            Self::ImageType => return format!("{name} does not accept this type of image: convert it to JPEG"),
            Self::EmptyPost => {
                return "There is nothing to publish yet: write something or add an image or a video".to_owned();
            }
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
            Self::VideosPerPost => ("video", "allowed in one post".to_owned()),
            Self::AltTextLength => ("character", "allowed in an alt text".to_owned()),
            Self::ImageBytes => ("byte", "allowed for one image".to_owned()),
            Self::ImagePixels => ("pixel", "allowed for one image".to_owned()),
            Self::ImageSides => ("pixel", "allowed for width and height of one image together".to_owned()),
            // all others that say a sentence of their own
            _ => ("", format!("that {name} allows")),
        };
        match measured.checked_sub(limit) {
            Some(over @ 1..) => {
                format!("{} {unit}{} over the {} {allowed}", grouped(over), plural(over), grouped(limit))
            }
            _ => format!("{} of the {} {unit}{} {allowed}", grouped(measured), grouped(limit), plural(limit)),
        }
    }

    fn sentence_of_video(self, name: &str, measured: u32, limit: u32) -> Option<String> {
        let (is, most) = (grouped(measured), grouped(limit));
        Some(match self {
            Self::VideoWithImages => format!("{name} takes a video alone: take the images out, or the video"),
            Self::VideoBytes => {
                let (size, most) = (megabytes(measured.div_ceil(100_000)), megabytes(limit / 100_000));
                format!("This video has {size} MB; the limit is {most} MB: re-encode it smaller")
            }
            Self::VideoTooLong => {
                let (is, most) = (seconds(measured), seconds(limit));
                format!("This video takes {is}; {name} allows {most}: shorten it")
            }
            Self::VideoTooShort => {
                let (is, least) = (seconds(measured), seconds(limit));
                format!("This video takes {is}; {name} needs {least}: add a longer one")
            }
            Self::VideoPixels => format!("This video has {is} pixels; {name} allows {most}: re-encode it smaller"),
            Self::VideoLongSide => {
                format!("The longer side of this video has {is} pixels; {name} allows {most}: re-encode it smaller")
            }
            Self::VideoTooTall => {
                let (is, least) = (shape(measured), shape(limit));
                format!("This video is too tall for {name}: its shape is {is}, the tallest is {least}")
            }
            Self::VideoTooWide => {
                let (is, most) = (shape(measured), shape(limit));
                format!("This video is too wide for {name}: its shape is {is}, the widest is {most}")
            }
            Self::VideoRate => {
                let (is, most) = (per_second(measured), per_second(limit));
                format!("This video has {is} pictures a second; {name} allows {most}: re-encode it")
            }
            Self::VideoSlow => {
                let (is, least) = (per_second(measured), per_second(limit));
                format!("This video has {is} pictures a second; {name} needs {least}: re-encode it")
            }
            Self::VideoType => format!("{name} does not accept this type of video: re-encode it as MP4"),
            Self::VideoCodec => format!("{name} does not accept how this video is coded: re-encode it with H.264"),
            _ => return None,
        })
    }
}

/// `0.5 s`, `42 s`, `3:20 min`, of milliseconds.
pub fn seconds(ms: u32) -> String {
    match (ms / 1_000, ms % 1_000 / 100) {
        (whole @ 60.., _) => format!("{}:{:02} min", whole / 60, whole % 60),
        (whole, 0) => format!("{whole} s"),
        (whole, tenths) => format!("{whole}.{tenths} s"),
    }
}

/// `25`, `29.97`, of pictures in a thousand seconds.
pub fn per_second(thousandths: u32) -> String {
    let hundredths = thousandths.saturating_add(5) / 10;
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) if part % 10 == 0 => format!("{whole}.{}", part / 10),
        (whole, part) => format!("{whole}.{part:02}"),
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
    fn what_is_wrong_with_a_video_is_said_with_its_figures_and_what_to_do() {
        use Network::{Bluesky, Instagram, Mastodon, X};
        for (rule, network, measured, limit, sentence) in [
            (Rule::VideosPerPost, X, 2, 1, "1 video over the 1 allowed in one post"),
            (Rule::VideoWithImages, X, 2, 0, "X takes a video alone: take the images out, or the video"),
            (
                Rule::VideoBytes,
                Bluesky,
                312_000_000,
                300_000_000,
                "This video has 312 MB; the limit is 300 MB: re-encode it smaller",
            ),
            (Rule::VideoTooLong, X, 200_000, 140_000, "This video takes 3:20 min; X allows 2:20 min: shorten it"),
            (Rule::VideoTooShort, X, 300, 500, "This video takes 0.3 s; X needs 0.5 s: add a longer one"),
            (
                Rule::VideoRate,
                Mastodon,
                239_760,
                120_000,
                "This video has 239.76 pictures a second; Mastodon allows 120: re-encode it",
            ),
            (Rule::VideoTooTall, X, 200, 333, "This video is too tall for X: its shape is 0.20:1, the tallest is 1:3"),
            (
                Rule::VideoCodec,
                Instagram,
                0,
                0,
                "Instagram does not accept how this video is coded: re-encode it with H.264",
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
