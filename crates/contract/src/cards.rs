//! What stands below a text with a link.

use serde::{Deserialize, Serialize};

/// Reads the page behind a link and answers the card that it makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadCard {
    /// `http` or `https`, at most [`Card::URL_MAX`](domain::post::Card::URL_MAX) characters.
    pub url: String,
}
