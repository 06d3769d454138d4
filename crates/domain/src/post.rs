//! Posts: one base text, and per account a variant that inherits it until it is changed.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::approval::Review;
use crate::hash::ContentHash;
use crate::id::{AccountId, MediaId, PersonId, PersonaId, PostId};
use crate::link_tags::LinkTags;
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

/// What stands below a text with a link. Bluesky shows what the post brings along; others read the page themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// At most [`Card::URL_MAX`] characters.
    pub url: String,
    /// At most [`Card::TITLE_MAX`] characters.
    pub title: String,
    /// At most [`Card::DESCRIPTION_MAX`] characters.
    pub description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<MediaId>,
}

impl Card {
    pub const URL_MAX: usize = 2_000;
    pub const TITLE_MAX: usize = 300;
    pub const DESCRIPTION_MAX: usize = 1_000;
}

/// One entry of a thread. A post that is no thread has one part.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub text: String,
    pub images: Vec<Image>,
    /// Seconds between the part before it and this one, at most [`Content::WAIT_MAX_S`]. Of the first part it means nothing:
    /// that one has the time of the post.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub wait_s: u32,
    /// Not shown beside images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
}

/// What is left out where it says nothing.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
pub(crate) const fn is_zero(number: &u32) -> bool {
    *number == 0
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
    /// What the same account says below it as soon as it is out; empty for nothing. Where a network knows only posts it is the
    /// last reply of the thread.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first_comment: String,
}

/// One thing that a network gets: the post, a reply, or the first comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing<'a> {
    pub text: &'a str,
    pub images: &'a [Image],
    pub card: Option<&'a Card>,
    /// Seconds after the one before it.
    pub wait_s: u32,
    /// It is the first comment.
    pub is_comment: bool,
}

impl Default for Content {
    fn default() -> Self {
        Self {
            parts: vec![Part::default()],
            content_warning: String::new(),
            visibility: Visibility::Public,
            first_comment: String::new(),
        }
    }
}

impl Content {
    pub const PARTS_MAX: usize = 25;
    /// Characters of one part: far above every network, and small enough for one keystroke to be saved whole.
    pub const TEXT_MAX: usize = 65_000;
    pub const IMAGES_MAX: usize = 35;
    pub const ALT_MAX: usize = 5_000;
    pub const WARNING_MAX: usize = 500;
    /// A day.
    pub const WAIT_MAX_S: u32 = 24 * 60 * 60;

    pub fn text(text: impl Into<String>) -> Self {
        Self { parts: vec![Part { text: text.into(), ..Part::default() }], ..Self::default() }
    }

    pub fn is_blank(&self) -> bool {
        let empty = |part: &Part| part.text.trim().is_empty() && part.images.is_empty();
        self.parts.iter().all(empty) && self.first_comment.trim().is_empty()
    }

    /// Every file that it names: images, videos, and the pictures of cards.
    pub fn media(&self) -> impl Iterator<Item = MediaId> {
        self.parts.iter().flat_map(|part| {
            let picture = part.card.as_ref().and_then(|card| card.picture);
            part.images.iter().map(|image| image.media).chain(picture)
        })
    }

    /// Everything that a network gets, in this order: the parts, then the first comment if there is one.
    pub fn outgoing(&self) -> impl Iterator<Item = Outgoing<'_>> {
        let parts = self.parts.iter().enumerate().map(|(place, part)| Outgoing {
            text: &part.text,
            images: &part.images,
            card: part.card.as_ref().filter(|_| part.images.is_empty()),
            wait_s: if place == 0 { 0 } else { part.wait_s },
            is_comment: false,
        });
        let comment = Some(self.first_comment.trim()).filter(|text| !text.is_empty());
        parts.chain(comment.map(|text| Outgoing { text, images: &[], card: None, wait_s: 0, is_comment: true }))
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
            && self.first_comment.split_whitespace().eq(other.first_comment.split_whitespace())
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
    /// What its links tell about where a reader came from; those of the persona, unless they were turned off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_tags: Option<LinkTags>,
}

impl Draft {
    pub const TITLE_MAX: usize = 200;
    pub const TARGETS_MAX: usize = 50;

    /// Every image that it names, in any variant.
    pub fn images(&self) -> BTreeSet<MediaId> {
        let contents = std::iter::once(&self.base).chain(self.targets.iter().filter_map(|t| t.variant.as_ref()));
        contents.flat_map(Content::media).collect()
    }

    /// What `account` would get, if it is a target.
    pub fn content_for(&self, account: AccountId) -> Option<&Content> {
        let target = self.targets.iter().find(|target| target.account == account)?;
        Some(target.variant.as_ref().unwrap_or(&self.base))
    }

    /// Exactly what `account` would get, its links with their tags; `None` if it is no target.
    pub fn sent_to(&self, account: &Account) -> Option<Cow<'_, Content>> {
        let content = self.content_for(account.id)?;
        Some(match &self.link_tags {
            Some(tags) => tags.tagged(content, account.network),
            None => Cow::Borrowed(content),
        })
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
    /// Scheduled, then changed, and waits for a new sign-off; or waits for those who have to agree.
    InReview,
    /// Somebody who has to agree asks for another text.
    ChangesRequested,
    /// Somebody who has to agree says that it should not go out.
    Rejected,
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
    pub const ALL: [Self; 12] = [
        Self::Draft,
        Self::InReview,
        Self::ChangesRequested,
        Self::Rejected,
        Self::Scheduled,
        Self::Held,
        Self::Publishing,
        Self::Published,
        Self::YourTurn,
        Self::Unsure,
        Self::Missed,
        Self::Failed,
    ];

    /// It waits for somebody's word, its author's or that of those who have to agree, or was sent back.
    pub const fn is_in_review(self) -> bool {
        matches!(self, Self::InReview | Self::ChangesRequested | Self::Rejected)
    }

    pub const fn wire(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::ChangesRequested => "changes_requested",
            Self::Rejected => "rejected",
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

/// Two people changed the same words of a draft, each without the other's change ([`crate::merge`]): all that it takes to see what
/// came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// Whoever came last.
    pub by: PersonId,
    pub at: Timestamp,
    /// What both had begun with.
    pub base: Draft,
    /// What the one who came last had made of it.
    pub mine: Draft,
    /// What stood there when they came.
    pub theirs: Draft,
    /// What others had written in earlier merges that nobody has read yet, oldest first, at most [`Merge::EARLIER_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Draft>,
}

impl Merge {
    /// Two merges in a row that nobody read, and what of older ones does not stand in the text any more.
    pub const EARLIER_MAX: usize = 4;

    /// Every side that there is, the newest first.
    pub fn sides(&self) -> impl Iterator<Item = &Draft> {
        [&self.mine, &self.theirs].into_iter().chain(self.earlier.iter().rev())
    }
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
    /// Nobody has read yet what came of two changes; until then it is not signed off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<Box<Merge>>,
    /// Of an organisation: what was said about it, and who wrote in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Box<Review>>,
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

impl Post {
    /// What a person who looks at it decides about: the whole draft, and its time.
    pub fn seen(&self) -> ContentHash {
        ContentHash::of_seen(&self.draft, self.schedule.as_ref().map(|schedule| schedule.at))
    }
}
