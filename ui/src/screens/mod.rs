//! One folder per screen.

pub mod accounts;
pub mod approvals;
pub mod calendar;
pub mod compose;
pub mod crop;
pub mod export;
pub mod ideas;
pub mod import;
pub mod library;
pub mod personas;
pub mod queues;
pub mod series;
pub mod settings;
pub mod snippets;
pub mod start_error;
pub mod team;
pub mod today;
pub mod vault;
pub mod welcome;
pub mod zones;
