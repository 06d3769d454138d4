//! What a whole request is refused with. The set is closed; a client acts by the code alone.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Fault {
    #[error("please sign in")]
    Unauthenticated,
    /// Also for an organisation that does not exist: nobody learns which.
    #[error("you have no access to this organisation")]
    AccessRevoked,
    #[error("this device was removed")]
    DeviceRevoked,
    /// Numbers are missing: send from `expected`.
    #[error("a change is missing before this one")]
    Gap { expected: u64 },
    /// Number `n` was used for something else, or by somebody else: the client takes a new identity.
    #[error("this copy of the data was continued elsewhere")]
    ForkDetected { n: u64 },
    /// The server was restored: start anew, and send again from `last_n` on.
    #[error("the server was restored")]
    EpochChanged { epoch: Uuid, last_n: u64 },
    /// What the client knows never was, or is no more, the history of the server.
    #[error("the history of the server is another one")]
    HistoryDiverged,
    #[error("this is too old to continue from")]
    CursorExpired,
    #[error("this is too large")]
    TooLarge { limit: u64 },
    /// `n`: the mutation; the client sets it aside and goes on without it.
    #[error("this is not understood")]
    Malformed { n: Option<u64>, place: String },
    #[error("this program is too old: please update it")]
    UpgradeRequired { min: u16 },
    #[error("too many requests at once")]
    Busy { retry_after_s: u32 },
    /// Nothing is known about the outcome: send the same again.
    #[error("the server cannot answer now")]
    Unavailable { retry_after_s: u32 },
}

impl Fault {
    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::AccessRevoked | Self::DeviceRevoked => 403,
            Self::Gap { .. } | Self::ForkDetected { .. } | Self::EpochChanged { .. } | Self::HistoryDiverged => 409,
            Self::CursorExpired => 410,
            Self::TooLarge { .. } => 413,
            Self::Malformed { .. } => 422,
            Self::UpgradeRequired { .. } => 426,
            Self::Busy { .. } => 429,
            Self::Unavailable { .. } => 503,
        }
    }
}

/// The body of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReply {
    #[serde(flatten)]
    pub fault: Fault,
    /// A sentence without anything secret.
    pub msg: String,
}

impl From<Fault> for ErrorReply {
    fn from(fault: Fault) -> Self {
        let msg = fault.to_string();
        Self { fault, msg }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_its_code_and_its_figures() {
        let reply = ErrorReply::from(Fault::Gap { expected: 7 });
        let json = serde_json::to_value(&reply).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"code": "gap", "expected": 7, "msg": "a change is missing before this one"})
        );
        assert_eq!(serde_json::from_value::<ErrorReply>(json).unwrap(), reply);
    }
}
