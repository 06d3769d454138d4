//! `POST /v1/orgs/{org}/push`: mutations of one client, in the order of their numbers.

use domain::{Mutation, Reject};
use jiff::Timestamp;
use serde::de::value::{MapDeserializer, StrDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::hash::{Digest, Digest16, mutation_hash};

/// Mutations of one push.
pub const MUTATIONS_MAX: usize = 256;

/// Bytes of the bodies of one push. A body alone may not be larger either.
pub const BODIES_MAX: usize = 1_000_000;

/// A point in the history of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    pub seq: u64,
    pub chain: Digest,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// One incarnation of a database: a copied or restored one takes a new id.
    pub client: Uuid,
    /// The history that the client knows; `None` before its first pull.
    pub epoch: Option<Uuid>,
    /// The last point that it pulled.
    pub base: Option<Base>,
    /// At most [`MUTATIONS_MAX`], with numbers that follow each other.
    pub mutations: Vec<Envelope>,
}

/// A mutation on its way. Its bytes are frozen once it was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// From 1, without gaps, per client.
    pub n: u64,
    /// Stays when a client takes a new id and numbers its mutations anew.
    pub mid: Uuid,
    /// The version of its kind: [`crate::MUTATION_VERSION`].
    pub v: u16,
    /// The clock of the device when the person did it. Shown, never compared.
    pub at: Timestamp,
    /// What belongs together for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Uuid>,
    /// [`Mutation`] as JSON; its kind is the field `mutation`.
    pub body: Box<RawValue>,
}

/// What an envelope holds, as far as this build can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    Known(Box<Mutation>),
    /// Written by a newer program: it is not refused, and waits with everything behind it until this end is renewed.
    Newer,
    /// Written by a program that is too old to be understood.
    Older,
    /// Of a kind that is known, and not as that kind is. The place is for a log of the developer.
    Malformed {
        place: String,
    },
}

#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(borrow)]
    mutation: std::borrow::Cow<'a, str>,
}

impl Envelope {
    /// Seals a mutation. The bytes of the body are made here, once.
    ///
    /// # Errors
    /// The mutation has no JSON form; none of today's mutations does that.
    pub fn seal(n: u64, mid: Uuid, at: Timestamp, mutation: &Mutation) -> Result<Self, serde_json::Error> {
        let body = serde_json::value::to_raw_value(mutation)?;
        Ok(Self { n, mid, v: crate::MUTATION_VERSION, at, group: None, body })
    }

    pub fn hash(&self) -> Digest16 {
        mutation_hash(self.mid, self.v, self.body.get())
    }

    pub fn open(&self) -> Opened {
        if self.v > crate::MUTATION_VERSION {
            return Opened::Newer;
        }
        if self.v < crate::MUTATION_VERSION_MIN {
            return Opened::Older;
        }
        match serde_json::from_str::<Mutation>(self.body.get()) {
            Ok(mutation) => Opened::Known(Box::new(mutation)),
            Err(error) => match serde_json::from_str::<Kind<'_>>(self.body.get()) {
                Ok(kind) if !is_known(&kind.mutation) => Opened::Newer,
                _ => Opened::Malformed { place: format!("line {} column {}", error.line(), error.column()) },
            },
        }
    }
}

/// This build has a mutation of that kind. Asks the enum itself, so that there is no second list of names.
pub fn is_known(kind: &str) -> bool {
    let fields = std::iter::once(("mutation", StrDeserializer::<Probe>::new(kind)));
    !matches!(Mutation::deserialize(MapDeserializer::new(fields)), Err(Probe::UnknownKind))
}

/// Tells an unknown variant from all other errors.
#[derive(Debug, thiserror::Error)]
enum Probe {
    #[error("unknown kind")]
    UnknownKind,
    #[error("something else")]
    Other,
}

