//! The profile on disk: one SQLite database, one writer, a few readers, and what happens when the disk does not play along.
//!
//! A change of state is one call of [`Store::mutate`]: the rule is asked inside the write transaction, so what it decided on
//! is what it is applied to. Everything else here reads. The domain record lies whole in each row as JSON; the columns
//! beside it serve indexes and lists.
//!
//! Nothing here decides anything: rules live in `domain`, use cases in `engine`.

mod error;
mod mutate;
mod open;
mod replica;
mod store;
mod table;
#[cfg(test)]
mod tests;
mod time;

pub use error::{Damage, OpenError, StoreError};
pub use mutate::{Commit, Committed, JobLogEntry, LogEntry};
pub use open::backup::{BACKUPS_KEPT, Backup, RESTORED};
pub use open::place::Warning;
pub use replica::{Answer, Attention, ConfirmedRow, Exit, Pending, PendingEntry, Pulled, PulledRow, Replica, Taken};
pub use store::Store;
pub use table::credential::Credential;
pub use table::media::UsingPost;
pub use table::mutation_log::{LoggedChange, LoggedMutation};
pub use table::post_list::found::FoundPost;
pub use table::post_list::{Cursor, Order, PostFilter, PostPage, PostRow};
pub use table::snippet::SnippetPart;
