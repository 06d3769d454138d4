//! How much a text weighs: `parse_tweet` in validation.rb of twitter-text.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointSetData;
use icu_properties::props::{Emoji, EmojiPresentation, ExtendedPictographic, RegionalIndicator};
use unicode_segmentation::UnicodeSegmentation;

use super::entities::urls;
use crate::text::twitter_text::is_invalid;

/// A configuration of twitter-text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// In whole characters.
    pub max_weight: u32,
    /// What a weight is divided by.
    pub scale: u32,
    pub default_weight: u32,
    /// The weight of a character in [`is_light`].
    pub light_weight: u32,
    /// A sequence of emoji weighs as much as one character.
    pub emoji: bool,
}

/// What every link counts. Source: `transformedURLLength` of all configurations.
const PER_LINK: u32 = 23;

/// What a text weighs, and how much of it may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// In whole characters.
    pub weight: u32,
    /// Of the allowed weight.
    pub permillage: u32,
    /// Neither too heavy nor with a character that is not allowed.
    pub valid: bool,
    /// UTF-16 units of the text.
    pub units: usize,
    /// UTF-16 units at its beginning that may go out.
    pub valid_units: usize,
}

/// Weighs `text` in its normal form NFC.
pub fn weigh(text: &str, config: &Config) -> Weight {
    let normal = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let links = urls(&normal);
    let mut links = links.iter().peekable();
    let most = u64::from(config.max_weight) * u64::from(config.scale);
    let (mut weight, mut clean, mut units, mut valid_units) = (0_u64, true, 0, 0);
    let mut at = 0;
    let mut clusters = normal.grapheme_indices(true).peekable();
    while let Some(rest) = normal.get(at..).filter(|rest| !rest.is_empty()) {
        while links.peek().is_some_and(|link| link.start < at) {
            links.next();
        }
        while clusters.peek().is_some_and(|(start, _)| *start < at) {
            clusters.next();
        }
        let emoji = clusters.peek().filter(|(start, cluster)| *start == at && config.emoji && is_emoji(cluster));
        let (length, heavy) = if let Some(link) = links.peek().filter(|link| link.start == at) {
            (link.end - link.start, PER_LINK * config.scale)
        } else if let Some((_, cluster)) = emoji {
            (cluster.len(), config.default_weight)
        } else {
            let Some(c) = rest.chars().next() else { break };
            clean &= !is_invalid(c);
            (c.len_utf8(), if is_light(c) { config.light_weight } else { config.default_weight })
        };
        weight += u64::from(heavy);
        at += length;
        let piece = rest.get(..length).map_or(0, |piece| piece.encode_utf16().count());
        units += piece;
        if clean && weight <= most {
            valid_units += piece;
        }
    }
    let whole = weight / u64::from(config.scale.max(1));
    // the normal form may have fewer units than what was typed, or more
    let typed = text.encode_utf16().count();
    Weight {
        weight: u32::try_from(whole).unwrap_or(u32::MAX),
        permillage: u32::try_from(whole * 1_000 / u64::from(config.max_weight.max(1))).unwrap_or(u32::MAX),
        valid: clean && whole <= u64::from(config.max_weight),
        units: typed,
        valid_units: (valid_units + typed).saturating_sub(units),
    }
}

/// The ranges of config/v2.json and v3.json: Latin to Georgian, and the punctuation of these.
fn is_light(c: char) -> bool {
    matches!(u32::from(c), 0..=4_351 | 8_192..=8_205 | 8_208..=8_223 | 8_242..=8_247)
}

/// One emoji as people see it: with its skin tone, its joined others, its flag or its keycap. What is shown as a letter unless
/// told otherwise, such as `©`, is one only with the selector behind it.
pub fn is_emoji(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    let Some(first) = chars.next() else { return false };
    let next = chars.next();
    if CodePointSetData::new::<RegionalIndicator>().contains(first) {
        return next.is_some_and(|c| CodePointSetData::new::<RegionalIndicator>().contains(c));
    }
    if CodePointSetData::new::<EmojiPresentation>().contains(first) {
        return next != Some('\u{FE0E}');
    }
    let selected = next == Some('\u{FE0F}');
    let keycap = cluster.ends_with('\u{20E3}');
    if first.is_ascii() {
        return keycap && CodePointSetData::new::<Emoji>().contains(first);
    }
    let toned = next.is_some_and(|c| matches!(c, '\u{1F3FB}'..='\u{1F3FF}' | '\u{200D}'));
    (selected || toned) && CodePointSetData::new::<ExtendedPictographic>().contains(first)
}
