//! The ledger of an organisation: the half of sync that decides.
//!
//! Mutations come in by [`Ledger::push`], are judged by `domain::apply` in one order, and are on the disk when the call returns.
//! [`Ledger::pull`] tells what changed. Each organisation has a gap-free sequence, taken under a lock of its own; a chain of
//! hashes over it; and rows that lie in scopes. No HTTP, no clock: the time is the store's.
//!
//! What holds, and is tried by the tests of this crate on all three stores:
//! 1. Numbers are 1 to head without a gap, and whoever sees one sees all before it.
//! 2. A mutation is applied once, however often and under whatever number it comes.
//! 3. What was answered is stored; what was not answered may be, and a retry finds out.
//! 4. Who pulls to the end has exactly the rows of the scopes that they hold.

mod admission;
mod audit;
mod bootstrap;
mod commit;
mod committer;
mod cursor;
mod error;
mod hub;
mod ledger;
pub mod migrations;
mod pull;
mod quarantine;
pub mod store;

pub use audit::{Audit, Flaw, audit, replay};
pub use bootstrap::Bootstrap;
pub use commit::{Rules, Sealed};
pub use committer::Limits;
pub use error::StoreError;
pub use hub::Hub;
pub use ledger::{Admitted, Ledger};
