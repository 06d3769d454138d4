use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::event::Tag;

/// What a command does to what others see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Reads; its answer is out of date once one of these tags changes.
    Reads(&'static [Tag]),
    /// Changes something; these tags change.
    Writes(&'static [Tag]),
}

/// One command: the request type is the command, the reply follows from it.
pub trait Command: Serialize + DeserializeOwned + Send + 'static {
    type Reply: Serialize + DeserializeOwned + Send + 'static;
    /// The name on the wire, in snake case, unique.
    const NAME: &'static str;
    const ACCESS: Access;
}
