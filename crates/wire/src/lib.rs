//! The sync API between a desktop and the server: what travels, how large it may be, and what both ends hash alike.
//!
//! Everything is JSON. What comes in refuses fields that it does not know; what goes out may gain some. Ids are UUIDs as text,
//! hashes lower-case hexadecimal, instants RFC 3339 in UTC. Nothing here decides anything: `domain::apply` does.

pub mod bootstrap;
pub mod error;
pub mod hash;
pub mod live;
pub mod media;
pub mod proof;
pub mod pull;
pub mod push;
pub mod quarantine;

pub use error::{ErrorReply, Fault};
pub use hash::{Digest, Digest16};

/// The version of every kind of mutation that this build writes and understands ([`push::Envelope::v`]).
pub const MUTATION_VERSION: u16 = 1;

/// The oldest version that is still understood.
pub const MUTATION_VERSION_MIN: u16 = 1;
