//! Series: a post that comes again.

use domain::id::{AccountId, PersonaId, PostId, SeriesId};
use domain::mutation::When;
use domain::schedule::ClockMark;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::posts::Written;

/// Where a rule leads, before anything is written. The rule is a recurrence rule as RFC 5545 section 3.3.10 writes it, by days and
/// longer: `FREQ` (`DAILY`, `WEEKLY`, `MONTHLY`, `YEARLY`), `INTERVAL`, `COUNT` or `UNTIL`, `BYDAY`, `BYMONTHDAY`, `BYMONTH`,
/// `BYYEARDAY`, `BYSETPOS`, `WKST`. The time of day is that of `when`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewSeries {
    pub rule: String,
    /// The earliest time of the first post.
    pub when: When,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesPreview {
    /// The first ones, at most six.
    pub first: Vec<PlannedPlace>,
    /// How many posts there will be; `None` without an end, or beyond a thousand.
    pub count: Option<u32>,
    /// The last one, if there is one.
    pub last: Option<PlannedPlace>,
    /// The next ones, at most three within two years, at which a clock is changed.
    pub clock_changes: Vec<PlannedPlace>,
}

/// A place of a series and the instant that it resolves to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedPlace {
    pub local: DateTime,
    pub at: Timestamp,
    pub mark: ClockMark,
}

/// Schedules a post and signs it off, with a post like it at each time that the rule leads to. One that is part of a series
/// already ends that series there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepeatPost {
    pub post: PostId,
    pub read: u32,
    /// [`PreviewSeries::rule`].
    pub rule: String,
    /// The earliest time of the first post.
    pub when: When,
}

/// The answer of a write to a post that others follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesWritten {
    pub written: Written,
    pub series: SeriesId,
    /// So many posts were written with it, this one included. Those that lie further ahead follow by themselves.
    pub posts: u32,
}

/// Signs off what this post of a series says, and all that follow say it too, those that were changed by themselves excepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditSeries {
    pub post: PostId,
    pub read: u32,
}

/// Ends a series: its posts that are still to come are deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopSeries {
    pub series: SeriesId,
    /// Only the posts behind this one; `None`: all that have not begun to go out.
    pub after: Option<PostId>,
}

/// The answer to the end of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesStopped {
    /// So many posts were deleted.
    pub posts: u32,
    pub undo: Option<u64>,
}

/// The series that are not over, the one whose next post comes first at the top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSeries {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesView {
    pub series: SeriesId,
    /// The title or the first words of what its posts say.
    pub title: String,
    pub rule: String,
    /// The first place, wall-clock time in `zone`.
    pub start: DateTime,
    pub zone: String,
    pub persona: Option<PersonaId>,
    pub accounts: Vec<AccountId>,
    /// Its next post that waits, and when it is due.
    pub next: Option<(PostId, Timestamp)>,
    /// Posts that wait in the calendar.
    pub to_come: u32,
    /// No more posts follow those.
    pub ended: bool,
    /// Why no more posts can be made, in a sentence.
    pub halted: Option<String>,
}
