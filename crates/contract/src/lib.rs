//! The contract between the interface, the command line and the engine: every command once, in one table.
//!
//! [`commands!`] is that table. Both ends expand it: the engine to dispatch, the shell to grant, the command line to list.
//! A row without a handler does not compile; nothing else registers a command.

pub mod accounts;
pub mod approvals;
pub mod calendar;
pub mod cards;
pub mod changes;
mod command;
pub mod comments;
pub mod emoji;
pub mod entries;
mod error;
mod event;
pub mod export;
pub mod ideas;
pub mod import;
pub mod library;
pub mod many;
pub mod people;
pub mod personas;
pub mod posts;
pub mod program;
pub mod publishing;
pub mod queues;
pub mod series;
pub mod snippets;
mod table;
pub mod teams;
pub mod vault;
pub mod videos;
pub mod zones;

pub use command::{Access, Command};
pub use error::{ApiError, BadFile, Code};
pub use event::{Changed, Event, Origin, Tag};
pub use table::{Row, TABLE};
