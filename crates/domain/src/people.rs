//! Who writes (people) and who speaks (personas).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, PersonId, PersonaId};
use crate::link_tags::LinkTags;

/// A person who uses the program on this profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub created_at: Timestamp,
}

/// Which of eight fixed colours marks a persona. The value of each colour belongs to the theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonaColor {
    #[default]
    Clay,
    Fern,
    Iris,
    Sea,
    Sun,
    Rose,
    Slate,
    Plum,
}

impl PersonaColor {
    pub const ALL: [Self; 8] =
        [Self::Clay, Self::Fern, Self::Iris, Self::Sea, Self::Sun, Self::Rose, Self::Slate, Self::Plum];

    pub const fn wire(self) -> &'static str {
        match self {
            Self::Clay => "clay",
            Self::Fern => "fern",
            Self::Iris => "iris",
            Self::Sea => "sea",
            Self::Sun => "sun",
            Self::Rose => "rose",
            Self::Slate => "slate",
            Self::Plum => "plum",
        }
    }
}

/// Everything a person may write about a persona.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonaText {
    /// At most [`Persona::NAME_MAX`] characters, not blank.
    pub name: String,
    pub color: PersonaColor,
    /// How this persona speaks. At most [`Persona::NOTES_MAX`] characters.
    pub voice: String,
    /// To whom. At most [`Persona::NOTES_MAX`] characters.
    pub audience: String,
    /// Where it speaks, in the order in which it was added, without repeats.
    pub accounts: Vec<AccountId>,
    /// What the links of its posts tell about where a reader came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_tags: Option<LinkTags>,
}

/// Says who speaks, to whom and in which voice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    pub id: PersonaId,
    pub text: PersonaText,
    pub deleted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Persona {
    pub const NAME_MAX: usize = 80;
    pub const NOTES_MAX: usize = 8_000;
    pub const ACCOUNTS_MAX: usize = 100;
}
