//! Devices of several people and their server, the real ones, with a line between them that loses, repeats and interrupts, servers
//! that come back from a backup, and laptops that are copied, restored and ended at any moment. One number tells the whole story:
//! the same seed gives the same trace.
//!
//! Only where things end up is simulated: the server's store is memory, the desks' databases are real ones, and time is a figure.

mod approvals;
mod check;
mod desk;
mod line;
mod office;
mod random;
mod story;

pub use story::{Ended, Seen, run};
