//! Emoji by their names.

use serde::{Deserialize, Serialize};

/// Emoji that have all these words, in any language of the program; without words, those of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindEmoji {
    pub text: String,
    #[serde(default)]
    pub group: Option<EmojiGroup>,
    /// Names exactly these instead, at most [`FindEmoji::LIMIT_MAX`].
    #[serde(default)]
    pub only: Vec<String>,
    /// 1 to [`FindEmoji::LIMIT_MAX`].
    pub limit: u32,
}

impl FindEmoji {
    pub const LIMIT_MAX: u32 = 500;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmojiView {
    pub emoji: String,
    /// In the language of the program.
    pub name: String,
    pub group: EmojiGroup,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmojiGroup {
    Smileys,
    People,
    Nature,
    Food,
    Travel,
    Activities,
    Objects,
    Symbols,
    Flags,
}

impl EmojiGroup {
    pub const ALL: [Self; 9] = [
        Self::Smileys,
        Self::People,
        Self::Nature,
        Self::Food,
        Self::Travel,
        Self::Activities,
        Self::Objects,
        Self::Symbols,
        Self::Flags,
    ];
}
