//! Text on servers with the Mastodon API: the limits come from each server, the way of counting from Mastodon.

mod entities;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::graphemes;

/// What one server allows, as `configuration` of `GET /api/v2/instance` tells; a field that a server leaves out has
/// Mastodon's default. Source of the defaults: mastodon/documentation methods/instance.md, 2026-07-02.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MastodonLimits {
    /// Characters of one post, its content warning included.
    pub max_characters: u32,
    /// What every link counts, however long it is.
    pub characters_reserved_per_url: u32,
    pub max_media_attachments: u32,
    /// Characters (Unicode code points) of one image description.
    pub description_limit: u32,
    /// Bytes of one image.
    pub image_size_limit: u32,
    /// Width times height of one image.
    pub image_matrix_limit: u32,
    /// Bytes of one video.
    #[serde(default = "video_size")]
    pub video_size_limit: u32,
    /// Width times height of one video.
    #[serde(default = "video_matrix")]
    pub video_matrix_limit: u32,
    /// Pictures in a second.
    #[serde(default = "video_rate")]
    pub video_frame_rate_limit: u32,
    /// Media types of attachments, sounds and videos among them. Empty: the server does not tell, all images may be tried.
    pub supported_mime_types: Vec<String>,
}

impl MastodonLimits {
    /// What a link counts where the server does not tell. Source: mastodon/documentation methods/instance.md, 2026-07-02.
    pub const PER_LINK: u32 = 23;
}

// what was read before these were asked for has none of them
const fn video_size() -> u32 {
    103_809_024
}

const fn video_matrix() -> u32 {
    8_294_400
}

const fn video_rate() -> u32 {
    120
}

impl Default for MastodonLimits {
    fn default() -> Self {
        let images = ["jpeg", "png", "gif", "heic", "heif", "webp", "avif"];
        Self {
            max_characters: 500,
            characters_reserved_per_url: Self::PER_LINK,
            max_media_attachments: 4,
            description_limit: 1_500,
            image_size_limit: 16_777_216,
            image_matrix_limit: 33_177_600,
            video_size_limit: video_size(),
            video_matrix_limit: video_matrix(),
            video_frame_rate_limit: video_rate(),
            supported_mime_types: images.into_iter().map(|kind| format!("image/{kind}")).collect(),
        }
    }
}

/// The characters of `text` as the server counts them: grapheme clusters, after every link became
/// `characters_reserved_per_url` characters and every `@user@host` became `@user`.
///
/// Source: mastodon/mastodon app/validators/status_length_validator.rb (`each_grapheme_cluster.size`), app/lib/extractor.rb,
/// `Account::MENTION_RE`, config/initializers/twitter_regex.rb and the gem twitter-text 3.1.0, read 2026-11. The server also
/// strips white space at both ends first; its own web page does not, and neither does this, so a post that fits here fits there.
pub fn count(text: &str, limits: &MastodonLimits) -> u32 {
    count_with_warning("", text, limits.characters_reserved_per_url)
}

/// As [`count`], for a post behind a content warning: the warning counts too, its links and names in full. `per_link` is what
/// the server counts for each link of the text.
pub fn count_with_warning(warning: &str, text: &str, per_link: u32) -> u32 {
    let shortened = entities::shorten(text, per_link);
    let joined = if warning.is_empty() { shortened.text } else { Cow::Owned(format!("{warning}{}", shortened.text)) };
    graphemes::count(&joined).saturating_add(shortened.reserved)
}
