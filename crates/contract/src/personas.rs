//! Personas: who speaks.

use domain::id::PersonaId;
use domain::people::{Persona, PersonaText};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonaView {
    pub persona: Persona,
    /// Posts that are written or waiting to go out.
    pub open_posts: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPersonas {}

/// Adds a persona (`persona: None`) or writes it anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavePersona {
    pub persona: Option<PersonaId>,
    pub text: PersonaText,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeletePersona {
    pub persona: PersonaId,
}
