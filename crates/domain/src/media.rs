//! References to stored images. The bytes lie beside the database, named by their hash.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::MediaId;

/// The image types that are stored; everything else is refused or re-encoded on import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    Jpeg,
    Png,
    Webp,
    Gif,
}

impl MediaType {
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub id: MediaId,
    pub kind: MediaType,
    /// Pixels, after the orientation was applied.
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    /// The name the file had for the person who chose it: data only, never a path.
    pub name: String,
    pub created_at: Timestamp,
}
