//! A post that comes again: what it says, by which rule, and which of its posts were made.
//!
//! The rule is read where posts are made ahead (it is the engine's); here stand the places that it led to. A post of a series is
//! a post like any other: moved, changed and deleted by itself. A deleted one keeps its place, so that it is not made again.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::id::{PersonId, PostId, SeriesId};
use crate::post::Draft;
use crate::reject::Reject;
use crate::schedule::{Fold, Schedule, ScheduleError};

/// A place of a series: what RFC 5545 calls the recurrence id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub series: SeriesId,
    /// Wall-clock time in the zone of the series.
    pub local: DateTime,
}

/// What a rule leads to, so far ahead as posts are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ahead {
    /// In their order.
    pub places: Vec<DateTime>,
    /// The rule has no places behind these.
    pub complete: bool,
}

impl Ahead {
    /// Posts that one mutation makes: half a year of a post a day.
    pub const PLACES_MAX: usize = 200;
}

/// A post that was made for a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub place: DateTime,
    pub post: PostId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    pub id: SeriesId,
    /// Who signed off what it says.
    pub author: PersonId,
    /// Whose words it says beside the author's, in an organisation.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub writers: BTreeSet<PersonId>,
    /// A recurrence rule as RFC 5545 section 3.3.10 writes it, such as `FREQ=WEEKLY;BYDAY=TU`.
    pub rule: String,
    /// The first place, wall-clock time in `zone`.
    pub start: DateTime,
    /// IANA name.
    pub zone: String,
    /// For places that a clock shows twice.
    pub fold: Fold,
    /// What the posts say that are still to be made.
    pub draft: Draft,
    /// In the order of their places; those that have long passed are forgotten.
    pub made: Vec<Made>,
    /// The last place that a post was made for.
    pub until: DateTime,
    /// No more are made: the rule has ended, or a person ended it.
    pub ended: bool,
    /// Why no more could be made at the last try.
    pub halted: Option<Box<Reject>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Series {
    /// Characters of a rule: the longest that is of use names every day of a month.
    pub const RULE_MAX: usize = 300;

    /// The time of a place: local time, zone and rule are kept, the instant follows.
    ///
    /// # Errors
    /// The zone is unknown, or the instant is out of range.
    pub fn schedule(&self, place: DateTime) -> Result<Schedule, ScheduleError> {
        Schedule::resolve(place, &self.zone, self.fold).map(|(schedule, _)| schedule)
    }

    /// The posts behind a place.
    pub fn made_after(&self, place: DateTime) -> impl Iterator<Item = &Made> + Clone {
        self.made.iter().filter(move |made| made.place > place)
    }
}
