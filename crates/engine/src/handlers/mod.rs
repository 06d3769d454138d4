//! The handlers, one file per part of the contract.

mod accounts;
mod cards;
mod changes;
mod comments;
mod emoji;
mod entries;
mod export;
mod ideas;
mod import;
pub(crate) mod library;
mod many;
mod members;
mod people;
mod personas;
mod posts;
mod program;
mod publishing;
mod queues;
mod reading;
mod repeats;
mod series;
mod snippets;
mod teams;
mod vault;
mod versions;
mod videos;
mod zones;
