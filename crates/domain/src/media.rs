//! The media library: stored images and videos, and what people say about them. The bytes lie beside the database, named by their hash.

mod fit;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::MediaId;
use crate::video::Video;

pub use fit::{Crop, Fit, MadeFrom, Rect, Size};

/// The types that are stored; everything else is refused or re-encoded on import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    Jpeg,
    Png,
    Webp,
    Gif,
    Mp4,
    /// QuickTime.
    Mov,
    #[serde(rename = "webm")]
    WebM,
    /// Matroska.
    Mkv,
}

impl MediaType {
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::WebM => "video/webm",
            Self::Mkv => "video/x-matroska",
        }
    }

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::WebM => "webm",
            Self::Mkv => "mkv",
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Gif => "GIF",
            Self::Mp4 => "MP4",
            Self::Mov => "QuickTime",
            Self::WebM => "WebM",
            Self::Mkv => "Matroska",
        }
    }

    pub const fn is_video(self) -> bool {
        matches!(self, Self::Mp4 | Self::Mov | Self::WebM | Self::Mkv)
    }
}

/// A stored file: what it is, and where it stands in the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub id: MediaId,
    pub kind: MediaType,
    /// Pixels, after the orientation was applied.
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    /// Pictures of an animation; 1 for a still.
    #[serde(default = "one")]
    pub frames: u32,
    /// Of a video only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Video>,
    /// What the camera wrote, its place among it, is still in the file, because somebody wanted that.
    #[serde(default)]
    pub metadata: bool,
    /// The name the file had for the person who chose it, until they gave it another: data only, never a path.
    pub name: String,
    /// What it shows in words: what each use of it begins with.
    #[serde(default)]
    pub alt: String,
    /// Empty: in none.
    #[serde(default)]
    pub folder: String,
    /// In the order in which they were added, without repeats.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Taken out of the library. Posts that use it keep it.
    #[serde(default)]
    pub deleted: bool,
    /// What it was made of, if it was made of another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<MadeFrom>,
    pub created_at: Timestamp,
}

const fn one() -> u32 {
    1
}

/// Everything of a file that a person writes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaText {
    /// Not blank, at most [`Media::NAME_MAX`] characters.
    pub name: String,
    /// At most [`Content::ALT_MAX`](crate::post::Content::ALT_MAX) characters.
    pub alt: String,
    /// At most [`Media::FOLDER_MAX`] characters.
    pub folder: String,
    pub tags: Vec<String>,
}

/// One file of a change of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaEdit {
    pub media: MediaId,
    pub text: MediaText,
}

impl Media {
    pub const NAME_MAX: usize = 200;
    pub const FOLDER_MAX: usize = 80;
    pub const TAGS_MAX: usize = 20;
    pub const TAG_MAX: usize = 50;
    /// A still is stored in no more bytes: Bluesky takes 2,000,000 (lexicon `app.bsky.embed.images`), Mastodon 16 MiB by default.
    pub const STILL_BYTES: u32 = 1_950_000;
    /// Files of one change, and of one import.
    pub const TOGETHER_MAX: usize = 1_000;

    pub const fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }

    pub fn text(&self) -> MediaText {
        let Self { name, alt, folder, tags, .. } = self;
        MediaText { name: name.clone(), alt: alt.clone(), folder: folder.clone(), tags: tags.clone() }
    }

    #[must_use]
    pub fn with(self, text: MediaText) -> Self {
        let MediaText { name, alt, folder, tags } = text;
        Self { name, alt, folder, tags, ..self }
    }
}

/// Without blanks around them, empty ones and repeats.
pub fn tidy_tags<'a>(tags: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let tags = tags.into_iter().map(str::trim).filter(|tag| !tag.is_empty());
    tags.filter(|tag| seen.insert(tag.to_lowercase())).map(ToOwned::to_owned).collect()
}

/// A file's name, ending as its type does. What has another ending keeps it.
pub fn named_for(name: &str, kind: MediaType) -> String {
    let is_image =
        |ending: &str| ["jpg", "jpeg", "png", "webp", "gif"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    let is_right = |ending: &str| {
        ending.eq_ignore_ascii_case(kind.extension()) || kind == MediaType::Jpeg && ending.eq_ignore_ascii_case("jpeg")
    };
    match name.rsplit_once('.') {
        Some((stem, ending)) if is_image(ending) && !is_right(ending) && !stem.is_empty() => {
            let stem: String = stem.chars().take(Media::NAME_MAX - 5).collect();
            format!("{stem}.{}", kind.extension())
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_as_its_type_does() {
        let jpeg = |name| named_for(name, MediaType::Jpeg);
        assert_eq!([jpeg("loaf.PNG"), jpeg("loaf.jpeg"), jpeg("loaf")], ["loaf.jpg", "loaf.jpeg", "loaf"]);
        assert_eq!([jpeg("No. 7"), jpeg(".png")], ["No. 7", ".png"]);
        assert_eq!(named_for("loaf.jpg", MediaType::Png), "loaf.png");
    }

    #[test]
    fn a_file_that_was_stored_before_is_made_of_nothing() {
        let stored = format!(
            r#"{{"id":"{}","kind":"jpeg","width":4,"height":3,"bytes":9,"name":"a.jpg","created_at":"2026-01-01T00:00:00Z"}}"#,
            MediaId::of(b"a")
        );
        let media: Media = serde_json::from_str(&stored).unwrap();
        assert_eq!((media.made_from, media.size()), (None, Size::new(4, 3)));
        assert!(!serde_json::to_string(&media).unwrap().contains("made_from"));
    }

    #[test]
    fn an_image_that_was_stored_before_videos_is_read_and_written_as_it_was() {
        let stored = format!(
            r#"{{"id":"{}","kind":"jpeg","width":4,"height":3,"bytes":9,"frames":1,"metadata":false,"name":"a.jpg","alt":"","folder":"","tags":[],"deleted":false,"created_at":"2026-01-01T00:00:00Z"}}"#,
            MediaId::of(b"a")
        );
        let media: Media = serde_json::from_str(&stored).unwrap();
        assert_eq!(media.video, None);
        assert_eq!(serde_json::to_string(&media).unwrap(), stored);
    }

    #[test]
    fn a_type_is_stored_by_its_ending_but_for_jpeg() {
        use MediaType::{Gif, Mkv, Mov, Mp4, Png, WebM, Webp};
        for kind in [Png, Webp, Gif, Mp4, Mov, WebM, Mkv] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.extension());
            assert_eq!(kind.is_video(), kind.mime().starts_with("video/"));
        }
    }
}
