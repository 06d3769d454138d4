//! Posts: one base text, and per account a variant that inherits it until it is changed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::hash::ContentHash;
use crate::id::{AccountId, MediaId, PersonId, PersonaId, PostId};
use crate::schedule::Schedule;
use crate::series::Place;
use crate::text::heading::heading;

/// Who may see a post, on networks that know the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    #[default]
    Public,
    /// Visible to all, kept out of public timelines.
    Unlisted,
    /// Followers only.
    Private,
}

impl Visibility {
    pub const ALL: [Self; 3] = [Self::Public, Self::Unlisted, Self::Private];

    /// As the Mastodon API spells it.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
        }
    }
}

/// An image in a post: the stored bytes, and what it shows in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    pub media: MediaId,
    pub alt: String,
}

/// One entry of a thread. A post that is no thread has one part.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub text: String,
    pub images: Vec<Image>,
}

/// What is said: complete for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// First the post, then the replies below it; never empty.
    pub parts: Vec<Part>,
    /// Shown instead of the text until the reader opens it; empty for none. Mastodon only.
    pub content_warning: String,
    /// Mastodon only.
    pub visibility: Visibility,
}

impl Default for Content {
    fn default() -> Self {
        Self { parts: vec![Part::default()], content_warning: String::new(), visibility: Visibility::Public }
    }
}

impl Content {
    pub const PARTS_MAX: usize = 25;
    /// Characters of one part: far above every network, and small enough for one keystroke to be saved whole.
    pub const TEXT_MAX: usize = 65_000;
    pub const IMAGES_MAX: usize = 35;
    pub const ALT_MAX: usize = 5_000;
    pub const WARNING_MAX: usize = 500;

    pub fn text(text: impl Into<String>) -> Self {
        Self { parts: vec![Part { text: text.into(), images: Vec::new() }], ..Self::default() }
    }

    pub fn is_blank(&self) -> bool {
        self.parts.iter().all(|part| part.text.trim().is_empty() && part.images.is_empty())
    }
}

impl Content {
    /// Whether a reader would see the same post twice: the same words and images in the same parts, whatever the white space,
    /// the alt texts and the visibility. Nothing is like nothing else.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let same = |one: &Part, other: &Part| {
            let images = |part: &Part| part.images.iter().map(|image| image.media).collect::<Vec<_>>();
            one.text.split_whitespace().eq(other.text.split_whitespace()) && images(one) == images(other)
        };
        !self.is_blank()
            && self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(|(one, other)| same(one, other))
    }
}

/// One account that the post goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub account: AccountId,
    /// `None` inherits the base text.
    pub variant: Option<Content>,
}

/// What a person writes: everything of a post that editing may change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// An inner name, never published; empty shows the first line of the text.
    pub title: String,
    pub persona: Option<PersonaId>,
    pub base: Content,
    /// Without repeats, at most [`Draft::TARGETS_MAX`].
    pub targets: Vec<Target>,
}

impl Draft {
    pub const TITLE_MAX: usize = 200;
    pub const TARGETS_MAX: usize = 50;

    /// Every image that it names, in any variant.
    pub fn images(&self) -> BTreeSet<MediaId> {
        let contents = std::iter::once(&self.base).chain(self.targets.iter().filter_map(|t| t.variant.as_ref()));
        contents.flat_map(|content| &content.parts).flat_map(|part| &part.images).map(|image| image.media).collect()
    }

    /// What `account` would get, if it is a target.
    pub fn content_for(&self, account: AccountId) -> Option<&Content> {
        let target = self.targets.iter().find(|target| target.account == account)?;
        Some(target.variant.as_ref().unwrap_or(&self.base))
    }

    /// The title, or the heading of the text; empty for an empty post.
    pub fn shown_title(&self) -> String {
        if !self.title.trim().is_empty() {
            return self.title.trim().to_owned();
        }
        heading(self.base.parts.iter().map(|part| part.text.as_str()))
    }
}

/// The one word that a post shows for its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostStatus {
    Draft,
    /// Scheduled, then changed: waits for a new sign-off.
    InReview,
    Scheduled,
    /// Scheduled and signed off, and held back until somebody resumes it.
    Held,
    Publishing,
    Published,
    /// It is time, and somebody has to post it by hand.
    YourTurn,
    /// It may have gone out; a person decides.
    Unsure,
    /// Its time passed and nothing was sent.
    Missed,
    /// A network refused it.
    Failed,
}

impl PostStatus {
    pub const ALL: [Self; 10] = [
        Self::Draft,
        Self::InReview,
        Self::Scheduled,
        Self::Held,
        Self::Publishing,
        Self::Published,
        Self::YourTurn,
        Self::Unsure,
        Self::Missed,
        Self::Failed,
    ];

    pub const fn wire(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Scheduled => "scheduled",
            Self::Held => "held",
            Self::Publishing => "publishing",
            Self::Published => "published",
            Self::YourTurn => "your_turn",
            Self::Unsure => "unsure",
            Self::Missed => "missed",
            Self::Failed => "failed",
        }
    }
}

/// A person's word that exactly this may go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    pub by: PersonId,
    pub at: Timestamp,
    pub hash: ContentHash,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    pub id: PostId,
    pub author: PersonId,
    pub draft: Draft,
    pub schedule: Option<Schedule>,
    /// Where it stands in a series, whatever time it was moved to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    pub sign_off: Option<SignOff>,
    /// On hold: of its deliveries none begins, and those that are planned meanwhile wait with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    pub status: PostStatus,
    /// Grows by one with every change of the draft or the schedule; a writer names the one it read.
    pub version: u32,
    /// The accounts that have a job, in the order of their ids: targets of now and of earlier sign-offs.
    pub deliveries: Vec<AccountId>,
    /// A deleted post can be brought back; its jobs are cancelled.
    pub deleted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