impl serde::de::Error for Probe {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self::Other
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownKind
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub struct PushReply {
    pub epoch: Uuid,
    /// The last number of the organisation when this was written.
    pub head: u64,
    /// What is safe even if the server is lost: a client keeps what it sent until then.
    pub durable_seq: u64,
    pub server_time: Timestamp,
    /// The last number of this client that has a result.
    pub last_n: u64,
    /// In the order of the push, one for each mutation.
    pub results: Vec<Outcome>,
    /// The first that is to be sent again later was written by a newer program than the server: it waits until that is renewed.
    #[serde(default)]
    pub server_is_older: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub n: u64,
    #[serde(flatten)]
    pub answer: Answer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "s", rename_all = "snake_case")]
pub enum Answer {
    Applied {
        seq: u64,
    },
    Rejected {
        /// The name of the [`Reject`].
        code: String,
        /// A sentence without anything secret.
        msg: String,
        /// The [`Reject`] as JSON.
        detail: serde_json::Value,
    },
    /// Not decided: send it again later, with everything behind it.
    RetryLater,
}

impl Answer {
    pub fn rejected(reject: &Reject) -> Self {
        let detail = serde_json::to_value(reject).unwrap_or_default();
        let code = detail.get("reject").and_then(serde_json::Value::as_str).unwrap_or("rejected").to_owned();
        Self::Rejected { code, msg: reject.to_string(), detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(body: &str) -> Envelope {
        let json = format!(r#"{{"n":1,"mid":"{}","v":1,"at":"2026-11-30T12:00:00Z","body":{body}}}"#, Uuid::nil());
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn a_mutation_of_a_newer_program_waits_and_a_broken_one_is_told() {
        let known = envelope(r#"{"mutation":"leave"}"#);
        assert_eq!(known.open(), Opened::Known(Box::new(Mutation::Leave)));
        assert_eq!(envelope(r#"{"mutation":"teleport","to":1}"#).open(), Opened::Newer);
        assert_eq!(Envelope { v: 2, ..known.clone() }.open(), Opened::Newer);
        assert_eq!(Envelope { v: 0, ..known }.open(), Opened::Older);
        for broken in
            [r#"{"mutation":"delete_post"}"#, r#"{"mutation":7}"#, "7", r#"{"mutation":"delete_post","post":7}"#]
        {
            assert!(matches!(envelope(broken).open(), Opened::Malformed { .. }), "{broken}");
        }
    }

    #[test]
    fn the_bytes_of_a_body_stay_as_they_came() {
        let spaced = envelope("{ \"mutation\" :\t\"leave\" }");
        assert_eq!(spaced.body.get(), "{ \"mutation\" :\t\"leave\" }");
        assert_ne!(spaced.hash(), envelope(r#"{"mutation":"leave"}"#).hash());
        let again: Envelope = serde_json::from_str(&serde_json::to_string(&spaced).unwrap()).unwrap();
        assert_eq!(again.hash(), spaced.hash());
        assert_eq!(Envelope { n: 9, ..again }.hash(), spaced.hash(), "another number, the same mutation");
    }

    #[test]
    fn what_is_not_known_is_not_taken() {
        let json = r#"{"client":"00000000-0000-0000-0000-000000000000","epoch":null,"base":null,"mutations":[],"role":"owner"}"#;
        assert!(serde_json::from_str::<Push>(json).is_err());
    }

    #[test]
    fn an_answer_survives_its_json() {
        let answers =
            [Answer::Applied { seq: 7 }, Answer::rejected(&Reject::Stale { read: 1, current: 2 }), Answer::RetryLater];
        for (n, answer) in (1..).zip(answers) {
            let outcome = Outcome { n, answer };
            assert_eq!(serde_json::from_str::<Outcome>(&serde_json::to_string(&outcome).unwrap()).unwrap(), outcome);
        }
        let Answer::Rejected { code, .. } = Answer::rejected(&Reject::LastOwner) else { panic!() };
        assert_eq!(code, "last_owner");
    }
}
