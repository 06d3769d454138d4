//! People by their names.

use domain::text::handle::{is_valid_handle, normalize_handle};
use egress::Request;
use jiff::Timestamp;
use serde::Deserialize;

use super::stored::Stored;
use super::{Bluesky, identity, xrpc};
use crate::adapter::Person;
use crate::error::CallError;

const LIMIT: usize = 8;

impl Bluesky {
    /// As the account's server passes the question on to its AppView; a server without one, or a sign-in that may not ask it,
    /// still tells whether somebody has exactly that name.
    ///
    /// Source: bluesky-social/atproto lexicons/app/bsky/actor/searchActorsTypeahead.json, read 2026-11.
    pub(super) async fn people(&self, stored: &Stored, typed: &str, now: Timestamp) -> Result<Vec<Person>, CallError> {
        match self.typeahead(stored, typed, now).await {
            Ok(people) => Ok(people),
            // not being allowed to ask is no reason to sign in again, and a server without an AppView fails in its own way
            Err(_) if !is_valid_handle(typed) => Ok(Vec::new()),
            Err(_) => {
                let there = self.resolve_handle(&stored.pds, typed, now).await?.is_some();
                let handle = normalize_handle(typed).filter(|_| there);
                Ok(handle.map(|handle| Person { handle, name: String::new() }).into_iter().collect())
            }
        }
    }

    async fn typeahead(&self, stored: &Stored, typed: &str, now: Timestamp) -> Result<Vec<Person>, CallError> {
        #[derive(Deserialize)]
        struct Answer {
            actors: Vec<Actor>,
        }
        #[derive(Deserialize)]
        struct Actor {
            handle: String,
            #[serde(default, rename = "displayName")]
            display_name: String,
        }
        let query = [("q", typed), ("limit", &LIMIT.to_string())];
        let url = xrpc::method(&stored.pds, "app.bsky.actor.searchActorsTypeahead", &query)?;
        let response = self.send_as(stored, ("GET", &url), Request::get(&url), now).await?;
        xrpc::judge(&response, now, stored).call()?;
        let answer: Answer = identity::read(&response)?;
        let person = |actor: Actor| {
            let handle = normalize_handle(&actor.handle).filter(|handle| handle != "handle.invalid")?;
            Some(Person { handle, name: actor.display_name.chars().take(640).collect() })
        };
        Ok(answer.actors.into_iter().take(LIMIT).filter_map(person).collect())
    }
}
