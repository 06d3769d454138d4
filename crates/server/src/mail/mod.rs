//! Mail: what is said, kept in the database until a mail server has taken it.

pub mod letter;
pub mod outbox;
mod post;

pub use letter::Letter;
pub use post::deliver;
