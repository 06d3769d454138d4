//! The rulebook of Sendoff: records, mutations and the one pure [`apply`] that decides what a mutation does.
//!
//! Nothing here waits, reads a clock, draws a random number or touches a disk; the same code runs in the desktop, in the
//! interface and, for teams, on the server. What a rule needs to know comes in through its arguments.

/// Whether this fault is built in now ([`planted`]); without the feature never.
macro_rules! planted {
    ($fault:ident) => {{
        #[cfg(feature = "planted")]
        let planted = crate::planted::is(crate::planted::Planted::$fault);
        #[cfg(not(feature = "planted"))]
        let planted = false;
        planted
    }};
}

pub mod account;
mod apply;
pub mod approval;
pub mod comment;
pub mod entry;
pub mod hash;
pub mod id;
pub mod idea;
pub mod job;
pub mod link_tags;
pub mod media;
pub mod merge;
pub mod mutation;
pub mod network;
pub mod people;
#[cfg(feature = "planted")]
pub mod planted;
pub mod post;
pub mod queue;
pub mod record;
pub mod reject;
pub mod schedule;
pub mod scope;
pub mod series;
pub mod snippet;
pub mod team;
pub mod text;
pub mod video;

pub use apply::{Authority, Context, Step, apply, content_violations, inverse};
pub use mutation::Mutation;
pub use record::{Key, Record, WorkingSet, WriteSet};
pub use reject::Reject;
pub use scope::{Home, Scope};
