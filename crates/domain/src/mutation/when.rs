use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::schedule::Fold;

/// A wall-clock choice, before it is resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub local: DateTime,
    pub zone: String,
    #[serde(default)]
    pub fold: Fold,
}
