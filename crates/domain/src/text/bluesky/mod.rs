//! Text on Bluesky: facets, which say by byte offsets what is a link, a mention or a tag.

mod detect;

use serde::{Deserialize, Serialize};

pub use detect::facets;

/// Grapheme clusters and UTF-8 bytes of one tag. Source: lexicon app.bsky.richtext.facet#tag, 2026-06-03.
pub const MAX_TAG_GRAPHEMES: usize = 64;
pub const MAX_TAG_BYTES: usize = 640;

/// A piece of the text that means something. `start` and `end` count UTF-8 bytes of the text, the end exclusive, and always lie
/// between two characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    pub start: u32,
    pub end: u32,
    pub feature: Feature,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Feature {
    /// A complete address with its scheme, valid for the lexicon's `uri` format.
    Link { uri: String },
    /// A syntactically valid handle without the `@`, in the letter case of the text. A record needs the DID instead: ask the
    /// network for it, and leave the facet out if nobody has that handle.
    Mention { handle: String },
    /// Without the `#`; a cashtag in upper case with its `$`.
    Tag { tag: String },
}
