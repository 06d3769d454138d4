//! The program without its window: `sendoff` as real processes, against real servers.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story fails by it")]
#![expect(clippy::indexing_slicing, reason = "a missing field of an answer fails the story")]

mod ada;
mod apart;
mod approvals;
mod bring;
mod by_hand;
mod cards;
mod changes;
mod comments;
mod crops;
mod entries;
mod exports;
mod films;
mod first_post;
mod holds;
mod hostile;
mod ideas;
mod imports;
mod killed;
mod languages;
mod library;
mod live;
mod mentions;
mod minute;
mod queues;
mod renewals;
mod repeats;
mod series;
mod sign_ins;
mod snippets;
mod teams;
mod threads;
mod trouble;
mod unsure;
mod versions;
mod way_back;
mod zones;
