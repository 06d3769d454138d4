//! Scopes: what is granted to a member as a whole. Every record lies in exactly one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{BadId, PersonId, PersonaId, PostId};
use crate::post::Post;
use crate::record::Record;

/// A part of an organisation's records. As text `org`, `persona:<id>` or `person:<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// What every member sees: members, personas, accounts, files, ideas, the calendar, and content without a persona.
    Organisation,
    /// The content of a persona.
    Persona(PersonaId),
    /// What is a person's own.
    Person(PersonId),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation => f.write_str("org"),
            Self::Persona(id) => write!(f, "persona:{id}"),
            Self::Person(id) => write!(f, "person:{id}"),
        }
    }
}

impl FromStr for Scope {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        match text.split_once(':') {
            None if text == "org" => Ok(Self::Organisation),
            Some(("persona", id)) => id.parse().map(Self::Persona),
            Some(("person", id)) => id.parse().map(Self::Person),
            _ => Err(BadId),
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where the scope of a record comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// Its own.
    Scope(Scope),
    /// That of this post, wherever that goes.
    Post(PostId),
}

impl Scope {
    /// What speaks as a persona lies with it; what speaks as none is everybody's.
    pub const fn of(persona: Option<PersonaId>) -> Self {
        match persona {
            Some(persona) => Self::Persona(persona),
            None => Self::Organisation,
        }
    }
}

impl Post {
    pub const fn scope(&self) -> Scope {
        Scope::of(self.draft.persona)
    }
}

impl Record {
    pub const fn home(&self) -> Home {
        match self {
            Self::Organisation(_)
            | Self::Member(_)
            | Self::Persona(_)
            | Self::Account(_)
            | Self::Media(_)
            | Self::Idea(_)
            | Self::Board(_)
            | Self::Entry(_) => Home::Scope(Scope::Organisation),
            Self::Person(person) => Home::Scope(Scope::Person(person.id)),
            Self::Post(post) => Home::Scope(post.scope()),
            Self::Series(series) => Home::Scope(Scope::of(series.draft.persona)),
            Self::Queue(queue) => Home::Scope(Scope::of(queue.text.persona)),
            Self::Snippet(snippet) => Home::Scope(Scope::of(snippet.text.persona)),
            Self::Job(job) => Home::Post(job.post),
            Self::Comment(comment) => Home::Post(comment.post),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_scope_survives_its_text() {
        let id = Uuid::from_u128(7);
        for scope in [Scope::Organisation, Scope::Persona(PersonaId::new(id)), Scope::Person(PersonId::new(id))] {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
        for text in ["", "org:", "persona", "persona:7", "post:00000000-0000-0000-0000-000000000007"] {
            assert_eq!(text.parse::<Scope>(), Err(BadId), "{text}");
        }
    }
}
