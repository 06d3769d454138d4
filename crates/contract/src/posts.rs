//! Posts: write, plan, find.

use domain::account::Account;
use domain::id::{AccountId, MediaId, PersonaId, PostId};
use domain::idea::IdeaText;
use domain::job::Job;
use domain::media::Media;
use domain::mutation::When;
use domain::network::Network;
use domain::post::{Draft, Post, PostStatus};
use domain::video::Video;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::series::SeriesView;

/// A post in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostLine {
    pub post: PostId,
    /// Never empty: the title, the first line, or "Untitled".
    pub title: String,
    pub status: PostStatus,
    pub persona: Option<PersonaId>,
    pub accounts: Vec<AccountId>,
    pub networks: Vec<Network>,
    pub due_at: Option<Timestamp>,
    /// The post's own zone.
    pub zone: Option<String>,
    pub updated_at: Timestamp,
    pub version: u32,
    /// It is one of a series.
    pub repeats: bool,
    /// Comments that nobody has settled.
    #[serde(default)]
    pub comments: u32,
    /// Two people changed the same words, and nobody has read yet what came of it.
    #[serde(default)]
    pub merged: bool,
    /// The names of the steps that those who have to agree are asked in; empty where nobody is asked.
    #[serde(default)]
    pub waits_for: Vec<String>,
}

/// What a list shows. Empty lists mean "all".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Words to find in titles and texts; the last one may be unfinished.
    pub text: String,
    pub statuses: Vec<PostStatus>,
    pub personas: Vec<PersonaId>,
    pub accounts: Vec<AccountId>,
}

/// Something that needs a person now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub line: PostLine,
    pub job: Job,
    /// What happened to this post and what to do, in a sentence or two.
    pub sentence: String,
    /// The account's page on the network.
    pub profile_url: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetToday {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    pub trouble: Vec<Trouble>,
    /// What goes out, or went out, between this local midnight and the next, by time.
    pub going_out: Vec<PostLine>,
    /// The next one after today, if today has none left.
    pub next: Option<PostLine>,
    /// Changed after the sign-off.
    pub waiting: Vec<PostLine>,
    /// On hold, by time, at most fifty; whatever day it is.
    pub held: Vec<PostLine>,
    /// On hold in all.
    pub held_count: u32,
    /// The latest drafts, at most five.
    pub drafts: Vec<PostLine>,
    /// Drafts in all.
    pub draft_count: u32,
    /// Accounts that need reconnecting or do not answer.
    pub accounts: Vec<Account>,
    /// Series that can make no more posts.
    pub halted: Vec<SeriesView>,
    /// Published per local day, the last seven days, oldest first; the last one is today.
    pub published: Vec<DayCount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    pub day: jiff::civil::Date,
    pub posts: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPosts {
    pub filter: Filter,
    /// From the last page's `next`.
    pub after: Option<String>,
    /// 1 to 200.
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub lines: Vec<PostLine>,
    pub next: Option<String>,
    /// How many posts the filter finds in all.
    pub total: u64,
}

/// Posts that have all these words, the last of which may be unfinished: first those that have them in their title.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindPosts {
    pub text: String,
    /// 1 to 50.
    pub limit: u32,
}

/// A post that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    pub line: PostLine,
    /// Where the words stand in its text, if they are not in its title; else empty.
    pub snippet: Vec<SnippetPart>,
}

/// A piece of a post's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnippetPart {
    pub text: String,
    /// It is one of the words.
    pub hit: bool,
}

/// Other posts that say the same to an account of this one within a day of it (of now, as long as it has no time): readers mind,
/// and some networks refuse it. None once the post is out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindRepeats {
    pub post: PostId,
}

/// One account that would get the same twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    pub account: AccountId,
    /// The other post.
    pub post: PostId,
    /// Empty if it has neither a name nor words.
    pub title: String,
    /// When the other one goes, or went, out.
    pub at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetPost {
    pub post: PostId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostView {
    pub post: Post,
    pub jobs: Vec<Job>,
    /// All images that the draft names.
    pub media: Vec<Media>,
    /// What stands there is what was signed off.
    pub signed: bool,
    /// The series that it is one of.
    pub series: Option<SeriesView>,
    /// The idea that it was made of.
    pub idea: Option<IdeaText>,
}

/// Every state of a post that was kept, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListVersions {
    pub post: PostId,
}

/// What was typed within a minute is one version, and so is whatever was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Counts from 1, the oldest.
    pub number: u32,
    /// Its number in the log, by which it is asked for; none for a state that is older than the log.
    pub entry: Option<u64>,
    /// When its first and its last change were made.
    pub began_at: Timestamp,
    pub at: Timestamp,
    /// The name of whoever wrote it.
    pub author: String,
    /// The title, or the first words.
    pub title: String,
    /// Code points of all its texts.
    pub characters: u32,
    /// An older version was brought back.
    pub restored: bool,
    /// What happened to exactly this version, in its order.
    pub marks: Vec<Mark>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Scheduled,
    SignedOff,
    Published,
}

/// What a version said; the newest where `entry` is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetVersion {
    pub post: PostId,
    pub entry: Option<u64>,
}

/// Makes what an older version said the newest one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreVersion {
    pub post: PostId,
    /// The version of the post that the writer read.
    pub read: u32,
    pub entry: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreatePost {
    pub draft: Draft,
}

/// The answer of a write to a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub post: PostId,
    pub version: u32,
    pub status: PostStatus,
    pub undo: Option<u64>,
}

/// Writes the whole draft; `read` is the version that was read before typing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditDraft {
    pub post: PostId,
    pub read: u32,
    pub draft: Draft,
    /// What the writer changed it from: with it the words of others are kept in a team. Without it a draft that was changed since
    /// is not touched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Box<Draft>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeletePost {
    pub post: PostId,
}

/// Sets the time and signs off what stands there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchedulePost {
    pub post: PostId,
    pub read: u32,
    pub when: When,
}

/// Schedules for this moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishNow {
    pub post: PostId,
    pub read: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    pub post: PostId,
    pub read: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnschedulePost {
    pub post: PostId,
}

/// Takes an image in: decoded, turned upright, freed of location and camera data, stored under its hash.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportImage {
    pub name: String,
    /// Base64, at most 30 MB decoded.
    pub data: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageSize {
    /// At most 320 pixels on its longer side.
    Thumb,
    /// At most 640 pixels on its longer side.
    Preview,
    Full,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetImage {
    pub media: MediaId,
    pub size: ImageSize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageData {
    pub mime: String,
    /// Base64; empty for a video of which there is no picture.
    pub data: String,
    /// Pixels of the whole image, whatever the size that was asked for.
    pub width: u32,
    pub height: u32,
    /// It is the picture of a video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub film: Option<FilmFace>,
}

/// What a video is shown with: its picture, if there is one, is only one of its first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmFace {
    pub name: String,
    pub video: Video,
}
