//! Text on X, as twitter-text 3.1.0 reads it (github.com/twitter/twitter-text, read 2026-11): what is a link, a name, a hashtag
//! or a cashtag, and how much a text weighs.

mod entities;
mod validate;
mod weigh;

pub use entities::{Entity, Kind, List, cashtags, entities, hashtags, mentions, reply, urls};
pub use validate::{is_valid_hashtag, is_valid_list, is_valid_url, is_valid_username};
pub use weigh::{Config, Weight, is_emoji, weigh};

/// What a text may weigh. Source: twitter-text config/v3.json, in force since 2018.
pub const MAX_WEIGHT: u32 = V3.max_weight;

/// The configuration in force: twitter-text config/v3.json.
pub const V3: Config = Config { emoji: true, ..V2 };
/// twitter-text config/v2.json: emoji weigh what their characters weigh.
pub const V2: Config = Config { max_weight: 280, scale: 100, default_weight: 200, light_weight: 100, emoji: false };
/// twitter-text config/v1.json: 140 characters.
pub const V1: Config = Config { max_weight: 140, scale: 1, default_weight: 1, light_weight: 1, emoji: false };

/// What `text` weighs, out of [`MAX_WEIGHT`].
pub fn weighted_length(text: &str) -> u32 {
    weigh(text, &V3).weight
}
