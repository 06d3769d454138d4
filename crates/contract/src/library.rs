//! The media library: files, what they are called, where they are used.

use domain::id::{MediaId, PostId};
use domain::media::{Fit, Media, MediaText, MediaType};
use domain::post::PostStatus;
use domain::video::Video;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which files; without any of it all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaFilter {
    /// Words that all stand in the name, the description, the folder or the tags.
    pub text: String,
    /// Empty: the files that are in no folder.
    pub folder: Option<String>,
    pub tag: Option<String>,
    /// Only those that no post uses.
    pub unused: bool,
    /// Parts of images that are in the library too; without it only the whole ones.
    pub crops: bool,
    /// Only videos.
    pub videos: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaSort {
    #[default]
    Newest,
    Oldest,
    Name,
    Largest,
    MostUsed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListMedia {
    #[serde(default)]
    pub filter: MediaFilter,
    #[serde(default)]
    pub sort: MediaSort,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaList {
    /// At most [`MediaList::LINES_MAX`].
    pub lines: Vec<MediaLine>,
    /// How many files the filter finds.
    pub found: u64,
    /// How many files there are.
    pub total: u64,
    /// All folders and all tags, by name, with how many files each has.
    pub folders: Vec<Shelf>,
    pub tags: Vec<Shelf>,
}

impl MediaList {
    pub const LINES_MAX: usize = 20_000;
}

/// A file in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaLine {
    pub media: MediaId,
    pub name: String,
    pub kind: MediaType,
    pub width: u32,
    pub height: u32,
    /// It is an animation.
    pub moves: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Video>,
    pub alt: String,
    /// So many posts use it.
    pub uses: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    pub name: String,
    pub files: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetMedia {
    pub media: MediaId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaView {
    pub media: Media,
    /// The posts that use it, the last changed first; at most [`MediaView::USES_MAX`].
    pub uses: Vec<MediaUse>,
    /// What it was made from, if that is still known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<Media>,
    /// What was made of it and is in the library, the newest first; at most [`MediaView::USES_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Media>,
}

impl MediaView {
    pub const USES_MAX: u32 = 50;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaUse {
    pub post: PostId,
    /// Its title or its first line; may be empty.
    pub title: String,
    pub status: PostStatus,
    pub due_at: Option<Timestamp>,
}

/// Reads a file for the library: decoded within limits, turned upright, encoded anew, and stored under its hash. It stands in
/// the library when [`AddMedia`] says so.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadMedia {
    pub name: String,
    /// Base64, at most 30 MB decoded.
    pub data: String,
    /// Leaves in the file what the camera wrote, its place among it.
    #[serde(default)]
    pub keep_metadata: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRead {
    pub media: Media,
    /// The very same file stands in the library, under this name.
    pub known: Option<String>,
    /// It is an animation of a type of which only the first picture is kept.
    pub first_only: bool,
}

/// Puts files that were read into the library, and into a folder. One change, however many they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddMedia {
    pub media: Vec<MediaId>,
    #[serde(default)]
    pub folder: String,
}

/// Makes an image of a stored one: a part of it, smaller, lighter, of another type. The result stands in the library and takes over
/// name, description, folder and tags; the very same image is not stored twice. Of an animation nothing is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitImage {
    pub media: MediaId,
    /// Nothing: the image that it was made from comes back, or it itself.
    pub fit: Fit,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFitted {
    pub media: Media,
    /// None if nothing new was stored.
    pub undo: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditMedia {
    pub media: MediaId,
    pub text: MediaText,
}

/// Puts files into a folder (an empty name: into none) and gives them a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileMedia {
    pub media: Vec<MediaId>,
    #[serde(default)]
    pub folder: Option<String>,
    #[serde(default)]
    pub tag: Option<String>,
}

/// Takes files out of the library. Posts that use them keep them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteMedia {
    pub media: Vec<MediaId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaDeleted {
    pub undo: Option<u64>,
    /// So many of the files are used by posts, which keep them.
    pub used: u32,
}
