//! When a post goes out.

pub mod choice;
pub mod zones;
