//! Nothing typed is ever lost: the queue that stores every change, and its driver.

pub mod pipeline;
#[cfg(test)]
mod tests;

pub use pipeline::{Act, Choice, Event, Order, Pipeline, SaveState, wants_new_post};
