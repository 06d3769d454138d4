//! Videos on their way in, which are too large to come in one message; and those that are coded anew.

use domain::id::MediaId;
use domain::media::Media;
use domain::text::film::VideoRoom;
use serde::{Deserialize, Serialize};

/// Begins to take in a video. Its pieces follow ([`AppendVideo`]), then [`FinishVideo`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginVideo {
    pub name: String,
    /// All of them; at most [`Video::BYTES_MAX`](domain::video::Video::BYTES_MAX).
    pub bytes: u64,
    /// Leaves in the file what the camera wrote, its place among it.
    #[serde(default)]
    pub keep_metadata: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoBegun {
    /// Names it in the commands that follow, until it is finished or abandoned.
    pub upload: u64,
}

/// A piece of a video, behind the ones before it. One that is there already may come again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppendVideo {
    pub upload: u64,
    pub offset: u64,
    /// Base64, at most [`AppendVideo::PIECE_MAX`] bytes decoded.
    pub data: String,
}

impl AppendVideo {
    pub const PIECE_MAX: usize = 4 * 1024 * 1024;
}

/// Looks through a video that is all there, takes camera and place out of it, and stores it under its hash. It stands in the
/// library when [`AddMedia`](crate::library::AddMedia) says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishVideo {
    pub upload: u64,
}

/// Takes a video back, whether it is still coming or being looked through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbandonVideo {
    pub upload: u64,
}

/// Codes a video anew so that it keeps within `room`, and puts what comes of it into the library, beside the one it is made of.
/// Answers when it is done, which may take long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncodeVideo {
    pub media: MediaId,
    pub room: VideoRoom,
    /// Takes its end away if it is longer than `room` has it.
    #[serde(default)]
    pub cut: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encoded {
    pub media: Media,
}

/// How far a video is that is being coded anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncodeProgress {
    pub media: MediaId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncodeState {
    /// Of a hundred; none if it is not being coded.
    pub percent: Option<u32>,
}

/// Stops it; nothing stays of what was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelEncode {
    pub media: MediaId,
}
