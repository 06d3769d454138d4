//! What the post will look like on each network.

pub mod rich;
